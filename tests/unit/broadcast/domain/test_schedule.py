"""Schedules: local time, every rule bounded, nothing that never fires or fires too often."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from broadcast.domain import schedule
from broadcast.domain.recurrence import SHORTEST_GAP
from broadcast.domain.schedule import DEFAULT_TZ, FARTHEST_MS, Timing
from broadcast.errors import Problem, RequestError

NOW = int(datetime(2026, 11, 23, 8, 30, tzinfo=UTC).timestamp() * 1000)
DAY_MS = 86_400_000
SHORTEST_GAP_MS = SHORTEST_GAP.total_seconds() * 1000


def rule(
    text: str, starts: str = "2026-11-23T07:30:00", tz: str = DEFAULT_TZ, until: str | None = None
) -> Timing:
    return Timing(rrule=text, starts=starts, tz=tz, until=until)


def local(slots: list[int], tz: str = DEFAULT_TZ) -> list[str]:
    return [datetime.fromtimestamp(at / 1000, ZoneInfo(tz)).strftime("%m-%d %H:%M") for at in slots]


def problem(timing: Timing) -> Problem:
    with pytest.raises(RequestError) as error:
        schedule.check(timing, NOW)
    return error.value.problem


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("FREQ=SECONDLY", Problem.RULE_OFTEN),
        ("FREQ=MINUTELY", Problem.RULE_OFTEN),
        ("FREQ=DAILY;BYHOUR=7;BYMINUTE=0,1,2", Problem.RULE_OFTEN),
        ("FREQ=YEARLY;BYMONTH=6;BYMONTHDAY=1;BYHOUR=7;BYMINUTE=0,1", Problem.RULE_OFTEN),
        ("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", Problem.RULE_NEVER),
        ("FREQ=YEARLY;BYWEEKNO=53;BYMONTH=6", Problem.RULE_NEVER),
        ("FREQ=MONTHLY;BYDAY=5MO;BYMONTHDAY=1", Problem.RULE_NEVER),
        ("FREQ=HOURLY;INTERVAL=24;BYHOUR=3", Problem.RULE_NEVER),
        ("FREQ=DAILY;UNTIL=20200101", Problem.RULE_NEVER),
        ("FREQ=DAILY;COUNT=0", Problem.RULE_NEVER),
        ("FREQ=DAILY;COUNT=1", Problem.RULE_NEVER),  # this morning
        ("FREQ=DAILY;BYHOUR=25", Problem.RULE_WRONG),
        ("FREQ=DAILY;BYDAY=XX", Problem.RULE_WRONG),
        ("FREQ=DAILY;BYEASTER=1", Problem.RULE_WRONG),
        ("FREQ=HOURLY;BYSETPOS=2", Problem.RULE_WRONG),
        ("BYHOUR=7", Problem.RULE_WRONG),
        ("FREQ=DAILY\nDTSTART:20260101T000000", Problem.RULE_WRONG),
        ("every day", Problem.RULE_WRONG),
        ("FREQ=DAILY;UNTIL=someday", Problem.RULE_WRONG),
        # what nobody means, and what dateutil makes up an answer to, or fails of
        ("FREQ=DAILY;INTERVAL=-1", Problem.RULE_WRONG),
        ("FREQ=DAILY;COUNT=-5", Problem.RULE_WRONG),
        ("FREQ=MONTHLY;BYMONTHDAY=0", Problem.RULE_WRONG),
        ("FREQ=YEARLY;BYMONTH=-1", Problem.RULE_WRONG),
        ("FREQ=YEARLY;BYYEARDAY=367", Problem.RULE_WRONG),
        ("FREQ=MINUTELY;INTERVAL=30;BYMINUTE=60", Problem.RULE_WRONG),
        ("FREQ=MONTHLY;BYDAY=53MO", Problem.RULE_WRONG),
        ("FREQ=YEARLY;BYMONTH=6;BYDAY=53MO", Problem.RULE_WRONG),
        ("FREQ=MONTHLY;BYDAY=0MO", Problem.RULE_WRONG),
        ("FREQ=WEEKLY;BYDAY=2MO", Problem.RULE_WRONG),
        # rare days with minutes: to be found out they took half a minute
        ("FREQ=MINUTELY;BYMONTHDAY=-27;BYHOUR=19", Problem.RULE_WRONG),
        ("FREQ=HOURLY;BYYEARDAY=366", Problem.RULE_WRONG),
        ("FREQ=DAILY;BYWEEKNO=53", Problem.RULE_WRONG),
    ],
)
def test_a_rule_that_cannot_be_is_refused(text: str, wrong: Problem) -> None:
    assert problem(rule(text)) is wrong


@pytest.mark.parametrize("tz", ["Asia/Shanghai", "America/New_York"])
def test_an_end_beyond_all_calendars_is_an_end_all_the_same(tz: str) -> None:
    whole = schedule.check(rule("FREQ=DAILY;UNTIL=99991231T235959Z", tz=tz), NOW)
    assert len(schedule.slots(whole, NOW, NOW)) == 2
    assert problem(rule("FREQ=DAILY;UNTIL=00010101T000000Z", tz=tz)) is Problem.RULE_NEVER


@pytest.mark.parametrize(
    ("timing", "wrong"),
    [
        (Timing(at=NOW - 1), Problem.TIME_PAST),
        (Timing(at=NOW + FARTHEST_MS + 1), Problem.TIME_FAR),
        (Timing(at=NOW + 1, rrule="FREQ=DAILY"), Problem.TIME_TWICE),
        (Timing(at=NOW + 1, until="2026-12-01T00:00"), Problem.TIME_TWICE),
        (Timing(rrule="FREQ=DAILY", tz="Mars/Olympus"), Problem.TIME_ZONE),
        (Timing(rrule="FREQ=DAILY", tz="../../etc/passwd"), Problem.TIME_ZONE),
        (Timing(rrule="FREQ=DAILY", starts="1999-01-01T00:00"), Problem.TIME_FAR),
        (Timing(rrule="FREQ=DAILY", starts="2026-12-01T00:00+08:00"), Problem.TIME_LOCAL),
        (Timing(rrule="FREQ=DAILY", starts="tomorrow"), Problem.TIME_LOCAL),
    ],
)
def test_a_time_that_cannot_be_is_refused(timing: Timing, wrong: Problem) -> None:
    assert problem(timing) is wrong


def test_what_goes_out_now_and_what_goes_out_at_a_moment_stay_as_they_are() -> None:
    assert schedule.check(Timing(), NOW) == Timing()
    assert schedule.check(Timing(at=NOW), NOW) == Timing(at=NOW)


def test_a_rule_without_a_start_begins_with_the_next_minute() -> None:
    whole = schedule.check(Timing(rrule="FREQ=DAILY;BYHOUR=7;BYMINUTE=30"), NOW)
    assert whole.starts == "2026-11-23T16:31:00"
    assert local(schedule.slots(whole, NOW, NOW)) == ["11-24 07:30", "11-25 07:30"]


def test_the_last_day_of_february_comes_every_four_years_and_is_let_pass() -> None:
    leap = schedule.check(rule("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29"), NOW)
    assert schedule.rule_of(leap).fires_after(NOW)


def test_until_ends_a_rule_in_local_time_wherever_it_stands() -> None:
    daily = "FREQ=DAILY;UNTIL=20261124T233000Z"  # 07:30 of the 25th in Shanghai
    assert local(schedule.slots(rule(daily), NOW, NOW + 9 * DAY_MS)) == ["11-24 07:30", "11-25 07:30"]
    by_field = rule("FREQ=DAILY", until="2026-11-24T08:00")
    assert local(schedule.slots(by_field, NOW, NOW + 9 * DAY_MS)) == ["11-24 07:30"]
    by_date = rule("FREQ=DAILY;UNTIL=20261124")
    assert local(schedule.slots(by_date, NOW, NOW + 9 * DAY_MS)) == ["11-24 07:30"]


def at(year: int, month: int, day: int) -> int:
    return int(datetime(year, month, day, tzinfo=UTC).timestamp() * 1000)


def test_a_local_time_that_the_clocks_skip_counts_by_the_offset_before() -> None:
    spring = rule("FREQ=DAILY", "2026-03-07T02:30:00", "America/New_York")
    begin = at(2026, 3, 7)
    found = schedule.rule_of(spring).slots(begin, begin + 3 * DAY_MS)
    assert local(found, "America/New_York") == ["03-07 02:30", "03-08 03:30", "03-09 02:30"]


def test_a_local_time_that_comes_twice_is_its_first() -> None:
    autumn = rule("FREQ=DAILY", "2026-10-31T01:30:00", "America/New_York")
    begin = at(2026, 10, 31)
    found = schedule.rule_of(autumn).slots(begin, begin + 3 * DAY_MS)
    assert [moment - begin for moment in found] == [
        (5 * 60 + 30) * 60_000, DAY_MS + (5 * 60 + 30) * 60_000, 2 * DAY_MS + (6 * 60 + 30) * 60_000,
    ]  # fmt: skip


def test_hours_that_meet_in_the_skipped_hour_sound_once() -> None:
    both = rule("FREQ=DAILY;BYHOUR=2,3", "2026-03-08T02:30:00", "America/New_York")
    begin = at(2026, 3, 8)
    assert local(schedule.rule_of(both).slots(begin, begin + DAY_MS), "America/New_York") == ["03-08 03:30"]


RULES = st.one_of(
    st.builds("FREQ=DAILY;INTERVAL={}".format, st.integers(1, 9)),
    st.builds(
        "FREQ=WEEKLY;BYDAY={};BYHOUR={}".format, st.sampled_from(["MO", "TU,TH", "SA,SU"]), st.integers(0, 23)
    ),
    st.builds("FREQ=MONTHLY;BYMONTHDAY={}".format, st.integers(-28, 28).filter(bool)),
    st.builds("FREQ=HOURLY;INTERVAL={}".format, st.integers(1, 30)),
    st.builds("FREQ=MINUTELY;INTERVAL={}".format, st.integers(5, 500)),
)
ZONES = st.sampled_from(
    ["Asia/Shanghai", "America/New_York", "Europe/Berlin", "Asia/Urumqi", "Australia/Lord_Howe"]
)


@settings(max_examples=60, deadline=None)
@given(text=RULES, tz=ZONES, day=st.integers(0, 300), cut=st.integers(1, 9 * 24 * 60))
def test_slots_of_two_windows_are_those_of_both_together(text: str, tz: str, day: int, cut: int) -> None:
    """However the time is cut into plans, each moment is planned once and none is missed."""
    whole_rule = schedule.rule_of(rule(text, "2026-01-01T06:10:00", tz))
    begin = at(2026, 1, 1) + day * DAY_MS
    end = begin + 9 * DAY_MS
    middle = begin + cut * 60_000
    whole = whole_rule.slots(begin, end)
    assert whole_rule.slots(begin, middle) + whole_rule.slots(middle, end) == whole
    assert whole == sorted(set(whole))
    assert all(begin < slot <= end for slot in whole)


@settings(max_examples=40, deadline=None)
@given(text=RULES, tz=ZONES)
def test_what_is_let_pass_fires_and_never_too_often(text: str, tz: str) -> None:
    checked = schedule.check(rule(text, "2026-11-23T06:10:00", tz), NOW)
    found = schedule.rule_of(checked).slots(NOW, NOW + 40 * DAY_MS)
    assert found
    # no clock of these zones is changed in those forty days
    assert all(later - earlier >= SHORTEST_GAP_MS for earlier, later in pairwise(found))


@pytest.mark.parametrize(
    "text",
    [
        "FREQ=MINUTELY;INTERVAL=25;BYHOUR=7,8",
        "FREQ=HOURLY;INTERVAL=7;BYDAY=MO,TU",
        "FREQ=DAILY;INTERVAL=3;BYHOUR=7;BYMINUTE=0,5",
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=SU",
    ],
)
def test_a_year_later_a_rule_stands_where_counting_from_its_start_has_it(text: str) -> None:
    """A rule with COUNT is counted from its start; any other from shortly before the moment asked for."""
    later, week = NOW + 300 * 86_400_000, 7 * 86_400_000
    near = schedule.rule_of(rule(text)).slots(later, later + week)
    counted = schedule.rule_of(rule(f"{text};COUNT=99999")).slots(later, later + week)
    assert near == counted
    assert near
