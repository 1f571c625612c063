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


class Day(msgspec.Struct, frozen=True):
    """One day: its midnight (Unix ms) and the bars that fill it."""

    at: int
    bars: tuple[Bar, ...]


def week(roster: Roster, now: int) -> tuple[Day, ...]:
    """Seven days from the midnight before `now`, each without a hole: hours with nobody have a bar of their own."""
    midnight = datetime.fromtimestamp(now / 1000, BEIJING).replace(hour=0, minute=0, second=0, microsecond=0)
    days = []
    for number in range(DAYS):
        since = int((midnight + timedelta(days=number)).timestamp() * 1000)
        bars = tuple(
            Bar(span, 100 * (span.until - span.since) / DAY_MS)
            for span in spans(roster, since, since + DAY_MS)
        )
        days.append(Day(since, bars))
    return tuple(days)
