"""What a first contact hears of a call: who has it, and that it is over; in time, and not at every click."""

from typing import Final

from hub.domain.calls import HELD, WAITING, Call

INFORM_MS: Final = 120_000  # what is new is told within two minutes; what changed again meanwhile, once
HAS, OVER = "has:", "over:"


def news(call: Call) -> str:
    """What there is to tell now; empty while nobody has the call: the plan asks for help then, in words of its own."""
    if call.merged_into is not None or call.state in WAITING:
        return ""
    if call.state not in HELD:
        return OVER + ("" if call.outcome is None else call.outcome.value)
    return "" if call.holder is None else HAS + call.holder.id


def due_at(told: Call, said: str, now: int) -> int | None:
    """When a household hears `said`; `told` is its own call, which knows what it has heard. None: it knows that.

    At once who has heard nothing, or that nobody has the call; and the end, after who has it. Other changes come
    two minutes behind what was said last, and only the newest of them.
    """
    if not said or said == told.family_told:
        return None
    first_end = said.startswith(OVER) and told.family_told.startswith(HAS)
    if not told.family_told or first_end or told.family_told_at is None or told.family_told_at > now:
        return now
    return max(now, told.family_told_at + INFORM_MS)
