"""RRULEs (RFC 5545, 3.3.10) in local time: read strictly, refused when they never fire or fire too often.

dateutil expands them. It searches for the first occurrence up to the year 9999, which for a rule that never
fires takes minutes; the Gregorian calendar repeats every 400 years to the weekday, so that question is asked
of the last 400 years it knows, which answers in half a second at worst.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice, pairwise, takewhile
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


class Rule:
    """One rule from its first moment on. Moments are naive local times of `zone`."""

    def __init__(self, text: str, start: datetime, zone: ZoneInfo, until: datetime | None = None) -> None:
        """RequestError: not a rule of ours (`rule-wrong`), none of its moments comes, or they come too often."""
        parts = _parts(text)
        ends = [end for end in (_end(parts.pop("UNTIL", None), zone), until) if end is not None]
        self._zone, self._start = zone, start
        self._until = min(ends, default=None)
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
        begin = datetime.fromtimestamp(after_ms / 1000, self._zone).replace(tzinfo=None) - timedelta(days=1)
        end = datetime.fromtimestamp(until_ms / 1000, self._zone).replace(tzinfo=None) + timedelta(days=1)
        near = takewhile(lambda at: at <= end, self._moments(begin))
        found = {int(at.replace(tzinfo=self._zone).timestamp() * 1000) for at in near}
        return sorted(at for at in found if after_ms < at <= until_ms)

    def following(self, after_ms: int, count: int) -> list[int]:
        """The next `count` moments behind `after`, or as many as there are; of a rule that `check` has let pass."""
        begin = datetime.fromtimestamp(after_ms / 1000, self._zone).replace(tzinfo=None) - timedelta(days=1)
        moments = (int(at.replace(tzinfo=self._zone).timestamp() * 1000) for at in self._moments(begin))
        return list(islice((at for at in moments if at > after_ms), count))

    def fires_after(self, after_ms: int) -> bool:
        """Whether a moment is still to come behind `after`; of a rule that `check` has let pass."""
        begin = datetime.fromtimestamp(after_ms / 1000, self._zone).replace(tzinfo=None)
        return next(self._moments(begin), None) is not None

    def _moments(self, begin: datetime | None = None) -> Iterator[datetime]:
        moments = iter(self._rule) if begin is None else self._rule.xafter(begin, inc=True)
        return takewhile(lambda at: self._until is None or at <= self._until, moments)

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
    if "BYSETPOS" in parts and parts["FREQ"] in ("HOURLY", "MINUTELY"):
        raise _wrong(text)
    if parts.get("COUNT") == "0" or parts.get("INTERVAL") == "0":
        raise RequestError(Problem.RULE_NEVER, field="rrule")
    return parts


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
    except ValueError as error:
        raise _wrong(until) from error
    return local.replace(tzinfo=UTC).astimezone(zone).replace(tzinfo=None) if until.endswith("Z") else local


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
