"""The plan of a call runs: it begins at the press and whenever nobody has the call again, and its steps are taken.

Rows only: what is rung stands in the call, who is told in the outbox, what waits in the timers, all in the
transaction of the cause.
"""

import msgspec

from hub.domain import escalation
from hub.domain.calls import Call
from hub.domain.escalation import Round
from hub.domain.events import Detail, EventType, NewEvent, of_call
from hub.domain.notices import Helper, NoticeDraft
from hub.domain.plans import Plan
from hub.ports import Transaction
from hub.services.informing import about, asked_for_help
from hub.services.reaching import CallReach

FIRST, AGAIN = "first", "again"


class Begun(msgspec.Struct, frozen=True):
    """A call whose plan runs: the call with whom it rings at, and what the caller records behind its cause."""

    call: Call
    told: tuple[NewEvent, ...]

    def tell(self, tx: Transaction) -> None:
        """Record what was rung; behind the event that was the cause."""
        for event in self.told:
            tx.events.record(event)


def begin(tx: Transaction, call: Call, now: int) -> Begun:
    """(Re)start the plan of `call`, which waits: whom it rings at second 0, and its first timer.

    A call that never had a plan gets the one in force, and keeps it to its end. The caller writes `begun.call`,
    records its own event and then `begun.tell(tx)`.
    """
    plan = tx.plans.in_force(call.area) if call.plan is None else tx.plans.version(call.plan)
    fresh = msgspec.structs.replace(call, plan=plan.reference, begun_at=now, loud=False)
    return take(tx, plan, 0, fresh, now, AGAIN if call.rung else FIRST)


def take(tx: Transaction, plan: Plan, number: int, call: Call, now: int, step: str) -> Begun:
    """Take step `number` of the plan and all that follow at once; `step` is what the timeline calls it."""
    found = escalation.take(plan, number, CallReach(tx, call, now))
    due_at = escalation.due_at(plan, found.rung, found.waits, call.begun_at, now)
    tx.timers.arm(call.id, escalation.step_name(found.waits), due_at)
    people = _people(found)
    for person in people:
        _tell(tx, call, person, step_key(call, number, now))
    screens = dict.fromkeys(screen for rung in found.rung for screen in rung.screens)
    after = msgspec.structs.replace(
        asked_for_help(call) if any(person.kind == "contact" for person in people) else call,
        rung=tuple(dict.fromkeys((*call.rung, *screens))),
        loud=call.loud or any(rung.loud for rung in found.rung),
    )
    detail = Detail(
        targets=after.rung if step == AGAIN else tuple(screens),
        step=step,
        people=tuple(f"{person.kind}:{person.name}" for person in people),
        missed=tuple(dict.fromkeys(f"{one.whom}:{one.why}" for rung in found.rung for one in rung.missed)),
    )
    return Begun(after, (of_call(EventType.CALL_RUNG, after, now, detail=detail),))


def step_key(call: Call, number: int, now: int) -> str:
    """What makes a notice of one taking of one step the same notice, however often it is sent."""
    return f"{call.id}:{number}:{now}"


def _people(found: Round) -> tuple[Helper, ...]:
    """Each once, though they stand in several steps that are taken together."""
    by_address = {person.address: person for rung in reversed(found.rung) for person in rung.people}
    ordered = dict.fromkeys(person.address for rung in found.rung for person in rung.people)
    return tuple(by_address[address] for address in ordered)


def _tell(tx: Transaction, call: Call, person: Helper, key: str) -> None:
    params = {"helper": person.name, "kind": person.kind, **about(tx, call)}
    # who was told that somebody has the call must not hear that nobody ever answered
    message = "notice-call-waits" if call.answered_at is None else "notice-call-waits-again"
    draft = NoticeDraft(message=message, params=params, key=f"{key}:{person.address}")
    tx.outbox.notice(person.address, msgspec.json.encode(draft))
