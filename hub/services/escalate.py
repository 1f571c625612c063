"""A timer fell due: ring who is next, arm what follows. All of it rows, in one transaction with taking the timer."""

import msgspec

from hub.domain import escalation
from hub.domain.events import Detail, EventType, of_call
from hub.ports import Timer, Transaction

RETRY_MS = 5_000
RETRY_MAX_MS = 60_000


def fire(tx: Transaction, timer: Timer, now: int) -> bool:
    """Do what `timer` asks; False when another hub took it first or the call needs it no longer."""
    if not tx.timers.take(timer):
        return False
    call = tx.calls.get(timer.call)
    if call is None:
        return False
    fired = escalation.fire(timer.step, call)
    if fired.then is None:
        return False
    rung = tuple(dict.fromkeys((*call.rung, *fired.targets)))
    after = msgspec.structs.replace(call, rung=rung)
    if rung != call.rung and not tx.calls.swap(call, after):
        raise tx.collide()  # answered this instant: look again
    tx.timers.arm(call.id, fired.then.name, now + fired.then.after_ms)
    detail = Detail(targets=fired.targets, step=timer.step)
    tx.events.record(of_call(EventType.CALL_RUNG, after, now, detail=detail))
    return True


def push_ahead(tx: Transaction, timer: Timer, now: int) -> None:
    """A timer whose work failed is tried again later, so that it blocks no other."""
    wait = min(RETRY_MS * 2**timer.attempts, RETRY_MAX_MS)
    tx.timers.defer(timer, now + wait)
