"""A timer fell due: take the step of the plan; one transaction with taking the timer."""

import msgspec

from hub.domain import escalation
from hub.domain.calls import WAITING, Call
from hub.domain.plans import Plan
from hub.ports import Timer, Transaction
from hub.services import casework, ringing

RETRY_MS = 5_000
RETRY_MAX_MS = 60_000
CASE = "case."  # steps of a call that somebody has


def fire(tx: Transaction, timer: Timer, now: int) -> bool:
    """Do what `timer` asks; False when another hub took it first or the call needs it no longer."""
    # the call before its timer, as whoever answers goes: else they wait for each other, or the answer does not see
    # the timer that this step arms
    call = tx.calls.lock(timer.call)
    if not tx.timers.take(timer) or call is None:
        return False
    if timer.step.startswith(CASE):
        return casework.fire(tx, timer, call, now)
    if call.state not in WAITING:
        return False
    plan = tx.plans.version(call.plan)
    number = escalation.step_number(plan, timer.step)
    name = ringing.AGAIN if number == len(plan.steps) - 1 else escalation.step_name(number)
    begun = ringing.take(tx, plan, number, _in_time(call, plan, number, now), now, name)
    if begun.call != call and not tx.calls.swap(call, begun.call):
        raise tx.collide()  # answered this instant: look again
    begun.tell(tx)
    return True


def hasten(tx: Transaction, now: int, *, was_set: bool = False) -> int:
    """Timers farther ahead than any step, and of calls that began in the future, were armed by a clock that has
    been set back since, or by another hub's; they would keep silent for as long. When ours `was_set`, so were those
    that look right: all who wait ring now. How many."""
    plans = tx.timers.hasten(now if was_set else now + max(escalation.LONGEST_MS, RETRY_MAX_MS), now)
    steps = casework.FARTHEST_MS.items()
    return plans + sum(tx.timers.hasten_step(step, now + ms + RETRY_MAX_MS, now) for step, ms in steps)


def _in_time(call: Call, plan: Plan, number: int, now: int) -> Call:
    """A plan that began in the future would take its next steps there: it began when this step makes it to have."""
    if call.begun_at <= now:
        return call
    return msgspec.structs.replace(call, begun_at=now - plan.steps[number].after_s * 1000)


def push_ahead(tx: Transaction, timer: Timer, now: int) -> None:
    """A timer whose work failed is tried again later, so that it blocks no other."""
    wait = min(RETRY_MS * 2**timer.attempts, RETRY_MAX_MS)
    tx.timers.defer(timer, now + wait)
