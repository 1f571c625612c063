"""When a broadcast sounds, as people choose it on the page and as they read it: pure functions."""

import re
from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Final, Protocol

import msgspec

from broadcast.domain import schedule
from broadcast.domain.schedule import Timing
from hub.console.pages.times import BEIJING
from hub.domain.errors import Fault, Faulty
from hub.i18n.phrases import Param

TIMES_SHOWN: Final = 3
WEEKDAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_WEEKLY: Final = re.compile(r"FREQ=WEEKLY;BYDAY=((?:MO|TU|WE|TH|FR|SA|SU)(?:,(?:MO|TU|WE|TH|FR|SA|SU))*)")
_CLOCK: Final = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_MOMENT: Final = re.compile(r"(\d{4}-\d{2}-\d{2}T\d{2}:\d{2})(:\d{2})?")


class When(StrEnum):
    """The kinds of time that the page offers."""

    NOW = "now"
    AT = "at"
    DAILY = "daily"
    WEEKLY = "weekly"
    RULE = "rule"


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    """What stands in the page's fields: `at` as `2026-12-01T07:30`, `time` as `07:30`, dates as `2026-12-01`."""

    when: When = When.NOW
    at: str = ""
    time: str = ""
    days: tuple[str, ...] = ()
    starts: str = ""
    until: str = ""
    rule: str = ""


class Say(Protocol):
    """`hub.i18n.Phrases.say` in one language."""

    def __call__(self, message: str, /, **params: Param | None) -> str: ...


def timing_of(choice: Choice, now: int) -> Timing:
    """The timing that was chosen, before `schedule.check`. Faulty: a field of it is empty or no time."""
    match choice.when:
        case When.NOW:
            return Timing()
        case When.AT:
            return Timing(at=_moment(choice.at))
        case When.DAILY:
            return _rule("FREQ=DAILY", choice, now)
        case When.WEEKLY:
            days = [day for day in WEEKDAYS if day in choice.days]
            if not days:
                raise _wrong("when-days-missing")
            return _rule("FREQ=WEEKLY;BYDAY=" + ",".join(days), choice, now)
        case When.RULE:
            return _rule(choice.rule, choice, now)


def choice_of(timing: Timing) -> Choice:
    """The fields that stand for a timing which is kept."""
    if timing.at is not None:
        return Choice(when=When.AT, at=_local(timing.at).strftime("%Y-%m-%dT%H:%M"))
    if timing.rrule is None:
        return Choice()
    starts, until = timing.starts or "", timing.until or ""
    days = _WEEKLY.fullmatch(timing.rrule)
    daily = timing.rrule == "FREQ=DAILY"
    return Choice(
        when=When.WEEKLY if days else When.DAILY if daily else When.RULE,
        time=starts[11:16],
        days=tuple(days[1].split(",")) if days else (),
        starts=starts[:10],
        until=until[:10],
        rule=timing.rrule,
    )


def words(timing: Timing, say: Say, now: int) -> str:
    """The timing as a person says it."""
    choice = choice_of(timing)
    if timing.at is not None:
        return say("when-says-at", moment=moment(timing.at, say, now))
    if choice.when is When.NOW:
        return say("when-says-now")
    days = say("list-and").join(say(f"weekday-{day.lower()}") for day in choice.days)
    rule = say(f"when-says-{choice.when.value}", time=choice.time, days=days, rule=choice.rule)
    return rule if not choice.until else say("when-says-until", rule=rule, date=_day(choice.until, say, now))


def moment(at: int, say: Say, now: int) -> str:
    """A moment (Unix ms) with its weekday; the year where it is another."""
    local = _local(at)
    return say(
        "moment",
        year="same" if local.year == _local(now).year else str(local.year),
        month=str(local.month),
        day=str(local.day),
        weekday=say(f"weekday-{WEEKDAYS[local.weekday()].lower()}"),
        time=f"{local:%H:%M}",
    )


def coming(timing: Timing, now: int) -> Sequence[int]:
    """The next moments of a timing that `schedule.check` has made whole, at most three (Unix ms)."""
    if timing.rrule is not None:
        return schedule.rule_of(timing).following(now, TIMES_SHOWN)
    return [] if timing.at is None or timing.at < now else [timing.at]


def _day(date: str, say: Say, now: int) -> str:
    """A date such as `2026-12-01`; the year where it is another."""
    year, month, day = map(int, date.split("-"))
    same = year == _local(now).year
    return say("day", year="same" if same else str(year), month=str(month), day=str(day))


def _rule(rule: str, choice: Choice, now: int) -> Timing:
    """A rule begins on its first day at its time; it ends with its last day."""
    if not _CLOCK.fullmatch(choice.time):
        raise _wrong("when-time-missing")
    starts = choice.starts or f"{_local(now):%Y-%m-%d}"
    if not _DATE.fullmatch(starts) or (choice.until and not _DATE.fullmatch(choice.until)):
        raise _wrong("when-date-wrong")
    return Timing(
        rrule=rule.strip(),
        starts=f"{starts}T{choice.time}:00",
        until=f"{choice.until}T23:59:59" if choice.until else None,
    )


def _moment(text: str) -> int:
    if not _MOMENT.fullmatch(text):
        raise _wrong("when-moment-missing")
    local = schedule.local_time(text, "at")
    return int(local.replace(tzinfo=BEIJING).timestamp() * 1000)


def _wrong(sentence: str) -> Faulty:
    return Faulty([Fault("when", sentence)])


def _local(at: int) -> datetime:
    return datetime.fromtimestamp(at / 1000, BEIJING)
