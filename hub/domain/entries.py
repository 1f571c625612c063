"""What may be written into the register: one set of rules for forms, programs and imported lines.

A draft says what is to be different; what it leaves UNSET stays. The rules look at the record that would come of it.
"""

import re
from collections.abc import Iterator
from typing import Final, TypeVar

import msgspec
from msgspec import UNSET, UnsetType

from devices.errors import IdError
from devices.ids import area_level, check_device_id, names_many, parent_of
from devices.topics import DeviceKind
from hub.domain.areas import Area
from hub.domain.errors import Fault
from hub.domain.register import Clinic, Person
from hub.domain.residents import Relative, Resident, ResidentRecord, Whereabouts

ID_RE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,31}")
PHONE_RE: Final = re.compile(r"[0-9+(][0-9+()\-\u8f6c,# ]{2,38}")  # \u8f6c: the extension follows
OLDEST_YEAR: Final = 1890
FEMALE, MALE = "女", "男"  # as registers of the county write it
SEXES: Final = ("", FEMALE, MALE)
STATUSES: Final = tuple(one.value for one in Whereabouts)
PERSON_KINDS: Final = ("doctor", "grid_worker")
DEVICE_KINDS: Final = tuple(one.value for one in DeviceKind)
MAX_CONTACTS: Final = 20
NAME, LINE, TEXT = 80, 200, 2_000
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffd\ufffe\uffff]")
_LIMITS: Final = {
    "name": NAME, "address": LINE, "landmark": LINE, "meets_ambulance": LINE, "way_in": TEXT, "conditions": TEXT,
}  # fmt: skip


class ResidentDraft(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """A resident to be, or changes of one. `area`, `clinic`, `doctor` and `grid_worker` are ids; None: none."""

    id: str | UnsetType = UNSET
    name: str | UnsetType = UNSET
    sex: str | UnsetType = UNSET
    born: int | UnsetType | None = UNSET
    area: str | UnsetType = UNSET
    address: str | UnsetType = UNSET
    phone: str | UnsetType = UNSET
    contacts: tuple[Relative, ...] | UnsetType = UNSET
    way_in: str | UnsetType = UNSET
    landmark: str | UnsetType = UNSET
    meets_ambulance: str | UnsetType = UNSET
    conditions: str | UnsetType = UNSET
    clinic: str | UnsetType | None = UNSET
    doctor: str | UnsetType | None = UNSET
    grid_worker: str | UnsetType | None = UNSET
    lat: float | UnsetType | None = UNSET
    lon: float | UnsetType | None = UNSET
    status: str | UnsetType = UNSET


class AreaDraft(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An area to be, or changes of one."""

    code: str | UnsetType = UNSET
    name: str | UnsetType = UNSET
    lat: float | UnsetType | None = UNSET
    lon: float | UnsetType | None = UNSET


class PersonDraft(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A village doctor or grid worker to be, or changes of one."""

    id: str | UnsetType = UNSET
    kind: str | UnsetType = UNSET
    name: str | UnsetType = UNSET
    area: str | UnsetType = UNSET
    phone: str | UnsetType = UNSET


class ClinicDraft(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A clinic to be, or changes of one."""

    id: str | UnsetType = UNSET
    name: str | UnsetType = UNSET
    area: str | UnsetType = UNSET
    phone: str | UnsetType = UNSET


class DeviceDraft(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A device to be, or changes of one. `area` and `resident` are ids; None: none."""

    id: str | UnsetType = UNSET
    kind: str | UnsetType = UNSET
    model: str | UnsetType = UNSET
    area: str | UnsetType | None = UNSET
    resident: str | UnsetType | None = UNSET


class DeviceEntry(msgspec.Struct, frozen=True, kw_only=True):
    """A device as a line of a file has it."""

    id: str
    kind: str
    model: str = ""
    area: str | None = None
    resident: str | None = None


Draft = ResidentDraft | AreaDraft | PersonDraft | ClinicDraft | DeviceDraft
Entry = ResidentRecord | Area | Person | Clinic | DeviceEntry
E = TypeVar("E", ResidentRecord, Area, Person, Clinic, DeviceEntry)
NO_RESIDENT: Final = ResidentRecord(id="", name="", area="", address="")
NO_PERSON: Final = Person(id="", kind="", name="", area="")
NO_CLINIC: Final = Clinic(id="", name="", area="")
NO_DEVICE: Final = DeviceEntry(id="", kind="")
NO_AREA: Final = Area(code="", name="", level="", parent=None)


def written(before: E, draft: Draft) -> E:
    """What `before` becomes by `draft`."""
    said = {name: value for name in draft.__struct_fields__ if (value := getattr(draft, name)) is not UNSET}
    return msgspec.structs.replace(before, **said)


def placed(area: Area) -> Area:
    """`area` with level and parent as its code has them; unchanged when the code is none."""
    try:
        return msgspec.structs.replace(area, level=area_level(area.code).value, parent=parent_of(area.code))
    except IdError:
        return area


def changed_fields(before: Entry, after: Entry) -> tuple[str, ...]:
    """The names of what is different."""
    names = after.__struct_fields__
    return tuple(name for name in names if getattr(before, name, UNSET) != getattr(after, name))


def resident_faults(record: ResidentRecord, year: int) -> Iterator[Fault]:
    """All that is wrong with `record`, in `year`, but for what it refers to."""
    yield from _id(record.id)
    yield from _required("name", record.name)
    yield from _required("area", record.area)
    for field, limit in _LIMITS.items():
        yield from _text(field, getattr(record, field), limit)
    yield from _phone("phone", record.phone)
    if record.sex not in SEXES:
        yield Fault("sex", "entry-sex", {"value": record.sex[:LINE]})
    if record.born is not None and not OLDEST_YEAR <= record.born <= year:
        yield Fault("born", "entry-born", {"value": str(record.born), "year": year})
    if record.status not in STATUSES:
        yield Fault("status", "entry-status", {"value": record.status[:LINE]})
    yield from _position(record)
    yield from _contacts(record.contacts)


def person_faults(person: Person) -> Iterator[Fault]:
    """All that is wrong with `person`, but for the area."""
    if person.kind not in PERSON_KINDS:
        yield Fault("kind", "entry-kind", {"value": person.kind[:LINE]})
    yield from _helper(person)


def clinic_faults(clinic: Clinic) -> Iterator[Fault]:
    """All that is wrong with `clinic`, but for the area."""
    yield from _helper(clinic)


def area_faults(area: Area) -> Iterator[Fault]:
    """All that is wrong with `area`, but whether its parent is there."""
    try:
        area_level(area.code)
    except IdError:
        yield Fault("code", "entry-code", {"value": area.code[:LINE]})
    yield from _required("name", area.name)
    yield from _text("name", area.name, NAME)
    yield from _position(area)


def device_faults(device: DeviceEntry) -> Iterator[Fault]:
    """All that is wrong with `device`, but for what it refers to."""
    try:
        check_device_id(device.id)
    except IdError:
        missing = not device.id.strip()
        yield (
            Fault("id", "entry-missing")
            if missing
            else Fault("id", "entry-device-id", {"value": device.id[:LINE]})
        )
    if device.kind not in DEVICE_KINDS:
        yield Fault("kind", "entry-device-kind", {"value": device.kind[:LINE]})
    elif device.kind == DeviceKind.LOUDSPEAKER and names_many(device.id):
        yield Fault("id", "entry-device-zone", {"value": device.id})
    yield from _text("model", device.model, NAME)
    if device.area is None and device.resident is None:
        yield Fault("area", "entry-device-place")


def _helper(one: Person | Clinic) -> Iterator[Fault]:
    yield from _id(one.id)
    yield from _required("name", one.name)
    yield from _required("area", one.area)
    yield from _text("name", one.name, NAME)
    yield from _phone("phone", one.phone)


def _contacts(contacts: tuple[Relative, ...]) -> Iterator[Fault]:
    if len(contacts) > MAX_CONTACTS:
        yield Fault("contacts", "entry-contacts-many", {"limit": MAX_CONTACTS})
    for one in contacts:
        if not one.name or not PHONE_RE.fullmatch(one.phone):
            told = " ".join(word for word in (one.relation, one.name, one.phone) if word)
            yield Fault("contacts", "entry-contact-half", {"value": told[:LINE]})
        yield from _text("contacts", one.name, NAME)
        yield from _text("contacts", one.relation, 40)


def _id(id_: str) -> Iterator[Fault]:
    if id_ and not ID_RE.fullmatch(id_):  # none: the hub gives one
        yield Fault("id", "entry-id", {"value": id_[:LINE]})


def _required(field: str, value: str) -> Iterator[Fault]:
    if not value.strip():
        yield Fault(field, "entry-missing")


def _text(field: str, value: str, limit: int) -> Iterator[Fault]:
    if len(value) > limit:
        yield Fault(field, "entry-long", {"limit": limit})
    if _CONTROL.search(value) or (limit < TEXT and "\n" in value):
        yield Fault(field, "entry-control")


def _phone(field: str, value: str) -> Iterator[Fault]:
    if value and not PHONE_RE.fullmatch(value):
        yield Fault(field, "entry-phone", {"value": value[:LINE]})


def _position(at: Resident | Area) -> Iterator[Fault]:
    if (at.lat is None) != (at.lon is None):
        yield Fault("lon" if at.lon is None else "lat", "entry-half-position")
    for field, value, most in (("lat", at.lat, 90.0), ("lon", at.lon, 180.0)):
        if value is not None and not -most <= value <= most:  # NaN fails it too
            yield Fault(field, "entry-position", {"value": str(value), "most": int(most)})
