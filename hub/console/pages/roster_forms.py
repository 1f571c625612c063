"""The form of a roster: shifts by weekday and hour, and the changes of single hours, read back as they are kept."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final, TypeVar

import msgspec
from fastapi import Request

from hub.console.pages.times import BEIJING
from hub.domain.errors import Fault, Faulty
from hub.domain.rosters import MOST_CHANGES, MOST_SHIFTS, Change, Roster, Shift
from hub.services.rostering import RosterChange

WEEKDAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
SPARE_SHIFTS, SPARE_CHANGES, LONGEST = 1, 2, 300
DAY_MINUTES: Final = 24 * 60
_WEEKLY: Final = re.compile(r"FREQ=WEEKLY;BYDAY=((?:MO|TU|WE|TH|FR|SA|SU)(?:,(?:MO|TU|WE|TH|FR|SA|SU))*)")
_CLOCK: Final = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


class ShiftRow(msgspec.Struct, frozen=True, kw_only=True):
    """A shift as it was typed; `rule` is kept as it is when the days of the week cannot say it."""

    name: str = ""
    days: tuple[str, ...] = ()
    begins: str = ""
    ends: str = ""
    people: tuple[str, ...] = ()
    leader: str = ""
    phone: str = ""
    rule: str = ""
    first: str = ""
    tz: str = "Asia/Shanghai"

    @property
    def is_empty(self) -> bool:
        """Nothing was typed into it."""
        return not (self.name or self.people or self.begins or self.ends)


class ChangeRow(msgspec.Struct, frozen=True, kw_only=True):
    """A change as it was typed."""

    since: str = ""
    until: str = ""
    out: str = ""
    into: str = ""

    @property
    def is_empty(self) -> bool:
        """Nothing was typed into it."""
        return not (self.since or self.until or self.out or self.into)


R = TypeVar("R", ShiftRow, ChangeRow)


class RosterTyped(msgspec.Struct, frozen=True, kw_only=True):
    """The whole form as it was typed."""

    place: str
    name: str
    shifts: tuple[ShiftRow, ...]
    changes: tuple[ChangeRow, ...]

    def change(self) -> RosterChange:
        """What it says. Faulty: a time that is none."""
        shifts = [(n, row) for n, row in enumerate(self.shifts, start=1) if not row.is_empty]
        changes = [(n, row) for n, row in enumerate(self.changes, start=1) if not row.is_empty]
        faults = [
            Fault(f"shifts.{n}", "shift-times", {"shift": n})
            for n, row in shifts
            if not (_CLOCK.fullmatch(row.begins) and _CLOCK.fullmatch(row.ends) and (row.days or row.rule))
        ]
        faults += [
            Fault(f"changes.{n}", "roster-change-time", {"change": n})
            for n, row in changes
            if _ms(row.since) is None or _ms(row.until) is None
        ]
        if faults:
            raise Faulty(faults)
        return RosterChange(
            name=self.name,
            shifts=tuple(_shift(row) for _, row in shifts),
            changes=tuple(_change(row) for _, row in changes),
        )


async def read_roster_form(request: Request) -> RosterTyped:
    """What was sent."""
    async with request.form(max_fields=20_000, max_files=0) as form:
        said = {name: [str(one).strip()[:LONGEST] for one in form.getlist(name)] for name in form}
    shifts = [_typed(said, f"shift-{n}-", ShiftRow) for n in range(MOST_SHIFTS + SPARE_SHIFTS)]
    changes = [_typed(said, f"change-{n}-", ChangeRow) for n in range(MOST_CHANGES + SPARE_CHANGES)]
    return _padded(_one(said, "place"), _one(said, "name"), shifts, changes)


def shown_roster(roster: Roster | None, place: str, name: str, now: int) -> RosterTyped:
    """A roster as its form shows it, without changes that are over; None: a day and a night to begin with."""
    if roster is None:
        first = datetime.fromtimestamp(now / 1000, BEIJING).strftime("%Y-%m-%d")
        hours = (("08:00", "20:00"), ("20:00", "08:00"))
        rows = [ShiftRow(days=WEEKDAYS, begins=begins, ends=ends, first=first) for begins, ends in hours]
        return RosterTyped(place=place, name=name, shifts=tuple(rows), changes=(ChangeRow(),) * SPARE_CHANGES)
    ahead = [_change_row(one) for one in roster.changes if one.until > now]
    return _padded(place, roster.name, [_shift_row(shift) for shift in roster.shifts], ahead)


def _padded(place: str, name: str, shifts: Sequence[ShiftRow], changes: Sequence[ChangeRow]) -> RosterTyped:
    used = [row for row in shifts if not row.is_empty]
    moved = [row for row in changes if not row.is_empty]
    return RosterTyped(
        place=place,
        name=name,
        shifts=(*used, *[ShiftRow(days=WEEKDAYS)] * SPARE_SHIFTS),
        changes=(*moved, *[ChangeRow()] * SPARE_CHANGES),
    )


def _typed(said: Mapping[str, Sequence[str]], prefix: str, kind: type[R]) -> R:
    many = ("days", "people")
    values = {
        name: tuple(said[prefix + name]) if name in many else _one(said, prefix + name)
        for name in kind.__struct_fields__
        if prefix + name in said
    }
    return msgspec.convert(values, kind)


def _one(said: Mapping[str, Sequence[str]], name: str) -> str:
    return said.get(name, ("",))[0]


def _shift(row: ShiftRow) -> Shift:
    begins, ends = _minutes(row.begins), _minutes(row.ends)
    days = [day for day in WEEKDAYS if day in row.days]
    rule = "FREQ=DAILY" if len(days) == len(WEEKDAYS) else f"FREQ=WEEKLY;BYDAY={','.join(days)}"
    return Shift(
        name=row.name,
        start=f"{row.first or '2026-01-01'}T{row.begins}",
        rrule=row.rule or rule,
        minutes=(ends - begins - 1) % DAY_MINUTES + 1,  # from eight to eight is a whole day
        people=row.people,
        tz=row.tz,
        leader=row.leader or None,
        phone=row.phone,
    )


def _shift_row(shift: Shift) -> ShiftRow:
    first, _, begins = shift.start.partition("T")
    weekly = _WEEKLY.fullmatch(shift.rrule)
    days = WEEKDAYS if shift.rrule == "FREQ=DAILY" else tuple(weekly[1].split(",")) if weekly else ()
    ends = (_minutes(begins) + shift.minutes) % DAY_MINUTES
    return ShiftRow(
        name=shift.name,
        days=days,
        begins=begins,
        ends=f"{ends // 60:02}:{ends % 60:02}",
        people=shift.people,
        leader=shift.leader or "",
        phone=shift.phone,
        rule="" if days else shift.rrule,
        first=first,
        tz=shift.tz,
    )


def _change(row: ChangeRow) -> Change:
    return Change(
        since=_ms(row.since) or 0, until=_ms(row.until) or 0, out=row.out or None, into=row.into or None
    )


def _change_row(change: Change) -> ChangeRow:
    return ChangeRow(
        since=_local(change.since), until=_local(change.until), out=change.out or "", into=change.into or ""
    )


def _minutes(clock: str) -> int:
    return int(clock[:2]) * 60 + int(clock[3:])


def _ms(text: str) -> int | None:
    try:
        return int(datetime.fromisoformat(text).replace(tzinfo=BEIJING).timestamp() * 1000)
    except ValueError:
        return None


def _local(at: int) -> str:
    return datetime.fromtimestamp(at / 1000, BEIJING).strftime("%Y-%m-%dT%H:%M")
