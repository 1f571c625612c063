"""A timer fell due: ring who is next, arm what follows; one transaction with taking the timer."""

import msgspec

from hub.domain import escalation
from hub.domain.calls import Call
from hub.domain.events import Detail, EventType, of_call
from hub.domain.notices import NoticeDraft
from hub.ports import Timer, Transaction
from hub.services import casework

RETRY_MS = 5_000
RETRY_MAX_MS = 60_000
CASE = "case."  # steps of a call that somebody has


def fire(tx: Transaction, timer: Timer, now: int) -> bool:
    """Do what `timer` asks; False when another hub took it first or the call needs it no longer."""
    if not tx.timers.take(timer):
        return False
    call = tx.calls.get(timer.call)
    if call is None:
        return False
    if timer.step.startswith(CASE):
        return casework.fire(tx, timer, call, now)
    fired = escalation.fire(timer.step, call)
    if fired.then is None:
        return False
    rung = tuple(dict.fromkeys((*call.rung, *fired.targets)))
    after = msgspec.structs.replace(call, rung=rung)
    if rung != call.rung and not tx.calls.swap(call, after):
        raise tx.collide()  # answered this instant: look again
    tx.timers.arm(call.id, fired.then.name, now + fired.then.after_ms)
    if timer.step == escalation.COUNTY.name:
        _tell_helpers(tx, after)
    detail = Detail(targets=fired.targets, step=timer.step)
    tx.events.record(of_call(EventType.CALL_RUNG, after, now, detail=detail))
    return True


def _tell_helpers(tx: Transaction, call: Call) -> None:
    """Nobody at the center or the clinic has answered yet: those who live near hear of it."""
    if call.resident is None or not call.is_real:
        return
    for helper in tx.register.helpers(call.resident):
        params = {"helper": helper.name, "resident": call.resident_name or "", "kind": helper.kind}
        draft = NoticeDraft(message="notice-call-waits", params=params)
        tx.outbox.notice(f"sms:{helper.phone}", msgspec.json.encode(draft))


def hasten(tx: Transaction, now: int) -> int:
    """At the start: timers farther ahead than any step were armed by a clock that has been set back since; they
    would keep silent for as long. How many."""
    return tx.timers.hasten(now + max(escalation.LONGEST_MS, RETRY_MAX_MS), now)


def push_ahead(tx: Transaction, timer: Timer, now: int) -> None:
    """A timer whose work failed is tried again later, so that it blocks no other."""
    wait = min(RETRY_MS * 2**timer.attempts, RETRY_MAX_MS)
    tx.timers.defer(timer, now + wait)
