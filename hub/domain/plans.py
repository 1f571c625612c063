"""Who is called while nobody answers, as data: steps that fall due one after another, and what no plan may be."""

from collections.abc import Iterator, Sequence
from enum import StrEnum
from itertools import pairwise
from typing import Final

import msgspec

from hub.domain.errors import Fault

SHORTEST_GAP_S: Final = 5  # nobody is rung twice within it
SHORTEST_AGAIN_S: Final = 30
LONGEST_AGAIN_S: Final = 600
LATEST_S: Final = 1_800
MOST_STEPS: Final = 12
NAME_LIMIT: Final = 80


class Whom(StrEnum):
    """What a step can ring: screens of centers and clinics, and people by telephone."""

    TOWN = "town"  # the screens of the town's center
    CLINIC = "clinic"  # those of the resident's clinic
    TOWN_LOUD = "town_loud"  # every screen of the town, louder
    COUNTY = "county"
    GRID_WORKER = "grid_worker"
    DOCTOR = "doctor"  # the village doctor
    LEADER = "leader"  # 带班领导: of the town's shift, of the county's where the town has none
    CONTACT = "contact"  # the first emergency contact
    CONTACTS = "contacts"  # all of them
    ALL = "all"  # everybody of the steps before, again


class Step(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Whom to ring `after_s` seconds after the call began to wait; the last is repeated `every_s` seconds.

    `whom` are words of `Whom`, as they were written: `plan_faults` says which are none.
    """

    after_s: int
    whom: tuple[str, ...]
    every_s: int | None = None


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """One version of a plan, for `area` and all below it that has none of its own. Versions never change."""

    id: str
    version: int
    area: str
    name: str
    steps: tuple[Step, ...]

    @property
    def reference(self) -> str:
        """What a call keeps of it."""
        return f"{self.id}:{self.version}"


BUILT_IN: Final = "default"
DEFAULT: Final = Plan(  # for a county that has written none
    id=BUILT_IN,
    version=1,
    area="",
    name="",
    steps=(
        Step(after_s=0, whom=(Whom.TOWN, Whom.CLINIC)),
        Step(after_s=15, whom=(Whom.TOWN_LOUD,)),
        Step(after_s=30, whom=(Whom.COUNTY, Whom.GRID_WORKER)),
        Step(after_s=60, whom=(Whom.LEADER, Whom.CONTACT)),
        Step(after_s=90, whom=(Whom.ALL,), every_s=60),
    ),
)


def split_reference(reference: str) -> tuple[str, int]:
    """The id and version that `Plan.reference` joined."""
    plan, _, version = reference.rpartition(":")
    return plan, int(version)


def whom_of(plan: Plan, number: int) -> tuple[Whom, ...]:
    """Whom step `number` rings, with `all` spelled out, each once."""
    if Whom.ALL not in plan.steps[number].whom:
        return tuple(map(Whom, dict.fromkeys(plan.steps[number].whom)))
    words: list[Whom] = []
    for word in plan.steps[number].whom:
        if word == Whom.ALL:
            words += [one for before in range(number) for one in whom_of(plan, before)]
        else:
            words.append(Whom(word))
    return tuple(dict.fromkeys(words))


def plan_faults(name: str, steps: Sequence[Step]) -> Iterator[Fault]:
    """All that is wrong with a plan to be; each names its step, counted from 1."""
    if not name.strip() or len(name) > NAME_LIMIT or not name.isprintable():
        yield Fault("name", "plan-name", {"limit": NAME_LIMIT})
    if not 1 <= len(steps) <= MOST_STEPS:
        yield Fault("steps", "plan-length", {"limit": MOST_STEPS})
        return
    if steps[0].after_s != 0:
        yield Fault("steps.1", "plan-start", {})
    for number, step in enumerate(steps, start=1):
        yield from _whom_faults(number, step)
    yield from _time_faults(steps)
    yield from _end_faults(steps)


def _whom_faults(number: int, step: Step) -> Iterator[Fault]:
    if not step.whom:
        yield Fault(f"steps.{number}", "plan-nobody", {"step": number, "after": step.after_s})
    for word in step.whom:
        if word not in set(Whom):
            yield Fault(f"steps.{number}", "plan-whom", {"step": number, "value": word[:40]})
    if number == 1 and Whom.ALL in step.whom:
        yield Fault("steps.1", "plan-all-first", {})


def _time_faults(steps: Sequence[Step]) -> Iterator[Fault]:
    for number, (before, after) in enumerate(pairwise(steps), start=2):
        if after.after_s < before.after_s:
            yield Fault(f"steps.{number}", "plan-loop", {"step": number, "after": after.after_s})
        elif after.after_s - before.after_s < SHORTEST_GAP_S:
            yield Fault(f"steps.{number}", "plan-close", {"step": number, "seconds": SHORTEST_GAP_S})
    for number, step in enumerate(steps, start=1):
        if step.after_s > LATEST_S:
            yield Fault(f"steps.{number}", "plan-late", {"step": number, "seconds": LATEST_S})


def _end_faults(steps: Sequence[Step]) -> Iterator[Fault]:
    """A step before the last that repeats would keep the later ones waiting for ever; a last one that does not
    would leave the elder alone with a call that nobody is asked about any more."""
    for number, step in enumerate(steps[:-1], start=1):
        if step.every_s is not None:
            yield Fault(f"steps.{number}", "plan-circle", {"step": number})
    every, last = steps[-1].every_s, len(steps)
    if every is None:
        yield Fault(f"steps.{last}", "plan-no-end", {"step": last})
    elif not SHORTEST_AGAIN_S <= every <= LONGEST_AGAIN_S:
        limits: dict[str, str | int] = {"shortest": SHORTEST_AGAIN_S, "longest": LONGEST_AGAIN_S}
        yield Fault(f"steps.{last}", "plan-again", {"step": last, **limits})
    words = {word for step in steps for word in step.whom}
    if Whom.COUNTY not in words:
        yield Fault("steps", "plan-no-county", {})
    if not {Whom.TOWN, Whom.CLINIC, Whom.COUNTY}.intersection(steps[0].whom):
        yield Fault("steps.1", "plan-no-screen", {})
