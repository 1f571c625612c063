"""RRULEs (RFC 5545, 3.3.10) in local time: read strictly, refused when they never fire or fire too often.

dateutil expands them. It searches for the first occurrence up to the year 9999, which for a rule that never
fires takes minutes; the Gregorian calendar repeats every 400 years to the weekday, so that question is asked
of the last 400 years it knows, which answers in half a second at worst.
"""

import contextlib
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from itertools import islice, pairwise, takewhile
from types import MappingProxyType
from typing import Final
from zoneinfo import ZoneInfo

from dateutil.rrule import rrule, rrulestr

from broadcast.errors import Problem, RequestError

SHORTEST_GAP: Final = timedelta(minutes=5)
LONGEST_RULE: Final = 300
_CYCLE_YEARS: Final = 400
_LOOKED_AT: Final = 400  # occurrences, and two years: any rhythm of a rule shows itself in those
_PARTS: Final = frozenset(
    {
        *("FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYSETPOS"),
        *("BYMONTH", "BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYDAY", "BYHOUR", "BYMINUTE"),
    }
)
_PART: Final = re.compile(r"([A-Z]+)=([A-Z0-9,+-]+)")
_UNTIL: Final = re.compile(r"\d{8}(T\d{6}Z?)?")
_COUNTED: Final = ("INTERVAL", "COUNT")
_NUMBERS: Final = MappingProxyType(
    {  # the least and the greatest; of days and weeks also counted from the end
        "INTERVAL": (0, 10**6), "COUNT": (0, 10**6), "BYMONTH": (1, 12), "BYMONTHDAY": (1, 31),
        "BYYEARDAY": (1, 366), "BYWEEKNO": (1, 53), "BYSETPOS": (1, 366), "BYHOUR": (0, 23), "BYMINUTE": (0, 59),
    }
)  # fmt: skip
_FROM_THE_END: Final = frozenset({"BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYSETPOS"})
_STEPS: Final = MappingProxyType(
    {
        "MINUTELY": timedelta(minutes=1), "HOURLY": timedelta(hours=1), "DAILY": timedelta(days=1),
        "WEEKLY": timedelta(weeks=1),
    }
)  # fmt: skip
_WITH: Final = MappingProxyType(
    {  # RFC 5545, 3.3.10; month and year days with hours or minutes would be searched for a minute of time
        "BYWEEKNO": ("YEARLY",),
        "BYYEARDAY": ("YEARLY",),
        "BYMONTHDAY": ("DAILY", "MONTHLY", "YEARLY"),
        "BYSETPOS": ("DAILY", "WEEKLY", "MONTHLY", "YEARLY"),
    }
)
_NUMBER: Final = re.compile(r"([+-]?)([0-9]{1,9})")
_DAY: Final = re.compile(r"(?:[+-]?([0-9]{1,2}))?(?:MO|TU|WE|TH|FR|SA|SU)")


class Rule:
    """One rule from its first moment on. Moments are naive local times of `zone`."""

    def __init__(self, text: str, start: datetime, zone: ZoneInfo, until: datetime | None = None) -> None:
        """RequestError: not a rule of ours (`rule-wrong`), none of its moments comes, or they come too often."""
        parts = _parts(text)
        ends = [end for end in (_end(parts.pop("UNTIL", None), zone), until) if end is not None]
        self._zone, self._start = zone, start
        self._until = min(ends, default=None)
        self._step = None if "COUNT" in parts else _step(parts)
        self._rule = _expanded(";".join(f"{name}={value}" for name, value in parts.items()), start)

    def check(self) -> None:
        """RequestError unless the rule fires at all, and no more often than every five minutes."""
        first = self._first()
        if first is None or (self._until is not None and first > self._until):
            raise RequestError(Problem.RULE_NEVER, field="rrule")
        horizon = first + timedelta(days=2 * 366)
        looked_at = islice(takewhile(lambda at: at < horizon, self._moments()), _LOOKED_AT)
        if any(later - earlier < SHORTEST_GAP for earlier, later in pairwise(looked_at)):
            minutes = int(SHORTEST_GAP.total_seconds() // 60)
            raise RequestError(Problem.RULE_OFTEN, field="rrule", minutes=minutes)

    def slots(self, after_ms: int, until_ms: int) -> list[int]:
        """The moments in (after, until], Unix ms, each once.

        A local time that the clocks skip counts by the offset before the change, one that comes twice is its
        first (RFC 5545, 3.3.5): that is what `fold=0` means to zoneinfo.
        """
        found = {self._ms(at) for at in self._between(after_ms, until_ms)}
        return sorted(at for at in found if after_ms < at <= until_ms)

    def stretches(self, since_ms: int, until_ms: int, length: timedelta) -> list[tuple[int, int]]:
        """What has part in [since, until) of the stretches that begin with a moment and end `length` later by the
        clock on the wall, as people go on and off duty; one that the clocks skip is none."""
        before = since_ms - int(length.total_seconds() * 1000)
        found = {(self._ms(at), self._ms(at + length)) for at in self._between(before, until_ms)}
        return sorted((begin, end) for begin, end in found if begin < min(end, until_ms) and end > since_ms)

    def _between(self, after_ms: int, until_ms: int) -> Iterator[datetime]:
        """The moments between, and those of a day before and behind."""
        begin = datetime.fromtimestamp(after_ms / 1000, self._zone).replace(tzinfo=None) - timedelta(days=1)
        end = datetime.fromtimestamp(until_ms / 1000, self._zone).replace(tzinfo=None) + timedelta(days=1)
        return takewhile(lambda at: at <= end, self._moments(begin))

    def _ms(self, at: datetime) -> int:
        return int(at.replace(tzinfo=self._zone).timestamp() * 1000)

    def following(self, after_ms: int, count: int) -> list[int]:
        """The next `count` moments behind `after`, or as many as there are; of a rule that `check` has let pass."""
        begin = datetime.fromtimestamp(after_ms / 1000, self._zone).replace(tzinfo=None) - timedelta(days=1)
        moments = map(self._ms, self._moments(begin))
        return list(islice((at for at in moments if at > after_ms), count))

    def fires_after(self, after_ms: int) -> bool:
        """Whether a moment is still to come behind `after`; of a rule that `check` has let pass."""
        begin = datetime.fromtimestamp(after_ms / 1000, self._zone).replace(tzinfo=None)
        return next(self._moments(begin), None) is not None

    def _moments(self, begin: datetime | None = None) -> Iterator[datetime]:
        moments = iter(self._rule) if begin is None else self._near(begin).xafter(begin, inc=True)
        return takewhile(lambda at: self._until is None or at <= self._until, moments)

    def _near(self, begin: datetime) -> rrule:
        """The same rule from shortly before `begin`: dateutil counts from the first moment, and a rule of every
        five minutes has had a hundred thousand after a year."""
        if self._step is None:
            return self._rule
        skipped = max(0, (begin - self._start) // self._step - 1)
        return self._rule.replace(dtstart=self._start + skipped * self._step)

    def _first(self) -> datetime | None:
        cycles = (9999 - self._start.year) // _CYCLE_YEARS
        last = self._rule.replace(dtstart=self._start.replace(year=self._start.year + cycles * _CYCLE_YEARS))
        try:
            found = next(iter(last), None)
        except ValueError:  # dateutil: "resulting in empty rule"
            return None
        return None if found is None else found.replace(year=found.year - cycles * _CYCLE_YEARS)


def _parts(text: str) -> dict[str, str]:
    rule = text.strip().upper().removeprefix("RRULE:")
    pairs = [_PART.fullmatch(part) for part in rule.removesuffix(";").split(";")]
    parts = {pair[1]: pair[2] for pair in pairs if pair is not None}
    if len(text) > LONGEST_RULE or len(parts) < len(pairs) or "FREQ" not in parts or parts.keys() - _PARTS:
        raise _wrong(text)
    if parts["FREQ"] == "SECONDLY":
        raise RequestError(Problem.RULE_OFTEN, field="rrule", minutes=int(SHORTEST_GAP.total_seconds() // 60))
    if any(parts["FREQ"] not in _WITH.get(name, (parts["FREQ"],)) for name in parts):
        raise _wrong(text)
    if not all(_is_right(name, value) for name, value in parts.items()) or not _days_are_right(parts):
        raise _wrong(text)
    if any(int(parts.get(name, "1")) == 0 for name in _COUNTED):
        raise RequestError(Problem.RULE_NEVER, field="rrule")
    return parts


def _step(parts: Mapping[str, str]) -> timedelta | None:
    """After how long the rule's counting stands as it stood; None: it is not worth knowing."""
    step = _STEPS.get(parts["FREQ"])
    return None if step is None else step * int(parts.get("INTERVAL", "1"))


def _is_right(name: str, value: str) -> bool:
    """Whether each number is in its range: dateutil fails of some others, and makes something up of the rest."""
    if name not in _NUMBERS:
        return True
    least, greatest = _NUMBERS[name]
    numbers = [_NUMBER.fullmatch(number) for number in value.split(",")]
    return all(
        number is not None
        and least <= int(number[2]) <= greatest
        and (number[1] == "" or name in _FROM_THE_END)
        for number in numbers
    )


def _days_are_right(parts: Mapping[str, str]) -> bool:
    """`2MO` is the second Monday of a month, or of a year; nothing else has a second Monday."""
    if "BYDAY" not in parts:
        return True
    most = {"MONTHLY": 5, "YEARLY": 5 if "BYMONTH" in parts else 53}.get(parts["FREQ"], 0)
    if "BYWEEKNO" in parts:
        most = 0
    days = [_DAY.fullmatch(day) for day in parts["BYDAY"].split(",")]
    return all(day is not None and (day[1] is None or 1 <= int(day[1]) <= most) for day in days)


def _end(until: str | None, zone: ZoneInfo) -> datetime | None:
    """UNTIL as local time: a date means its whole day, a Z means UTC."""
    if until is None:
        return None
    if not _UNTIL.fullmatch(until):
        raise _wrong(until)
    try:
        if len(until) == len("20261231"):
            return datetime.strptime(until + "T235959", "%Y%m%dT%H%M%S")  # noqa: DTZ007 -- local by intent
        local = datetime.strptime(until.removesuffix("Z"), "%Y%m%dT%H%M%S")  # noqa: DTZ007 -- local by intent
        if until.endswith("Z"):
            with contextlib.suppress(OverflowError):  # "for ever", as calendars write it: hours do not matter
                return local.replace(tzinfo=UTC).astimezone(zone).replace(tzinfo=None)
    except ValueError as error:
        raise _wrong(until) from error
    return local


def _expanded(rule: str, start: datetime) -> rrule:
    try:
        found = rrulestr(rule, dtstart=start)
    except (ValueError, OverflowError, TypeError, AttributeError, IndexError) as error:
        if "empty" in str(error):  # hours or minutes that the interval never meets
            raise RequestError(Problem.RULE_NEVER, field="rrule") from error
        raise _wrong(rule) from error
    assert isinstance(found, rrule)  # noqa: S101 -- one line makes one rule
    return found


def _wrong(text: str) -> RequestError:
    return RequestError(Problem.RULE_WRONG, field="rrule", rule=text[:80])
