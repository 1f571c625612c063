"""Forms of plans and rosters: what was shown comes back as it was, and what is wrong is named."""

from __future__ import annotations

import msgspec
import pytest

from hub.console.pages.plan_forms import PlanTyped, Row, shown_plan
from hub.console.pages.roster_forms import ChangeRow, RosterTyped, ShiftRow, shown_roster
from hub.console.pages.roster_week import week
from hub.domain.errors import Faulty
from hub.domain.plans import DEFAULT, plan_faults
from hub.domain.policies import Policy
from hub.domain.rosters import DAY_MS, Change, Roster, Shift, roster_faults

NOW = 1_790_049_600_000  # noon of a day in Shanghai
HOUR = 3_600_000
WEEKEND_RULE, FIRST_RULE = "FREQ=WEEKLY;BYDAY=SA,SU", "FREQ=MONTHLY;BYMONTHDAY=1"
DAY = Shift(
    name="白班", start="2026-01-01T08:00", rrule="FREQ=DAILY", minutes=720, people=("u-1",), leader="u-1"
)
WEEKEND = Shift(name="周末", start="2026-01-03T20:00", rrule=WEEKEND_RULE, minutes=720, people=("u-2",))
FIRST = Shift(name="月初", start="2026-01-01T00:00", rrule=FIRST_RULE, minutes=1440, people=("u-3",))
AHEAD = Change(since=NOW + HOUR, until=NOW + 2 * HOUR, out="u-1", into="u-2")
OVER = Change(since=NOW - 2 * HOUR, until=NOW - HOUR, into="u-2")
ROSTER = Roster(
    id="ro",
    place="center:990421101000",
    area="990421101000",
    clinic=None,
    name="镇",
    shifts=(DAY, WEEKEND, FIRST),
    changes=(OVER, AHEAD),
)


def test_a_plan_comes_back_from_its_form_as_it_was() -> None:
    typed = shown_plan(Policy(plan=DEFAULT, at=0, by_id="", by_name=""))

    assert typed.steps() == DEFAULT.steps
    assert typed.rows[-1] == Row(), "room for more steps"


@pytest.mark.parametrize("wrong", ["soon", "-1", "1.5", "\uff11\uff10", ""])
def test_a_time_that_is_none_is_named(wrong: str) -> None:
    typed = PlanTyped(area="", name="预案", rows=(Row("0", ("town",)), Row(wrong, ("county",))), every_s="60")
    with pytest.raises(Faulty) as told:
        typed.steps()

    assert [(fault.field, fault.code) for fault in told.value.faults] == [("steps.2", "plan-time")]


def test_an_empty_form_is_a_plan_without_steps() -> None:
    typed = PlanTyped(area="", name="预案", rows=(Row(), Row()), every_s="60")

    assert [fault.code for fault in plan_faults("预案", typed.steps())] == ["plan-length"]


def test_a_roster_comes_back_from_its_form_without_what_is_over() -> None:
    change = shown_roster(ROSTER, ROSTER.place, ROSTER.name, NOW).change()

    assert change.shifts == ROSTER.shifts
    assert change.changes == (AHEAD,)


def test_a_new_roster_begins_with_a_day_and_a_night_that_meet() -> None:
    typed = shown_roster(None, "center:990421101000", "镇", NOW)
    named = tuple(msgspec.structs.replace(row, name="班", people=("u-1",)) for row in typed.shifts)
    change = msgspec.structs.replace(typed, shifts=named).change()

    assert change.shifts is not None
    assert [shift.minutes for shift in change.shifts] == [720, 720]
    assert list(roster_faults("镇", change.shifts, ())) == []


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (ShiftRow(name="班", days=("MO",), begins="8", ends="20:00", people=("u",)), "shift-times"),
        (ShiftRow(name="班", days=(), begins="08:00", ends="20:00", people=("u",)), "shift-times"),
        (ChangeRow(since="later", until="2026-11-20T08:00", into="u"), "roster-change-time"),
    ],
)
def test_hours_that_are_none_are_named(row: ShiftRow | ChangeRow, code: str) -> None:
    shifts = (row,) if isinstance(row, ShiftRow) else ()
    changes = (row,) if isinstance(row, ChangeRow) else ()
    with pytest.raises(Faulty) as told:
        RosterTyped(place="", name="镇", shifts=shifts, changes=changes).change()

    assert [fault.code for fault in told.value.faults] == [code]


def test_from_eight_to_eight_is_a_whole_day() -> None:
    row = ShiftRow(name="全天", days=("MO", "TU"), begins="08:00", ends="08:00", people=("u",))
    change = RosterTyped(place="", name="镇", shifts=(row,), changes=()).change()

    assert change.shifts is not None
    assert (change.shifts[0].minutes, change.shifts[0].rrule) == (1440, "FREQ=WEEKLY;BYDAY=MO,TU")


def test_each_day_of_the_week_is_full_of_bars() -> None:
    for days in week(ROSTER, NOW):
        assert sum(bar.share for bar in days.bars) == pytest.approx(100)


def test_days_that_are_alike_stand_in_one_line_and_none_is_left_out() -> None:
    alike = week(msgspec.structs.replace(ROSTER, shifts=(DAY,), changes=()), NOW)
    assert [(days.last - days.at) // DAY_MS for days in alike] == [6]

    found = week(msgspec.structs.replace(ROSTER, changes=(AHEAD,)), NOW)
    assert len(found) > 1, "the first day has a change, and the weekend is another"
    days = [at for one in found for at in range(one.at, one.last + 1, DAY_MS)]
    assert days == [found[0].at + n * DAY_MS for n in range(7)]
