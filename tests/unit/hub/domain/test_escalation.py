"""The steps of a plan: whom they ring, what is skipped, when the next falls due; whatever the plan, somebody is."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.domain import escalation
from hub.domain.escalation import Reached, Round
from hub.domain.notices import Helper
from hub.domain.plans import DEFAULT, LATEST_S, SHORTEST_GAP_S, Plan, Step, Whom, plan_faults, whom_of

LI = Helper(kind="grid_worker", name="李", phone="13900000001")
SON = Helper(kind="contact", name="儿子", phone="13900000002")
HEAD = Helper(kind="leader", name="带班", phone="", user="u-1")
BEGUN_AT = 1_790_000_000_000


class Everybody:
    """Everybody is there, but for the words in `away`."""

    def __init__(self, *away: Whom) -> None:
        self.away = away
        self.asked: list[Whom] = []

    def of(self, whom: Whom) -> Reached:
        self.asked.append(whom)
        people = {Whom.GRID_WORKER: (LI,), Whom.CONTACT: (SON,), Whom.LEADER: (HEAD,)}.get(whom, ())
        screens = () if people else (f"center:{whom.value.removesuffix('_loud')}",)
        if whom in self.away:
            return Reached(screens=screens, missing="dark" if screens else "none")
        return Reached(screens=screens, people=people)


def numbers(found: Round) -> list[int]:
    return [rung.number for rung in found.rung]


def test_at_the_press_town_and_clinic_ring_and_the_next_step_waits_its_fifteen_seconds() -> None:
    reach = Everybody()
    found = escalation.take(DEFAULT, 0, reach)

    assert numbers(found) == [0]
    assert found.rung[0].screens == ("center:town", "center:clinic")
    assert escalation.due_at(DEFAULT, found.rung, found.waits, BEGUN_AT, BEGUN_AT) == BEGUN_AT + 15_000
    assert set(reach.asked) == {Whom.TOWN, Whom.CLINIC, Whom.TOWN_LOUD}, (
        "nothing farther is looked up at a press"
    )


def test_a_dark_town_brings_the_county_and_the_grid_worker_at_once() -> None:
    found = escalation.take(DEFAULT, 0, Everybody(Whom.TOWN, Whom.TOWN_LOUD))

    assert numbers(found) == [0, 1, 2]
    assert [rung.skipped for rung in found.rung] == [False, True, False], (
        "the clinic was there, the louder ring not"
    )
    assert found.rung[2].people == (LI,)
    assert escalation.due_at(DEFAULT, found.rung, found.waits, BEGUN_AT, BEGUN_AT) == BEGUN_AT + 60_000


def test_where_no_screen_is_open_the_people_hear_of_it_in_the_same_second() -> None:
    found = escalation.take(DEFAULT, 0, Everybody(Whom.TOWN, Whom.TOWN_LOUD, Whom.CLINIC, Whom.COUNTY))

    assert numbers(found) == [0, 1, 2]
    assert [one.whom for one in found.rung[2].missed] == ["county"], (
        "the grid worker is there: the step was none too few"
    )


def test_a_step_whose_people_are_missing_is_passed_over_the_last_keeps_its_time() -> None:
    found = escalation.take(DEFAULT, 3, Everybody(Whom.LEADER, Whom.CONTACT))

    assert numbers(found) == [3], "all that the last asks have been asked: it waits"
    due = escalation.due_at(DEFAULT, found.rung, found.waits, BEGUN_AT, BEGUN_AT + 60_000)
    assert (found.waits, due) == (4, BEGUN_AT + 90_000)


def test_when_everybody_was_asked_in_the_first_second_they_are_asked_again_after_a_minute() -> None:
    nobody = Everybody(*(word for word in Whom if word is not Whom.ALL))
    found = escalation.take(DEFAULT, 0, nobody)

    assert numbers(found) == [0, 1, 2, 3]
    assert escalation.due_at(DEFAULT, found.rung, found.waits, BEGUN_AT, BEGUN_AT) == BEGUN_AT + 60_000


def test_a_last_step_with_somebody_new_is_taken_at_once_when_those_before_reach_nobody() -> None:
    plan = msgspec.structs.replace(
        DEFAULT,
        steps=(Step(after_s=0, whom=("town",)), Step(after_s=600, whom=("county", "contact"), every_s=60)),
    )
    found = escalation.take(plan, 0, Everybody(Whom.TOWN))

    assert numbers(found) == [0, 1]
    assert escalation.due_at(plan, found.rung, found.waits, BEGUN_AT, BEGUN_AT) == BEGUN_AT + 60_000


def test_the_last_step_asks_everybody_again_each_minute_and_keeps_to_the_second() -> None:
    late = BEGUN_AT + 90_000 + 340
    found = escalation.take(DEFAULT, 4, Everybody())

    assert numbers(found) == [4]
    assert set(found.rung[0].people) == {LI, SON, HEAD}
    assert escalation.due_at(DEFAULT, found.rung, found.waits, BEGUN_AT, late) == BEGUN_AT + 150_000


def test_after_a_night_without_the_hub_the_steps_follow_by_five_seconds() -> None:
    morning = BEGUN_AT + 8 * 3_600_000
    found = escalation.take(DEFAULT, 1, Everybody())

    assert (
        escalation.due_at(DEFAULT, found.rung, found.waits, BEGUN_AT, morning)
        == morning + SHORTEST_GAP_S * 1000
    )


@pytest.mark.parametrize(
    "name", ["county", "again", "plan:99", "plan:", "plan:-1", "a step of a later version"]
)
def test_a_step_that_the_plan_does_not_know_asks_everybody_again(name: str) -> None:
    assert escalation.step_number(DEFAULT, name) == len(DEFAULT.steps) - 1


WORDS = st.lists(st.sampled_from(list(Whom)), min_size=1, max_size=5, unique=True)


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """Plans as people may write them: nearly all of these are wrong somewhere, `valid` keeps the right ones."""
    count = draw(st.integers(1, 6))
    gaps = draw(st.lists(st.integers(SHORTEST_GAP_S, 120), min_size=count, max_size=count))
    words = [draw(WORDS) for _ in range(count)]
    words[0] = [Whom.TOWN, *(one for one in words[0] if one not in (Whom.TOWN, Whom.ALL))]
    words[-1] = [*words[-1], *([] if Whom.COUNTY in words[-1] else [Whom.COUNTY])]
    times = [sum(gaps[:number]) for number in range(count)]
    every = draw(st.integers(30, 600))
    steps = tuple(
        Step(after_s=at, whom=tuple(said), every_s=every if number == count - 1 else None)
        for number, (at, said) in enumerate(zip(times, words, strict=True))
    )
    return Plan(id="p", version=1, area="990421000000", name="预案", steps=steps)


@given(plans(), st.sets(st.sampled_from([one for one in Whom if one is not Whom.ALL])))
def test_any_valid_plan_rings_everybody_it_can_by_its_last_step_and_never_stops(
    plan: Plan, away: set[Whom]
) -> None:
    assert list(plan_faults(plan.name, plan.steps)) == []
    reach, now, number = Everybody(*away), BEGUN_AT, 0
    rung: list[str] = []
    for _ in range(2 * len(plan.steps) + 2):
        found = escalation.take(plan, number, reach)
        assert found.rung, "a step that falls due is taken"
        rung += [screen for one in found.rung for screen in one.screens]
        due = escalation.due_at(plan, found.rung, found.waits, BEGUN_AT, now)
        assert now + SHORTEST_GAP_S * 1000 <= due <= now + 1000 * max(LATEST_S, 600), (
            "neither in a loop nor in silence"
        )
        now, number = due, found.waits
    assert number == len(plan.steps) - 1
    assert "center:county" in rung, "whatever is away: the county's screens ring, whether or not one is open"
    if plan.steps[-1].whom and Whom.ALL not in plan.steps[-1].whom:
        assert set(whom_of(plan, number)) == set(plan.steps[-1].whom)


@given(plans(), st.sets(st.sampled_from([one for one in Whom if one is not Whom.ALL])))
def test_whoever_is_away_costs_no_time(plan: Plan, away: set[Whom]) -> None:
    """The first step that reaches anybody at all is taken in the second of the press."""
    reach = Everybody(*away)
    found = escalation.take(plan, 0, reach)
    reached = [n for n in range(len(plan.steps)) if set(whom_of(plan, n)) - away]

    if reached:
        assert reached[0] in numbers(found)
