"""The four books of the register, as forms keep them: how an entry is found, written and taken out."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from hub.domain.entries import (
    NO_AREA,
    NO_CLINIC,
    NO_PERSON,
    NO_RESIDENT,
    AreaDraft,
    ClinicDraft,
    Draft,
    Entry,
    PersonDraft,
    ResidentDraft,
)
from hub.domain.people import User
from hub.ports import Reader, Transaction
from hub.services import areas, places, residents
from hub.sheets.messages import SheetKind

D = TypeVar("D", bound=Draft)


def _none(_read: Reader, _id: str) -> Sequence[str]:
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Book(Generic[D]):
    """One kind of entry. `home` is the page that lists it, `path` where its own pages begin."""

    kind: SheetKind
    home: str
    path: str
    draft: type[D]
    blank: Entry
    key: str
    unknown: str
    find: Callable[[Reader, str, str], Entry | None]
    add: Callable[[Transaction, D, User, int], Entry]
    change: Callable[[Transaction, str, D, User, int], Entry]
    remove: Callable[[Transaction, str, User, int], None]
    devices: Callable[[Reader, str], Sequence[str]] = _none

    def id_of(self, entry: Entry) -> str:
        """What names the entry in addresses."""
        return str(getattr(entry, self.key))


RESIDENTS: Final = Book(
    kind=SheetKind.RESIDENTS,
    home="/residents",
    path="/residents",
    draft=ResidentDraft,
    blank=NO_RESIDENT,
    key="id",
    unknown="resident-unknown",
    find=lambda read, id_, prefix: read.resident(id_, prefix),
    add=residents.add_resident,
    change=residents.change_resident,
    remove=residents.remove_resident,
    devices=lambda read, id_: read.devices_of([id_]).get(id_, ()),
)
AREAS: Final = Book(
    kind=SheetKind.AREAS,
    home="/areas",
    path="/areas",
    draft=AreaDraft,
    blank=NO_AREA,
    key="code",
    unknown="area-unknown",
    find=lambda read, code, prefix: next((one for one in read.areas(prefix) if one.code == code), None),
    add=areas.enter_area,
    change=areas.change_area,
    remove=areas.remove_area,
)
PEOPLE: Final = Book(
    kind=SheetKind.PEOPLE,
    home="/people",
    path="/people",
    draft=PersonDraft,
    blank=NO_PERSON,
    key="id",
    unknown="person-unknown",
    find=lambda read, id_, prefix: next((one for one in read.people(prefix) if one.id == id_), None),
    add=places.add_person,
    change=places.change_person,
    remove=places.remove_person,
)
CLINICS: Final = Book(
    kind=SheetKind.CLINICS,
    home="/people",
    path="/clinics",
    draft=ClinicDraft,
    blank=NO_CLINIC,
    key="id",
    unknown="clinic-unknown",
    find=lambda read, id_, prefix: next((one for one in read.clinics(prefix) if one.id == id_), None),
    add=places.add_clinic,
    change=places.change_clinic,
    remove=places.remove_clinic,
)
