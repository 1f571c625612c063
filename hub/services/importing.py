"""A file taken into the register: first a plan of all that would change, with every wrong line, then one transaction.

1. Lines come with their numbers and drafts, the names in them (areas, clinics, helpers) as people write them.
2. A plan looks each name up, lays the draft over the entry that is there, and applies the same rules as a form.
3. Any fault, and nothing is written. Otherwise all of the plan is, at once.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Generic, Protocol, TypeVar

import msgspec

from hub.domain.areas import Area
from hub.domain.entries import DeviceEntry, Draft, written
from hub.domain.errors import Fault, Invalid
from hub.domain.register import Clinic, Person
from hub.domain.residents import ResidentRecord

Likeness = tuple[str | int | None, ...]
"""What two lines or entries have in common when they are one and the same."""
R = TypeVar("R", ResidentRecord, Area, Person, Clinic, DeviceEntry)


class Line(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One line of a file, as it is numbered there: what it says, and what in it could not be read at all."""

    number: int
    draft: Draft
    faults: tuple[Fault, ...] = ()


class LineFault(msgspec.Struct, frozen=True, gc=False):
    """What is wrong in one line."""

    line: int
    fault: Fault


class Plan(msgspec.Struct, Generic[R], frozen=True, kw_only=True):
    """What a file would change. New entries without an id of their own have none yet.

    `staged`: how many more are new, written already under the mark `mark` (hub.services.import_staging).
    """

    added: tuple[R, ...]
    changed: tuple[R, ...]
    unchanged: int
    faults: tuple[LineFault, ...]
    staged: int = 0
    mark: int = 0

    @property
    def digest(self) -> str:
        """Equal for plans that change the same in the same way: what was shown is what is done."""
        seen = hashlib.sha256()
        for entries in (self.added, self.changed):
            for (
                one
            ) in entries:  # piece by piece: one call would hold the interpreter for as long as all of it
                seen.update(msgspec.json.encode(one))
            seen.update(b"\n")
        return seen.hexdigest()


class ImportWrong(Invalid):
    """Lines of a file are wrong, each named; nothing was written."""

    def __init__(self, faults: Sequence[LineFault]) -> None:
        super().__init__("import-wrong", count=len({one.line for one in faults}))
        self.faults = tuple(faults)


class Rules(Protocol[R]):
    """What one kind of entry asks of its lines. `blank` is a new one; `there` are those the asker may change."""

    @property
    def blank(self) -> R: ...
    @property
    def there(self) -> Mapping[str, R]: ...
    def id_of(self, entry: R) -> str: ...
    def resolved(self, entry: R, draft: Draft) -> tuple[R, Sequence[Fault]]: ...
    def faults(self, entry: R) -> Iterable[Fault]: ...
    def likeness(self, entry: R) -> Likeness: ...


def plan(lines: Sequence[Line], rules: Rules[R]) -> Plan[R]:
    """What `lines` would change. Every line is looked at, whatever is wrong with those before it."""
    added: list[R] = []
    changed: list[R] = []
    unchanged = 0
    faults: list[LineFault] = []
    twins = Twins({rules.likeness(entry): id_ for id_, entry in rules.there.items()})
    for line in lines:
        before, entry, wrong = _looked_at(line, rules)
        is_new = before is rules.blank
        wrong += twins.of(line.number, rules.id_of(entry), rules.likeness(entry), is_new=is_new)
        faults += [LineFault(line.number, fault) for fault in wrong]
        if is_new:
            added.append(entry)
        elif entry != before:
            changed.append(entry)
        else:
            unchanged += 1
    return Plan(added=tuple(added), changed=tuple(changed), unchanged=unchanged, faults=tuple(faults))


def _looked_at(line: Line, rules: Rules[R]) -> tuple[R, R, list[Fault]]:
    """The entry as it is, as it would become, and all that is wrong with that: one sentence for each field."""
    before = rules.there.get(rules.id_of(written(rules.blank, line.draft)), rules.blank)
    resolved: tuple[R, Sequence[Fault]] = rules.resolved(written(before, line.draft), line.draft)
    wrong = [*line.faults, *resolved[1]]
    named = {fault.field for fault in wrong}
    wrong += [fault for fault in rules.faults(resolved[0]) if fault.field not in named]
    return before, resolved[0], wrong


def require_right(made: Plan[R]) -> Plan[R]:
    """`made`; ImportWrong when a line of it is wrong."""
    if made.faults:
        raise ImportWrong(made.faults)
    return made


class Twins:
    """Finds lines that are one entry twice, and new ones that the register (likeness → id) has already."""

    def __init__(self, there: Mapping[Likeness, str]) -> None:
        self._there = there
        self._lines: dict[Likeness, int] = {}

    def of(self, number: int, id_: str, likeness: Likeness, *, is_new: bool) -> Iterator[Fault]:
        """The fault of a line that says what another said."""
        first = self._lines.setdefault((id_,) if id_ else likeness, number)
        if first != number:
            yield Fault("", "entry-twice", {"line": first})
        elif is_new and not id_ and likeness in self._there:
            yield Fault("", "entry-there", {"value": self._there[likeness]})
