"""What a step of a plan comes to: pure decisions about whom to ring now, whom one cannot, and what waits next."""

from collections.abc import Sequence
from typing import Final, Protocol

import msgspec

from hub.domain.notices import Helper
from hub.domain.plans import SHORTEST_GAP_S, Plan, Whom, whom_of

PREFIX: Final = "plan:"
LONGEST_MS: Final = 1_800_000  # no timer of a plan lies farther ahead (hub.domain.plans.LATEST_S)


class Reached(msgspec.Struct, frozen=True, kw_only=True):
    """What one word of a step comes to now: the screens that ring, the people who are told, and, when nobody
    would notice, why (`missing`: none, dark, no_phone)."""

    screens: tuple[str, ...] = ()
    people: tuple[Helper, ...] = ()
    missing: str = ""


class Reach(Protocol):
    """Who can be reached for one call at one moment."""

    def of(self, whom: Whom) -> Reached:
        """Asked as seldom as can be: it may cost a look into the register."""
        ...


class Missed(msgspec.Struct, frozen=True):
    """Whom a step could not reach, and why."""

    whom: str
    why: str


class Rung(msgspec.Struct, frozen=True, kw_only=True):
    """What step `number` does when it is taken. `skipped`: it reached nobody, so the next was taken at once."""

    number: int
    screens: tuple[str, ...]
    people: tuple[Helper, ...]
    missed: tuple[Missed, ...]
    loud: bool
    skipped: bool


class Round(msgspec.Struct, frozen=True):
    """The steps that are taken in one go, and the one that waits."""

    rung: tuple[Rung, ...]
    waits: int


def step_name(number: int) -> str:
    """The timer of step `number`."""
    return f"{PREFIX}{number}"


def step_number(plan: Plan, name: str) -> int:
    """The step that a timer's `name` means; the last for a name that means none: better a ring too many."""
    last = len(plan.steps) - 1
    digits = name.removeprefix(PREFIX)
    return min(int(digits), last) if name.startswith(PREFIX) and digits.isdecimal() else last


def take(plan: Plan, number: int, reach: Reach) -> Round:
    """Step `number` is due. A step that reaches nobody is skipped: the next is taken at once; not so the last when
    all that it asks have just been asked."""
    last, must, taken = len(plan.steps) - 1, True, list[Rung]()
    while number < last or (number == last and (not taken or _asks_others(plan))):
        if not must and _reaches(plan, number, reach):
            break
        rung = ring(plan, number, reach)
        taken.append(rung)
        must = rung.skipped
        number += 1
    return Round(tuple(taken), min(number, last))


def _reaches(plan: Plan, number: int, reach: Reach) -> bool:
    """Whether step `number` would reach anybody; looks no farther than the first."""
    return any(not reach.of(word).missing for word in whom_of(plan, number))


def _asks_others(plan: Plan) -> bool:
    """Whether the last step asks anybody whom none before it asks."""
    last = len(plan.steps) - 1
    return bool(set(whom_of(plan, last)) - {word for number in range(last) for word in whom_of(plan, number)})


def ring(plan: Plan, number: int, reach: Reach) -> Rung:
    """What step `number` comes to now."""
    words = whom_of(plan, number)
    found = [(word, reach.of(word)) for word in words]
    missed = tuple(Missed(word.value, one.missing) for word, one in found if one.missing)
    return Rung(
        number=number,
        screens=tuple(dict.fromkeys(screen for _, one in found for screen in one.screens)),
        people=tuple(dict.fromkeys(person for _, one in found for person in one.people)),
        missed=missed,
        loud=Whom.TOWN_LOUD in words,
        skipped=len(missed) == len(found),
    )


def due_at(plan: Plan, taken: Sequence[Rung], waits: int, begun_at: int, now: int) -> int:
    """When step `waits` falls due (Unix ms), after `taken` at `now`, of a plan that began at `begun_at`.

    To the second of the plan. When all others have been asked early, because they were passed over, everybody is
    asked again after the plan's own interval and not later. After a time in which nothing could fire the steps
    follow each other by five seconds, so that nobody who stands in two of them is rung twice at once.
    """
    step = plan.steps[waits]
    every_ms = LONGEST_MS if step.every_s is None else step.every_s * 1000
    if any(rung.number == waits for rung in taken):  # the last, again
        return now + every_ms - (now - begun_at - step.after_s * 1000) % 1000
    due = min(begun_at + step.after_s * 1000, now + every_ms)
    return max(due, now + SHORTEST_GAP_S * 1000)
