"""What may be done with a call in which state, by whom; each deed is a pure function: the changed call, or why not.

Every change goes through `_moved`: `rev` grows exactly when the elder's device has something new to hear.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Final

import msgspec

from devices.ids import county_of
from hub.domain.calls import (
    AFTERWARDS,
    HELD,
    JOINABLE,
    WAITING,
    Call,
    CallState,
    Holder,
    Outcome,
    question,
    reply_state,
    spoken_by,
)
from hub.domain.errors import Conflict, Invalid
from hub.domain.people import User
from hub.domain.responders import Responder, ResponderState, is_wanted, who_comes

REMIND_MS: Final = 240_000  # a holder who has done nothing for so long is reminded
LAPSE_MS: Final = 300_000  # and after so long the call is everybody's again


class Deed(StrEnum):
    """What can happen to a call after it was raised."""

    ANSWER = "answer"
    RELEASE = "release"
    LAPSE = "lapse"
    HAND_OVER = "hand_over"
    DISPATCH = "dispatch"
    EXTEND = "extend"
    RESOLVE = "resolve"
    ASK_FEEDBACK = "ask_feedback"
    CLOSE = "close"
    CANCEL = "cancel"
    MERGE = "merge"
    REOPEN = "reopen"
    NOTE = "note"


ALLOWED: Final[Mapping[Deed, frozenset[CallState]]] = {
    Deed.ANSWER: WAITING,
    Deed.RELEASE: HELD,
    Deed.LAPSE: HELD,
    Deed.HAND_OVER: HELD | AFTERWARDS,
    Deed.DISPATCH: HELD,
    Deed.EXTEND: HELD,
    Deed.RESOLVE: HELD,
    Deed.ASK_FEEDBACK: AFTERWARDS,
    Deed.CLOSE: AFTERWARDS,
    Deed.CANCEL: JOINABLE,
    Deed.MERGE: JOINABLE,
    Deed.REOPEN: AFTERWARDS | {CallState.CLOSED},
    Deed.NOTE: JOINABLE | AFTERWARDS,
}


def require(call: Call, deed: Deed) -> None:
    """Conflict call-closed or call-wrong-state unless `deed` is one for the state that the call is in."""
    if call.state in ALLOWED[deed]:
        return
    held = {} if call.holder is None else {"holder": call.holder.name}
    if call.state is CallState.CLOSED or (deed is Deed.ANSWER and call.state in AFTERWARDS):
        raise Conflict("call-closed", **held)
    raise Conflict("call-wrong-state", state=call.state.value, **held)


def require_holder(call: Call, by: User, deed: Deed) -> None:
    """As `require`, and Conflict call-held unless `by` is the one who has the call."""
    require(call, deed)
    if call.holder is None:
        raise Conflict("call-wrong-state", state=call.state.value)
    if call.holder.id != by.id:
        raise Conflict("call-held", holder=call.holder.name)


def require_free(call: Call, by: User, deed: Deed) -> None:
    """As `require`, and Conflict call-held when somebody else has the call."""
    require(call, deed)
    if call.holder is not None and call.holder.id != by.id:
        raise Conflict("call-held", holder=call.holder.name)


def answer(call: Call, by: User, now: int, sent: Sequence[Responder] = ()) -> Call:
    """The call taken by `by`, as far as those `sent` are; the holder again changes nothing. Conflict: held, closed."""
    if call.state in HELD and call.holder is not None:
        if call.holder.id == by.id:
            return call
        raise Conflict("call-held", holder=call.holder.name)
    require(call, Deed.ANSWER)
    first = now if call.answered_at is None else call.answered_at
    return _moved(
        call, state=_held(call, sent), holder=_holder(by, now), answered_at=first, lapses_at=now + LAPSE_MS
    )


def release(call: Call, by: User) -> Call:
    """The call given back to the queue by its holder: it waits, and rings, again."""
    require_holder(call, by, Deed.RELEASE)
    return _waiting(call)


def lapse(call: Call) -> Call:
    """The call taken from a holder who did nothing for too long."""
    require(call, Deed.LAPSE)
    return _waiting(call)


def hand_over(call: Call, by: User, to: User, now: int, *, any_holder: bool = False) -> Call:
    """The call, and its follow-up, given to `to` by its holder; by others only when `any_holder`."""
    if any_holder:
        require(call, Deed.HAND_OVER)
    else:
        require_holder(call, by, Deed.HAND_OVER)
    if call.holder is not None and call.holder.id == to.id:
        return call
    lapses_at = now + LAPSE_MS if call.state in HELD else None
    return _moved(call, holder=_holder(to, now), lapses_at=lapses_at)


def follow(call: Call, sent: Sequence[Responder]) -> Call:
    """The call as those who were `sent` make it: sent or there, and whom the elder may expect."""
    if call.state not in JOINABLE:
        return call
    state = _held(call, sent) if call.state in HELD else call.state
    return _moved(call, state=state, coming=_coming(call, state, who_comes(sent)))


def prolong(call: Call, now: int) -> Call:
    """Something was done about the call: its holder has time again."""
    if call.state not in HELD:
        return call
    return _moved(call, lapses_at=max(call.lapses_at or 0, now + LAPSE_MS))


def resolve(call: Call, by: User, outcome: Outcome, now: int) -> Call:
    """The emergency is over, as its holder says; the follow-up is still to come."""
    require_holder(call, by, Deed.RESOLVE)
    if outcome is Outcome.CANCELLED:
        raise Invalid("outcome-by-confirm", field="outcome")  # only by confirming what the elder asked for
    return _moved(call, state=CallState.RESOLVED, outcome=outcome, resolved_at=now, **_NOTHING_PENDING)


def ask_feedback(call: Call, by: str) -> Call:
    """The elder was asked what it was like: `by` call_back, link or device."""
    require(call, Deed.ASK_FEEDBACK)
    return _moved(call, state=CallState.FEEDBACK, feedback_by=by)


def close(call: Call, rating: int | None, now: int) -> Call:
    """The follow-up is made (`rating` 1-5, None when the elder gave none): the case is closed."""
    require(call, Deed.CLOSE)
    if rating is not None and not 1 <= rating <= 5:
        raise Invalid("rating-range", field="rating")
    return _moved(call, state=CallState.CLOSED, rating=rating, closed_at=now)


def cancel(call: Call, by: User, now: int) -> Call:
    """The elder needs nothing, as `by` has heard from them. Conflict: held, or nobody pressed the cancel key."""
    require_free(call, by, Deed.CANCEL)
    if call.cancel_asked_at is None:
        raise Conflict("cancel-not-asked")
    holder = _holder(by, now) if call.holder is None else call.holder
    return _moved(
        call,
        state=CallState.CLOSED,
        holder=holder,
        outcome=Outcome.CANCELLED,
        resolved_at=now,
        closed_at=now,
        **_NOTHING_PENDING,
    )


def merge(call: Call, into: Call, by: User, now: int) -> tuple[Call, Call]:
    """`call` becomes part of `into`, which counts its presses. Errors say which of the two cannot be, and why."""
    if call.id == into.id:
        raise Invalid("merge-itself", field="into")
    require_free(call, by, Deed.MERGE)
    if into.state not in ALLOWED[Deed.MERGE]:
        raise Conflict("merge-into-closed", into=into.id)
    if county_of(call.area) != county_of(into.area):
        raise Invalid("merge-county", field="into")
    if call.drill != into.drill:
        raise Invalid("merge-drill", field="into")
    gone = _moved(call, state=CallState.CLOSED, merged_into=into.id, closed_at=now, **_NOTHING_PENDING)
    pressed_at = max(into.pressed_at, call.pressed_at)
    return gone, _moved(into, presses=into.presses + call.presses, pressed_at=pressed_at)


def reopen(call: Call) -> Call:
    """A case that is over, and is not: it waits and rings again. Conflict: merged, a test, or still open."""
    require(call, Deed.REOPEN)
    if call.merged_into is not None:
        raise Conflict("reopen-merged", into=call.merged_into)
    if call.test:
        raise Conflict("reopen-test")
    return _waiting(
        _moved(
            call,
            outcome=None,
            resolved_at=None,
            closed_at=None,
            rating=None,
            feedback_by=None,
            cancel_asked_at=None,
        )
    )


_NOTHING_PENDING: Final = {"lapses_at": None, "scene_due_at": None, "coming": None}


def _waiting(call: Call) -> Call:
    return _moved(call, state=CallState.RINGING, holder=None, lapses_at=None)


def _holder(by: User, now: int) -> Holder:
    return Holder(id=by.id, name=by.name, spoken_name=by.spoken_name, since=now)


def _held(call: Call, sent: Sequence[Responder]) -> CallState:
    states = {one.state for one in sent}
    if ResponderState.ARRIVED in states:
        return CallState.ON_SCENE
    if call.state is CallState.ON_SCENE and ResponderState.DONE in states:
        return CallState.ON_SCENE
    return CallState.ANSWERED if is_wanted(sent) else CallState.DISPATCHED


def _coming(call: Call, state: CallState, nearest: Responder | None) -> str | None:
    """Whom the elder may expect; once somebody was there, nobody who is still on the way takes their place."""
    if state is CallState.ON_SCENE and (nearest is None or nearest.state is not ResponderState.ARRIVED):
        return call.coming
    return None if nearest is None else nearest.spoken


def _moved(call: Call, **changes: object) -> Call:
    after: Call = msgspec.structs.replace(call, **changes)
    if _heard(after) == _heard(call):
        return after
    return msgspec.structs.replace(after, rev=call.rev + 1)


def _heard(call: Call) -> tuple[object, ...]:
    return reply_state(call), spoken_by(call), question(call), call.merged_into
