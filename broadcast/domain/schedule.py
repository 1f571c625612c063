"""When a broadcast sounds: at once, at a moment, or by a rule in the local time of its county."""

from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from broadcast.domain.recurrence import Rule
from broadcast.errors import Problem, RequestError

DEFAULT_TZ: Final = "Asia/Shanghai"
LATE_S: Final = 300
LATEST_LATE_S: Final = 6 * 3600
FARTHEST_MS: Final = 366 * 86_400_000
HORIZON_MS: Final = 48 * 3_600_000
"""How far ahead the runs of a rule are written down."""


class Timing(msgspec.Struct, frozen=True, kw_only=True):
    """When. All three of `at`, `rrule` and `starts` None: as soon as it is prepared and allowed.

    `at` Unix ms; `starts` and `until` local ISO times in `tz` (an IANA name); `late_s` how many seconds after
    its moment a run may still begin.
    """

    at: int | None = None
    rrule: str | None = None
    tz: str = DEFAULT_TZ
    starts: str | None = None
    until: str | None = None
    late_s: int = LATE_S

    @property
    def is_now(self) -> bool:
        """Whether it goes out at once."""
        return self.at is None and self.rrule is None


def check(timing: Timing, now: int) -> Timing:
    """`timing` made whole: a rule without a start begins today. RequestError says what is wrong with it."""
    zone = zone_of(timing.tz)
    if timing.at is not None and timing.rrule is not None:
        raise RequestError(Problem.TIME_TWICE, field="at")
    if timing.rrule is None and (timing.starts is not None or timing.until is not None):
        raise RequestError(Problem.TIME_TWICE, field="from")
    if timing.at is not None:
        _check_moment(timing.at, now)
        return timing
    if timing.rrule is None:
        return timing
    whole = timing if timing.starts else msgspec.structs.replace(timing, starts=_today(zone, now))
    _check_start(whole, zone, now)
    rule = rule_of(whole)
    rule.check()
    if not rule.fires_after(now):
        raise RequestError(Problem.RULE_NEVER, field="rrule")
    return whole


def rule_of(timing: Timing) -> Rule:
    """The rule of a timing that has one."""
    assert timing.rrule is not None and timing.starts is not None  # noqa: S101, PT018 -- made whole by `check`
    until = None if timing.until is None else local_time(timing.until, "until")
    return Rule(timing.rrule, local_time(timing.starts, "from"), zone_of(timing.tz), until)


def slots(timing: Timing, after: int, now: int) -> list[int]:
    """The moments of a rule behind `after` that should be written down by now, Unix ms."""
    return rule_of(timing).slots(after, now + HORIZON_MS)


def zone_of(name: str) -> ZoneInfo:
    """The IANA time zone; RequestError when there is none of that name."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise RequestError(Problem.TIME_ZONE, field="tz", tz=name[:40]) from error


def local_time(text: str, field: str) -> datetime:
    """A local time as `2026-12-01T07:30`; RequestError when it is none, or names an offset."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise RequestError(Problem.TIME_LOCAL, field=field) from error
    if found.tzinfo is not None or not 1970 <= found.year <= 9000:
        raise RequestError(Problem.TIME_LOCAL, field=field)
    return found.replace(microsecond=0)


def local_iso(at_ms: int, tz: str) -> str:
    """A moment (Unix ms) as local time of `tz`."""
    return datetime.fromtimestamp(at_ms / 1000, zone_of(tz)).replace(tzinfo=None).isoformat()


def _check_moment(at: int, now: int) -> None:
    if at < now:
        raise RequestError(Problem.TIME_PAST, field="at")
    if at > now + FARTHEST_MS:
        raise RequestError(Problem.TIME_FAR, field="at", days=FARTHEST_MS // 86_400_000)


def _check_start(timing: Timing, zone: ZoneInfo, now: int) -> None:
    """Within a year of now: every expansion counts from there."""
    start = local_time(timing.starts or "", "from").replace(tzinfo=zone).timestamp() * 1000
    if abs(start - now) > FARTHEST_MS:
        raise RequestError(Problem.TIME_FAR, field="from", days=FARTHEST_MS // 86_400_000)


def _today(zone: ZoneInfo, now: int) -> str:
    """The next full minute: what the rule leaves open (the hour, say) is taken from here."""
    local = datetime.fromtimestamp(now / 1000, zone).replace(tzinfo=None, second=0, microsecond=0)
    return (local + timedelta(minutes=1)).isoformat()
