"""Duty rosters: shifts by RRULE in local time, and the changes of single hours. Times are Unix ms UTC."""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from broadcast.domain.recurrence import Rule
from broadcast.errors import RequestError
from hub.domain.entries import PHONE_RE
from hub.domain.errors import Fault

DAY_MS: Final = 86_400_000
LONGEST_MINUTES: Final = 24 * 60
MOST_SHIFTS, MOST_CHANGES, MOST_PEOPLE, NAME_LIMIT = 40, 400, 60, 80
_LOCAL: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d")


class Shift(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A shift that comes again: from local time `start` on by `rrule`, `minutes` long by the clock on the wall, so that
    it ends at its hour also in the night in which the clocks change. `people` and `leader`
    (带班领导, who supervises it) are ids of users; `phone` is where the leader is told."""

    name: str
    start: str
    rrule: str
    minutes: int
    people: tuple[str, ...]
    tz: str = "Asia/Shanghai"
    leader: str | None = None
    phone: str = ""


class Change(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """From `since` to `until`, `into` stands in for `out`, as far as those are on duty then. Without `out` they come
    besides; without `into` nobody replaces them. A swap is two of these."""

    since: int
    until: int
    out: str | None = None
    into: str | None = None


class Roster(msgspec.Struct, frozen=True, kw_only=True):
    """The roster of one place: `place` is its ring target (`center:<area>` or `clinic:<id>`)."""

    id: str
    place: str
    area: str
    clinic: str | None
    name: str
    shifts: tuple[Shift, ...]
    changes: tuple[Change, ...] = ()

    def names(self, user: str) -> bool:
        """Whether `user` leads one of its shifts."""
        return any(shift.leader == user for shift in self.shifts)

    @property
    def is_led(self) -> bool:
        """Whether any shift names who leads it."""
        return any(shift.leader for shift in self.shifts)


class Duty(msgspec.Struct, frozen=True, kw_only=True):
    """Who is on duty from `since` to `until`."""

    since: int
    until: int
    people: tuple[str, ...] = ()
    leader: str | None = None
    phone: str = ""

    @property
    def everybody(self) -> frozenset[str]:
        """Those of the shift and who leads it."""
        return frozenset(self.people) | ({self.leader} if self.leader else frozenset[str]())


class Double(msgspec.Struct, frozen=True, kw_only=True):
    """One person on duty at two places at once."""

    user: str
    since: int
    until: int
    places: tuple[str, ...]


class Slot(msgspec.Struct, frozen=True):
    """One firing of a shift."""

    since: int
    until: int
    shift: Shift


def duty(roster: Roster, at: int) -> Duty:
    """Who is on duty at `at`."""
    return spans(roster, at, at + 1)[0]


def spans(roster: Roster, since: int, until: int) -> list[Duty]:
    """[since, until) cut where somebody comes or goes, without a hole; hours with nobody have no people."""
    slots = [slot for shift in roster.shifts for slot in _slots(shift, since, until)]
    changes = [one for one in roster.changes if one.since < until and one.until > since]
    cuts = {since, until}
    for slot in slots:
        cuts |= {slot.since, slot.until}
    for change in changes:
        cuts |= {change.since, change.until}
    edges = sorted(cut for cut in cuts if since <= cut <= until)
    return _joined(_duty(slots, changes, begin, end) for begin, end in pairwise(edges))


def gaps(roster: Roster, since: int, until: int) -> list[Duty]:
    """The hours in [since, until) with nobody on duty."""
    return [span for span in spans(roster, since, until) if not span.everybody]


def doubles(found: Sequence[Roster], since: int, until: int) -> list[Double]:
    """Who stands on duty at two places at once; the supervisor of several shifts is no such case."""
    hours: dict[str, list[tuple[int, int, str]]] = {}
    for roster in found:
        for span in spans(roster, since, until):
            for user in span.people:
                hours.setdefault(user, []).append((span.since, span.until, roster.place))
    return [double for user in sorted(hours) for double in _overlaps(user, sorted(hours[user]))]


def roster_faults(name: str, shifts: Sequence[Shift], changes: Sequence[Change]) -> Iterator[Fault]:
    """All that is wrong with a roster to be, but for the people it names."""
    if not name.strip() or len(name) > NAME_LIMIT or not name.isprintable():
        yield Fault("name", "roster-name", {"limit": NAME_LIMIT})
    if not shifts or not any(shift.people for shift in shifts):
        yield Fault("shifts", "roster-nobody", {})
    if len(shifts) > MOST_SHIFTS or len(changes) > MOST_CHANGES:
        yield Fault("shifts", "roster-long", {"shifts": MOST_SHIFTS, "changes": MOST_CHANGES})
        return
    for number, shift in enumerate(shifts, start=1):
        yield from (
            Fault(f"shifts.{number}", code, {"shift": number, **more}) for code, more in _wrong(shift)
        )
    for number, change in enumerate(changes, start=1):
        if change.since >= change.until or change.until - change.since > 60 * DAY_MS:
            yield Fault(f"changes.{number}", "roster-change-time", {"change": number})
        if change.out is None and change.into is None:
            yield Fault(f"changes.{number}", "roster-change-nobody", {"change": number})


def _wrong(shift: Shift) -> Iterator[tuple[str, dict[str, str | int]]]:
    if not shift.name.strip() or len(shift.name) > NAME_LIMIT:
        yield "shift-name", {"limit": NAME_LIMIT}
    if not shift.people or len(shift.people) > MOST_PEOPLE:
        yield "shift-nobody", {"limit": MOST_PEOPLE}
    if not 1 <= shift.minutes <= LONGEST_MINUTES:
        yield "shift-length", {"hours": LONGEST_MINUTES // 60}
    if shift.phone and not PHONE_RE.fullmatch(shift.phone):
        yield "shift-phone", {"value": shift.phone[:40]}
    try:
        zone = ZoneInfo(shift.tz)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        yield "shift-zone", {"value": shift.tz[:40]}
        return
    start = _local(shift.start)
    if start is None:
        yield "shift-start", {"value": shift.start[:40]}
        return
    try:
        Rule(shift.rrule, start, zone).check()
    except RequestError:
        yield "shift-rule", {"value": shift.rrule[:80]}


def _local(text: str) -> datetime | None:
    if not _LOCAL.fullmatch(text):
        return None
    try:
        return datetime.strptime(text, "%Y-%m-%dT%H:%M")  # noqa: DTZ007 -- local by intent
    except ValueError:
        return None


def _slots(shift: Shift, since: int, until: int) -> Iterator[Slot]:
    length = timedelta(minutes=shift.minutes)
    for begin, end in _rule(shift.rrule, shift.start, shift.tz).stretches(since, until, length):
        yield Slot(begin, end, shift)


@lru_cache(512)
def _rule(text: str, start: str, zone: str) -> Rule:
    first = _local(start)
    assert first is not None  # noqa: S101 -- roster_faults has let it pass
    return Rule(text, first, ZoneInfo(zone))


def _duty(slots: Sequence[Slot], changes: Sequence[Change], since: int, until: int) -> Duty:
    on = [slot.shift for slot in slots if slot.since <= since and slot.until >= until]
    now = [one for one in changes if one.since <= since and one.until >= until]
    people = dict.fromkeys(user for shift in on for user in shift.people)
    led = next((shift for shift in on if shift.leader), None)
    leader, phone = (led.leader, led.phone) if led else (None, "")
    for change in now:
        leads, serves = change.out is not None and change.out == leader, change.out in people
        if leads:
            leader, phone = change.into, ""
        if serves and change.out is not None:
            del people[change.out]
        if change.into is not None and (serves or change.out is None):
            people[change.into] = None
    return Duty(since=since, until=until, people=tuple(people), leader=leader, phone=phone)


def _joined(found: Iterable[Duty]) -> list[Duty]:
    """Neighbours with the same people are one."""
    joined: list[Duty] = []
    for span in found:
        last = joined[-1] if joined else None
        if last is not None and (last.people, last.leader, last.phone) == (
            span.people,
            span.leader,
            span.phone,
        ):
            joined[-1] = msgspec.structs.replace(last, until=span.until)
        else:
            joined.append(span)
    return joined


def _overlaps(user: str, hours: Sequence[tuple[int, int, str]]) -> Iterator[Double]:
    for number, (_, until, place) in enumerate(hours):
        for begin, end, other in hours[number + 1 :]:
            if begin < until and other != place:
                yield Double(user=user, since=begin, until=min(until, end), places=(place, other))
