"""Somebody has a call, or nobody has it again: the timers that go with it."""

import msgspec

from hub.domain import cases
from hub.domain.calls import Call
from hub.domain.events import Detail, EventType
from hub.domain.people import User
from hub.ports import Transaction
from hub.services import ringing
from hub.services.casefile import tell, tell_elder, write

PLAN = "plan:"  # steps of the plan: nobody has the call (hub.services.escalate)
REMIND, LAPSE = "case.remind", "case.lapse"


def taken(tx: Transaction, call: Call, now: int) -> None:
    """Somebody has the call now: nobody else is rung, and they have four minutes to do something."""
    tx.timers.disarm(call.id, PLAN)
    tx.timers.arm(call.id, REMIND, now + cases.REMIND_MS)


def give_back(
    tx: Transaction, before: Call, waiting: Call, cause: EventType, by: User | None, now: int, note: str = ""
) -> Call:
    """The call waits again, for `cause`: its plan begins anew, and the elder hears so."""
    tx.timers.disarm(before.id, REMIND)
    tx.timers.disarm(before.id, LAPSE)
    begun = ringing.begin(tx, waiting, now)
    write(tx, before, begun.call)
    holder = "" if before.holder is None or waiting.holder is not None else before.holder.name
    tell(tx, cause, begun.call, by, now, Detail(note=note, holder=holder))
    begun.tell(tx)
    tell_elder(tx, before, begun.call, now)
    return begun.call


def watch(tx: Transaction, call: Call, step: str, now: int) -> bool:
    """A holder's timer fell due: remind them, or take the call away; each only when nothing was done meanwhile.

    `lapses_at` on the call is the truth, moved by each deed; a timer that comes too early arms the next.
    """
    if call.holder is None or call.lapses_at is None:
        return False
    if (
        call.lapses_at > now + cases.LAPSE_MS
    ):  # written by a clock that was ahead: they have their time from now
        after = msgspec.structs.replace(call, lapses_at=now + cases.LAPSE_MS)
        write(tx, call, after)
        tx.timers.arm(call.id, REMIND, now + cases.REMIND_MS)
        return False
    remind_at = call.lapses_at - (cases.LAPSE_MS - cases.REMIND_MS)
    if now >= call.lapses_at:
        give_back(tx, call, cases.lapse(call), EventType.CALL_LAPSED, None, now)
        return True
    if now < remind_at:
        tx.timers.arm(call.id, REMIND, remind_at)
        return False
    tx.timers.arm(call.id, LAPSE, call.lapses_at)
    if step == REMIND:
        tell(tx, EventType.CALL_REMINDED, call, None, now, Detail(to=call.holder.name))
    return step == REMIND
