"""The plan of a call begins: at the press, and whenever nobody has the call again."""

import msgspec

from hub.domain import escalation, routing
from hub.domain.calls import Call
from hub.domain.events import Detail, EventType, NewEvent, of_call
from hub.ports import Transaction


class Begun(msgspec.Struct, frozen=True):
    """A call whose plan runs: the call with whom it rings at, and what the caller records behind its cause."""

    call: Call
    told: tuple[NewEvent, ...]

    def tell(self, tx: Transaction) -> None:
        """Record what was rung; behind the event that was the cause."""
        for event in self.told:
            tx.events.record(event)


def begin(tx: Transaction, call: Call, now: int) -> Begun:
    """(Re)start the plan of `call`, which waits: whom it rings at second 0, and its first timers.

    The caller writes `begun.call`, records its own event and then `begun.tell(tx)`.
    """
    town = routing.town_center(call.area)
    live = town is not None and tx.desks.is_live(town, now)
    first = routing.first_targets(call.area, call.clinic, town_is_live=live)
    after = msgspec.structs.replace(call, rung=tuple(dict.fromkeys((*call.rung, *first))))
    step = escalation.after_opening()
    tx.timers.arm(after.id, step.name, now + step.after_ms)
    name = "again" if call.rung else "first"
    rung = of_call(EventType.CALL_RUNG, after, now, detail=Detail(targets=after.rung, step=name))
    return Begun(after, (rung,))
