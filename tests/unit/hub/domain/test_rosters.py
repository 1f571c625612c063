"""Duty rosters: who is on when, what changes, where nobody is and where somebody is twice."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.domain.rosters import Change, Roster, Shift, doubles, duty, gaps, roster_faults, spans

HOUR = 3_600_000
LONDON = "Europe/London"


def at(text: str, zone: str = "Asia/Shanghai") -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp() * 1000)


def a_shift(name: str, start: str, hours: int, *people: str, rrule: str = "FREQ=DAILY") -> Shift:
    return Shift(name=name, start=start, rrule=rrule, minutes=hours * 60, people=people, leader=people[0])


DAY = a_shift("白班", "2026-11-01T08:00", 12, "王", "李")
NIGHT = a_shift("夜班", "2026-11-01T20:00", 12, "马")


def roster(*shifts: Shift, changes: tuple[Change, ...] = (), place: str = "center:990421101000") -> Roster:
    return Roster(
        id="ro", place=place, area="990421101000", clinic=None, name="镇", shifts=shifts, changes=changes
    )


def test_a_day_and_a_night_leave_no_hole() -> None:
    both = roster(DAY, NIGHT)

    assert duty(both, at("2026-11-20T12:00")).people == ("王", "李")
    assert duty(both, at("2026-11-21T03:00")).people == ("马",)
    assert duty(both, at("2026-11-21T08:00")).people == ("王", "李"), "the new shift has the very second"
    assert gaps(both, at("2026-11-20T00:00"), at("2026-11-27T00:00")) == []


def test_hours_with_nobody_are_seen_ahead() -> None:
    weekdays = a_shift("白班", "2026-11-02T08:00", 12, "王", rrule="FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR")
    found = gaps(roster(weekdays, NIGHT), at("2026-11-20T12:00"), at("2026-11-23T12:00"))

    assert [(gap.since, gap.until) for gap in found] == [
        (at("2026-11-21T08:00"), at("2026-11-21T20:00")),
        (at("2026-11-22T08:00"), at("2026-11-22T20:00")),
    ]


def test_before_the_first_shift_nobody_is_on() -> None:
    assert duty(roster(DAY), at("2026-10-31T12:00")).everybody == frozenset()


def test_a_swap_is_two_stand_ins() -> None:
    since, until = at("2026-11-20T08:00"), at("2026-11-20T20:00")
    night = (until, at("2026-11-21T08:00"))
    swapped = roster(
        DAY,
        NIGHT,
        changes=(
            Change(since=since, until=until, out="王", into="马"),
            Change(since=night[0], until=night[1], out="马", into="王"),
        ),
    )

    assert set(duty(swapped, since + HOUR).people) == {"李", "马"}
    assert duty(swapped, since + HOUR).leader == "马", "who stands in for the leader leads"
    assert duty(swapped, night[0] + HOUR).people == ("王",)
    assert duty(swapped, night[1] + HOUR).people == ("王", "李")


def test_leave_without_a_stand_in_makes_a_gap_and_an_extra_hand_none() -> None:
    since = at("2026-11-20T22:00")
    away = roster(DAY, NIGHT, changes=(Change(since=since, until=since + 2 * HOUR, out="马"),))
    more = roster(DAY, NIGHT, changes=(Change(since=since, until=since + 2 * HOUR, into="赵"),))

    assert [(gap.since, gap.until) for gap in gaps(away, since - HOUR, since + 9 * HOUR)] == [
        (since, since + 2 * HOUR)
    ]
    assert duty(more, since).people == ("马", "赵")


def test_summer_time_moves_a_shift_with_the_clock_on_the_wall() -> None:
    london = Shift(
        name="n", start="2026-10-01T22:00", rrule="FREQ=DAILY", minutes=600, people=("a",), tz="Europe/London"
    )
    day = Shift(
        name="d", start="2026-10-01T08:00", rrule="FREQ=DAILY", minutes=840, people=("b",), tz="Europe/London"
    )
    for first, last, hours in (("2026-10-24", "2026-10-26", 11), ("2027-03-27", "2027-03-29", 9)):
        both, since, until = roster(london, day), at(f"{first}T12:00", LONDON), at(f"{last}T12:00", LONDON)
        assert gaps(both, since, until) == []
        night = next(span for span in spans(both, since, until) if span.people == ("a",))
        assert (night.until - night.since) // HOUR == hours, "who sits there sits until eight"
        assert at(f"{first}T22:00", LONDON) == night.since


@pytest.mark.parametrize("day", ["2027-03-28", "2026-10-25"])
def test_shifts_that_meet_in_the_hour_that_is_skipped_or_comes_twice_leave_no_hole(day: str) -> None:
    early = Shift(
        name="e", start="2026-01-01T18:00", rrule="FREQ=DAILY", minutes=450, people=("a",), tz=LONDON
    )
    late = Shift(
        name="l", start="2026-01-01T01:30", rrule="FREQ=DAILY", minutes=990, people=("b",), tz=LONDON
    )
    both = roster(early, late)
    found = spans(both, at(f"{day}T00:00", LONDON), at(f"{day}T12:00", LONDON))

    assert [span.people for span in found] == [("a",), ("b",)]


def test_a_shift_that_the_clocks_skip_is_none() -> None:
    skipped = Shift(
        name="s", start="2026-01-01T01:00", rrule="FREQ=DAILY", minutes=60, people=("a",), tz=LONDON
    )
    day = at("2027-03-28T00:00", LONDON), at("2027-03-29T00:00", LONDON)

    assert [span.people for span in spans(roster(skipped), *day)] == [()]


def test_who_is_at_two_places_at_once_is_seen() -> None:
    here = roster(DAY)
    there = roster(a_shift("门诊", "2026-11-01T18:00", 4, "李"), place="clinic:c-1")
    (found, *more) = doubles([here, there], at("2026-11-20T00:00"), at("2026-11-21T00:00"))

    assert more == []
    assert (found.user, found.since, found.until) == ("李", at("2026-11-20T18:00"), at("2026-11-20T20:00"))
    assert set(found.places) == {here.place, "clinic:c-1"}


@pytest.mark.parametrize(
    ("different", "wrong"),
    [
        ({"people": ()}, "shift-nobody"),
        ({"name": ""}, "shift-name"),
        ({"minutes": 0}, "shift-length"),
        ({"minutes": 1441}, "shift-length"),
        ({"phone": "call me"}, "shift-phone"),
        ({"tz": "Mars/Olympus"}, "shift-zone"),
        ({"tz": "../etc/passwd"}, "shift-zone"),
        ({"tz": ""}, "shift-zone"),
        ({"start": "2026-02-30T08:00"}, "shift-start"),
        ({"start": "8:00"}, "shift-start"),
        ({"rrule": "FREQ=DAILY;BYMONTH=13"}, "shift-rule"),
        ({"rrule": "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"}, "shift-rule"),
        ({"rrule": "every day"}, "shift-rule"),
        ({"rrule": "FREQ=SECONDLY"}, "shift-rule"),
    ],
)
def test_what_is_wrong_with_a_shift_is_said_with_its_number(different: dict[str, str], wrong: str) -> None:
    shift = msgspec.structs.replace(DAY, **different)
    found = {(fault.field, fault.code) for fault in roster_faults("镇", (NIGHT, shift), ())}

    assert found - {("shifts", "roster-nobody")} == {("shifts.2", wrong)}


def test_changes_name_somebody_and_end_after_they_begin() -> None:
    wrong = (Change(since=5, until=5, into="a"), Change(since=1, until=2))

    assert [(fault.field, fault.code) for fault in roster_faults("镇", (DAY,), wrong)] == [
        ("changes.1", "roster-change-time"),
        ("changes.2", "roster-change-nobody"),
    ]


@given(
    st.lists(st.tuples(st.integers(0, 23), st.integers(1, 24)), min_size=1, max_size=4),
    st.lists(
        st.tuples(st.integers(0, 96), st.integers(1, 48), st.sampled_from(["p0", "p1", None])), max_size=4
    ),
    st.integers(0, 100),
)
def test_any_hour_has_one_span_and_the_same_people_as_asked_alone(
    shifts: list[tuple[int, int]], changes: list[tuple[int, int, str | None]], hour: int
) -> None:
    begin = at("2026-11-10T00:00")
    kept = roster(
        *(a_shift("s", f"2026-11-01T{hour:02}:00", hours, f"p{n}") for n, (hour, hours) in enumerate(shifts)),
        changes=tuple(
            Change(since=begin + first * HOUR, until=begin + (first + length) * HOUR, out=out, into="x")
            for first, length, out in changes
        ),
    )
    whole = spans(kept, begin, begin + 101 * HOUR)

    assert [span.since for span in whole[1:]] == [span.until for span in whole[:-1]]
    assert (whole[0].since, whole[-1].until) == (begin, begin + 101 * HOUR)
    moment = begin + hour * HOUR
    (inside,) = [span for span in whole if span.since <= moment < span.until]
    assert set(inside.people) == set(duty(kept, moment).people)
