"""What is unprotected: villages in the night, dark places, gaps ahead."""

from __future__ import annotations

from hub.domain.coverage import (
    Hours,
    Post,
    Village,
    common,
    dark_desks,
    night_of,
    roster_troubles,
    village_gaps,
)
from hub.domain.rosters import Roster
from tests.unit.hub.domain.test_rosters import DAY, HOUR, NIGHT, at, roster

VILLAGE = Village("990421101201", "上坪村")
TOWN = "990421101000"
NIGHT_HOURS = Hours(at("2026-11-20T20:00"), at("2026-11-21T08:00"))


def center(*, staff: int = 2, awake: bool = False, kept: Roster | None = None, area: str = TOWN) -> Post:
    return Post(place=f"center:{area}", name="石桥镇", area=area, staff=staff, awake=awake, roster=kept)


def clinic(kept: Roster | None = None, staff: int = 1) -> Post:
    return Post(place="clinic:c-1", name="卫生院", area=TOWN, staff=staff, awake=False, roster=kept)


def test_the_night_is_what_is_left_of_it_or_the_next() -> None:
    assert night_of(at("2026-11-20T10:00")) == NIGHT_HOURS
    assert night_of(at("2026-11-20T23:30")) == Hours(at("2026-11-20T23:30"), at("2026-11-21T08:00"))
    assert night_of(at("2026-11-21T03:00")) == Hours(at("2026-11-21T03:00"), at("2026-11-21T08:00"))
    assert night_of(at("2026-11-21T08:00")).since == at("2026-11-21T20:00")


def test_a_village_whose_center_goes_home_at_eight_has_nobody_tonight() -> None:
    (gap,) = village_gaps([VILLAGE], [center(kept=roster(DAY))], NIGHT_HOURS)

    assert (gap.area, gap.hours) == (VILLAGE.code, (NIGHT_HOURS,))


def test_a_clinic_that_is_manned_is_somebody() -> None:
    posts = [center(kept=roster(DAY)), clinic(kept=roster(NIGHT, place="clinic:c-1"))]

    assert village_gaps([VILLAGE], posts, NIGHT_HOURS) == []


def test_the_center_of_another_town_is_nobody() -> None:
    assert village_gaps([VILLAGE], [center(area="990421102000")], NIGHT_HOURS) != []


def test_without_a_roster_whoever_belongs_there_counts_and_nobody_is_nobody() -> None:
    assert village_gaps([VILLAGE], [center()], NIGHT_HOURS) == []
    assert village_gaps([VILLAGE], [center(staff=0), clinic(staff=0)], NIGHT_HOURS) != []


def test_only_the_hours_that_all_leave_empty_count() -> None:
    whole = Hours(0, 100)

    assert common([[Hours(0, 50)], [Hours(20, 100)]], whole) == [Hours(20, 50)]
    assert common([[Hours(0, 50)], []], whole) == []
    assert common([], whole) == [whole]


def test_dark_places_say_how_many_should_sit_there() -> None:
    posts = [center(awake=True), clinic(kept=roster(NIGHT, place="clinic:c-1"), staff=3)]
    (dark,) = dark_desks(posts, at("2026-11-20T12:00"))

    assert (dark.place, dark.staff, dark.on_duty) == ("clinic:c-1", 3, 0)


def test_rosters_with_gaps_in_the_next_week_are_named() -> None:
    whole, holes = roster(DAY, NIGHT), roster(DAY)
    (trouble,) = roster_troubles([whole, holes], at("2026-11-20T12:00"))

    assert [gap.until - gap.since for gap in trouble.gaps] == [12 * HOUR] * 7
