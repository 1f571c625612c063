"""Two calls that are one emergency: presses, devices and whoever was sent follow into the one that goes on."""

import msgspec

from hub.domain import cases, replies
from hub.domain.calls import HELD, Call
from hub.domain.errors import Invalid, NotFound
from hub.domain.events import Detail, EventType
from hub.domain.people import User
from hub.domain.responders import ASK_MS, ResponderState
from hub.ports import Transaction
from hub.services import dispatching, handling, informing
from hub.services.casefile import prolonged, tell, tell_elder, visible, write


def merge(tx: Transaction, call_id: str, into_id: str, by: User, now: int) -> Call:
    """`call_id` becomes part of `into_id`, which comes back. Conflict: held by another, closed. Invalid: not two open
    calls of one county, or a drill and a real one. A call that `by` has takes a waiting one with it."""
    call, into = _both(tx, call_id, into_id, by)
    gone, one = cases.merge(call, into, by, now)
    write(tx, call, gone)
    write(tx, into, one)
    tell(tx, EventType.CALL_MERGED, gone, by, now, Detail(other=into_id))
    tell(tx, EventType.CALL_ABSORBED, one, by, now, Detail(other=call_id))
    joined = tx.presses.newest_of_call(call_id)
    _bring(tx, call_id, into_id, now)
    one = dispatching.follow(tx, _expecting(tx, call, prolonged(tx, one, by, now)), now)
    tell_elder(tx, into, one, now)
    if call.state in HELD and one.holder is None:
        one = handling.answer(tx, into_id, by, now)
    else:
        informing.keep_up(tx, one, now)
    for device, press in joined:  # its own call ends, and the other goes on
        tx.outbox.reply(device, replies.current(gone, press, now))
        tx.outbox.reply(device, replies.current(one, press, now))
    return one


def _expecting(tx: Transaction, gone: Call, one: Call) -> Call:
    """Whoever was awaited for `gone` is awaited as soon as before, though they come for `one` now."""
    due = [at for at in (gone.scene_due_at, one.scene_due_at) if at is not None]
    if not due or min(due) == one.scene_due_at:
        return one
    after = msgspec.structs.replace(one, scene_due_at=min(due))
    write(tx, one, after)
    tx.timers.disarm(one.id, dispatching.SCENE)
    tx.timers.arm(one.id, dispatching.SCENE, min(due))
    return after


def _both(tx: Transaction, call_id: str, into_id: str, by: User) -> tuple[Call, Call]:
    """Both calls, locked in one order everywhere."""
    if call_id == into_id:
        visible(tx, call_id, by)
        raise Invalid("merge-itself", field="into")
    first, second = sorted((call_id, into_id))
    found: dict[str, Call] = {}
    for each in (first, second):
        try:
            found[each] = visible(tx, each, by, lock=True)
        except NotFound as error:
            if each == into_id:
                visible(tx, call_id, by)  # what does not exist for them is said of the call itself first
                raise Invalid("merge-unknown", field="into") from error
            raise
    return found[call_id], found[into_id]


def _bring(tx: Transaction, call_id: str, into_id: str, now: int) -> None:
    tx.timers.disarm(call_id)
    tx.presses.follow(call_id, into_id)
    tx.responders.follow(call_id, into_id)
    tx.timers.disarm(into_id, dispatching.ASK)
    for line in tx.responders.of_call(into_id):
        if line.state is ResponderState.ASKED:
            tx.timers.arm(into_id, dispatching.ASK + line.id, max(line.asked_at + ASK_MS, now))
