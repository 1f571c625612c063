"""What no plan may be, each in a sentence of its own."""

from __future__ import annotations

import pytest

from hub.domain.plans import DEFAULT, Plan, Step, Whom, plan_faults, split_reference, whom_of

GOOD = (Step(after_s=0, whom=("town",)), Step(after_s=30, whom=("county",), every_s=60))


def codes(*steps: Step, name: str = "预案") -> list[tuple[str, str]]:
    return [(fault.field, fault.code) for fault in plan_faults(name, steps)]


def test_the_default_is_a_plan_but_for_a_name() -> None:
    assert [fault.code for fault in plan_faults("默认", DEFAULT.steps)] == []


@pytest.mark.parametrize(
    ("steps", "wrong"),
    [
        ((), ("steps", "plan-length")),
        ((Step(after_s=0, whom=()), GOOD[1]), ("steps.1", "plan-nobody")),
        ((Step(after_s=10, whom=("town",)), GOOD[1]), ("steps.1", "plan-start")),
        ((Step(after_s=0, whom=("contact",)), GOOD[1]), ("steps.1", "plan-no-screen")),
        ((GOOD[0], Step(after_s=30, whom=("mayor", "county"), every_s=60)), ("steps.2", "plan-whom")),
        ((GOOD[0], Step(after_s=90, whom=("contact",)), GOOD[1]), ("steps.3", "plan-loop")),
        ((GOOD[0], Step(after_s=2, whom=("county",), every_s=60)), ("steps.2", "plan-close")),
        ((GOOD[0], Step(after_s=9_000, whom=("county",), every_s=60)), ("steps.2", "plan-late")),
        ((Step(after_s=0, whom=("town",), every_s=60), GOOD[1]), ("steps.1", "plan-circle")),
        ((GOOD[0], Step(after_s=30, whom=("county",))), ("steps.2", "plan-no-end")),
        ((GOOD[0], Step(after_s=30, whom=("county",), every_s=1)), ("steps.2", "plan-again")),
        ((GOOD[0], Step(after_s=30, whom=("contact",), every_s=60)), ("steps", "plan-no-county")),
    ],
)  # fmt: skip
def test_each_mistake_is_named_where_it_stands(steps: tuple[Step, ...], wrong: tuple[str, str]) -> None:
    assert wrong in codes(*steps)


def test_a_first_step_cannot_ask_everybody_again() -> None:
    assert ("steps.1", "plan-all-first") in codes(Step(after_s=0, whom=("town", "all")), GOOD[1])


@pytest.mark.parametrize("name", ["", "  ", "长" * 81, "a\nb"])
def test_a_plan_has_a_name(name: str) -> None:
    assert codes(*GOOD, name=name) == [("name", "plan-name")]


def test_all_is_everybody_of_the_steps_before_each_once() -> None:
    plan = Plan(id="p", version=3, area="990421000000", name="预案", steps=DEFAULT.steps)

    assert whom_of(plan, 4) == (
        Whom.TOWN, Whom.CLINIC, Whom.TOWN_LOUD, Whom.COUNTY, Whom.GRID_WORKER, Whom.LEADER, Whom.CONTACT,
    )  # fmt: skip
    assert split_reference(plan.reference) == ("p", 3)
