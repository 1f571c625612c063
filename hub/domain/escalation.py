"""What happens while nobody answers. Each step is a durable timer; firing it decides who rings and what follows."""

import msgspec

from hub.domain.calls import WAITING, Call
from hub.domain.routing import county_center

COUNTY_AFTER_MS = 30_000
AGAIN_EVERY_MS = 60_000
LONGEST_MS = max(COUNTY_AFTER_MS, AGAIN_EVERY_MS)  # no timer lies farther ahead


class Step(msgspec.Struct, frozen=True):
    """A timer to arm: its name and how long after the cause it falls due."""

    name: str
    after_ms: int


class Fired(msgspec.Struct, frozen=True):
    """What a due step asks for; no targets and no next step: the call needs it no longer."""

    targets: tuple[str, ...] = ()
    then: Step | None = None


COUNTY = Step("county", COUNTY_AFTER_MS)
AGAIN = Step("again", AGAIN_EVERY_MS)


def after_opening() -> Step:
    """The first timer of a call: nobody has answered for 30 s. The county is rung (again, where it rang at once)."""
    return COUNTY


def fire(step: str, call: Call) -> Fired:
    """What to do when `step` of `call` falls due. An unknown step rings again: better a ring too many."""
    if call.state not in WAITING:
        return Fired()
    if step == COUNTY.name:
        return Fired((county_center(call.area),), AGAIN)
    return Fired(call.rung, AGAIN)
