"""The four kinds of files: what each asks of its lines, and how its plan is written."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import TypeVar

import msgspec
from msgspec import UNSET, UnsetType

from hub.domain.areas import Area
from hub.domain.entries import (
    NO_AREA,
    NO_CLINIC,
    NO_PERSON,
    NO_RESIDENT,
    Draft,
    area_faults,
    clinic_faults,
    person_faults,
    placed,
    resident_faults,
)
from hub.domain.errors import Conflict, Fault
from hub.domain.people import User, register_scope
from hub.domain.register import Clinic, Person
from hub.domain.residents import ResidentRecord
from hub.ports import Transaction
from hub.services.import_names import LOST_DIGITS, Known, Names
from hub.services.importing import Likeness, Line, Plan, R, require_right
from hub.services.keeping import require_keeper, tell_imported, year_of

N = TypeVar("N", ResidentRecord, Person, Clinic)  # those that the hub can give an id
Fields = dict[str, str | None]


class ResidentRules:
    """Residents: areas, clinics and helpers may be named as people name them."""

    blank = NO_RESIDENT

    def __init__(self, known: Known, residents: Iterable[ResidentRecord], now: int) -> None:
        self.there = {one.id: one for one in residents}
        self._names = Names(known)
        self._year = year_of(now)

    def id_of(self, entry: ResidentRecord) -> str:
        """As in the file; "" for a new one."""
        return entry.id

    def resolved(self, entry: ResidentRecord, draft: Draft) -> tuple[ResidentRecord, Sequence[Fault]]:
        """`entry` with ids for the names that `draft` brought."""
        found: Fields = {}
        faults: list[Fault] = []
        for field in ("area", "clinic", "doctor", "grid_worker"):
            text: str | UnsetType | None = getattr(draft, field, UNSET)
            if text is UNSET or not text:
                continue
            answer = self._look_up(field, text, found.get("area") or entry.area)
            if isinstance(answer, Fault):
                faults.append(answer)
                found[field] = text if field == "area" else None
            else:
                found[field] = answer
        return msgspec.structs.replace(entry, **found), faults

    def _look_up(self, field: str, text: str, area: str) -> str | Fault:
        if field == "area":
            return self._names.area(field, text)
        return self._names.clinic(text) if field == "clinic" else self._names.helper(field, text, area)

    def faults(self, entry: ResidentRecord) -> Iterable[Fault]:
        """As of a form."""
        return resident_faults(entry, self._year)

    def likeness(self, entry: ResidentRecord) -> Likeness:
        """Two people of one name, age and address are one."""
        return (entry.name, entry.area, entry.address, entry.born)


class PersonRules:
    """Village doctors and grid workers."""

    blank = NO_PERSON

    def __init__(self, known: Known) -> None:
        self.there = {one.id: one for one in known.people}
        self._names = Names(known)

    def id_of(self, entry: Person) -> str:
        """As in the file; "" for a new one."""
        return entry.id

    def resolved(self, entry: Person, draft: Draft) -> tuple[Person, Sequence[Fault]]:
        """`entry` with the code of its area."""
        area, faults = _area(self._names, draft, entry.area)
        return msgspec.structs.replace(entry, area=area), faults

    def faults(self, entry: Person) -> Iterator[Fault]:
        """As of a form, and that nobody becomes a helper of another kind under the same id."""
        yield from person_faults(entry)
        before = self.there.get(entry.id)
        if before is not None and before.kind != entry.kind:
            yield Fault("kind", "entry-kind-other", {"value": before.id})

    def likeness(self, entry: Person) -> Likeness:
        """Two of one kind, name and area are one."""
        return (entry.kind, entry.name, entry.area)


class ClinicRules:
    """Clinics."""

    blank = NO_CLINIC

    def __init__(self, known: Known) -> None:
        self.there = {one.id: one for one in known.clinics}
        self._names = Names(known)

    def id_of(self, entry: Clinic) -> str:
        """As in the file; "" for a new one."""
        return entry.id

    def resolved(self, entry: Clinic, draft: Draft) -> tuple[Clinic, Sequence[Fault]]:
        """`entry` with the code of its area."""
        area, faults = _area(self._names, draft, entry.area)
        return msgspec.structs.replace(entry, area=area), faults

    def faults(self, entry: Clinic) -> Iterable[Fault]:
        """As of a form."""
        return clinic_faults(entry)

    def likeness(self, entry: Clinic) -> Likeness:
        """Two of one name in one area are one."""
        return (entry.name, entry.area)


class AreaRules:
    """Areas: a parent stands in the register, or anywhere in the same file."""

    blank = NO_AREA

    def __init__(self, known: Known, lines: Sequence[Line], by: User) -> None:
        self.there = {one.code: one for one in known.areas}
        self._coming = {str(getattr(line.draft, "code", "")) for line in lines}
        self._mine = register_scope(by)

    def id_of(self, entry: Area) -> str:
        """The code."""
        return entry.code

    def resolved(self, entry: Area, _draft: Draft) -> tuple[Area, Sequence[Fault]]:
        """`entry` with level and parent, as its code has them."""
        if LOST_DIGITS.fullmatch(entry.code):
            return entry, [Fault("code", "entry-digits-lost", {"value": entry.code})]
        return placed(entry), ()

    def faults(self, entry: Area) -> Iterator[Fault]:
        """As of a form."""
        wrong = tuple(area_faults(entry))
        yield from wrong
        if any(fault.field == "code" for fault in wrong):
            return
        if not self._mine.sees(entry.code, None):
            yield Fault("code", "entry-code-elsewhere", {"value": entry.code})
        elif entry.parent is not None and entry.parent not in self.there.keys() | self._coming:
            yield Fault("code", "entry-parent", {"value": entry.parent})

    def likeness(self, entry: Area) -> Likeness:
        """Its code says all; one without a code is wrong already."""
        return (entry.code, entry.name)


def import_residents(tx: Transaction, plan: Plan[ResidentRecord], by: User, now: int) -> None:
    """Write all of `plan`. ImportWrong, Denied; Conflict import-stale: the register changed since it was made."""
    _begin(plan, by)
    require_new(tx, plan.added)
    require_known(tx, (*plan.added, *plan.changed))
    tx.residents.put([*with_ids(tx, plan.added, "r", now), *plan.changed])
    if plan.staged:
        tx.residents.show_staged(plan.mark)
    tell_imported(tx, "residents", len(plan.added) + plan.staged, len(plan.changed), by, now)


def require_known(tx: Transaction, records: Sequence[ResidentRecord]) -> None:
    """Conflict import-stale: what one of them refers to has gone since the plan was made."""
    _require_there(tx.places.area, {one.area for one in records})
    _require_there(tx.places.clinic, {one.clinic for one in records if one.clinic})
    _require_there(tx.places.person, {one.doctor for one in records if one.doctor})
    _require_there(tx.places.person, {one.grid_worker for one in records if one.grid_worker})


def require_new(tx: Transaction, records: Sequence[ResidentRecord]) -> None:
    """Conflict import-stale: the id of one of them has come into use since the plan was made."""
    if any(tx.residents.kept([one.id for one in records if one.id]).values()):
        raise Conflict("import-stale")


def import_people(tx: Transaction, plan: Plan[Person], by: User, now: int) -> None:
    """As `import_residents`."""
    _begin(plan, by)
    _require_there(tx.places.area, {one.area for one in (*plan.added, *plan.changed)})
    _require_new(tx.places.person, (one.id for one in plan.added))
    tx.places.put_people([*with_ids(tx, plan.added, "p", now), *plan.changed])
    tell_imported(tx, "people", len(plan.added), len(plan.changed), by, now)


def import_clinics(tx: Transaction, plan: Plan[Clinic], by: User, now: int) -> None:
    """As `import_residents`."""
    _begin(plan, by)
    _require_there(tx.places.area, {one.area for one in (*plan.added, *plan.changed)})
    _require_new(tx.places.clinic, (one.id for one in plan.added))
    tx.places.put_clinics([*with_ids(tx, plan.added, "clinic-", now), *plan.changed])
    tell_imported(tx, "clinics", len(plan.added), len(plan.changed), by, now)


def import_areas(tx: Transaction, plan: Plan[Area], by: User, now: int) -> None:
    """As `import_residents`; parents come first, as their codes sort."""
    _begin(plan, by)
    coming = {one.code for one in plan.added}
    _require_there(tx.places.area, {one.parent for one in plan.added if one.parent} - coming)
    _require_new(tx.places.area, coming)
    tx.places.put_areas(sorted((*plan.added, *plan.changed), key=lambda area: area.code))
    tell_imported(tx, "areas", len(plan.added), len(plan.changed), by, now)


def _area(names: Names, draft: Draft, before: str) -> tuple[str, Sequence[Fault]]:
    text = getattr(draft, "area", UNSET)
    if text is UNSET or not text:
        return before, ()
    answer = names.area("area", text)
    return (text, [answer]) if isinstance(answer, Fault) else (answer, ())


def _begin(plan: Plan[R], by: User) -> None:
    require_keeper(by)
    require_right(plan)


def _require_there(find: Callable[[str], object | None], ids: Collection[str]) -> None:
    if any(find(one) is None for one in ids):
        raise Conflict("import-stale")


def _require_new(find: Callable[[str], object | None], ids: Iterable[str]) -> None:
    if any(one and find(one) is not None for one in ids):
        raise Conflict("import-stale")


def with_ids(tx: Transaction, entries: Iterable[N], prefix: str, now: int) -> Iterator[N]:
    """`entries`, each with an id."""
    for one in entries:
        yield one if one.id else msgspec.structs.replace(one, id=tx.new_id(prefix, now))
