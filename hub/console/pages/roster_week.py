"""The next days of a roster as bars: pure functions from spans to what the page draws."""

from datetime import datetime, timedelta

import msgspec

from hub.console.pages.times import BEIJING
from hub.domain.rosters import DAY_MS, Duty, Roster, spans

DAYS = 7


class Bar(msgspec.Struct, frozen=True):
    """One stretch of a day with the same people; `share` of the day in percent."""

    duty: Duty
    share: float


class Days(msgspec.Struct, frozen=True):
    """Days that are alike, from the midnight `at` to the midnight `last` (Unix ms), and the bars that fill each."""

    at: int
    last: int
    bars: tuple[Bar, ...]


def week(roster: Roster, now: int) -> tuple[Days, ...]:
    """Seven days from the midnight before `now`, each without a hole: hours with nobody have a bar of their own."""
    midnight = datetime.fromtimestamp(now / 1000, BEIJING).replace(hour=0, minute=0, second=0, microsecond=0)
    days = list[Days]()
    for number in range(DAYS):
        since = int((midnight + timedelta(days=number)).timestamp() * 1000)
        bars = tuple(
            Bar(span, 100 * (span.until - span.since) / DAY_MS)
            for span in spans(roster, since, since + DAY_MS)
        )
        if days and _hours(days[-1].bars) == _hours(bars):
            days[-1] = msgspec.structs.replace(days[-1], last=since)
        else:
            days.append(Days(since, since, bars))
    return tuple(days)


def _hours(bars: tuple[Bar, ...]) -> list[tuple[float, tuple[str, ...], str | None]]:
    """What makes two days alike."""
    return [(bar.share, bar.duty.people, bar.duty.leader) for bar in bars]
