"""A call and its states; every transition is a pure function that returns the changed call or says why not."""

from enum import StrEnum

import msgspec

from devices.messages import ReplyState
from hub.domain.errors import Conflict, Invalid
from hub.domain.people import User


class CallState(StrEnum):
    """report → dispatch → handle → feedback → rate (CONTRACT)."""

    RAISED = "raised"
    RINGING = "ringing"
    ANSWERED = "answered"
    DISPATCHED = "dispatched"
    ON_SCENE = "on_scene"
    RESOLVED = "resolved"
    FEEDBACK = "feedback"
    CLOSED = "closed"


WAITING = frozenset({CallState.RAISED, CallState.RINGING})
HELD = frozenset({CallState.ANSWERED, CallState.DISPATCHED, CallState.ON_SCENE})
JOINABLE = WAITING | HELD


class Outcome(StrEnum):
    """How a call ended."""

    HELPED = "helped"
    AMBULANCE = "ambulance"
    FIRE = "fire"
    POLICE = "police"
    FALSE_ALARM = "false_alarm"
    NO_ANSWER = "no_answer"
    OTHER = "other"


class Holder(msgspec.Struct, frozen=True, kw_only=True):
    """The one person who has the call. `spoken_name` is what the elder hears."""

    id: str
    name: str
    spoken_name: str
    since: int


class Call(msgspec.Struct, frozen=True, kw_only=True):
    """One emergency. Times are Unix ms UTC; `rev` counts what the device is told."""

    id: str
    kind: str
    state: CallState
    device: str
    resident: str | None
    resident_name: str | None
    area: str
    clinic: str | None
    raised_at: int
    rev: int = 1
    holder: Holder | None = None
    pressed_at: int = 0
    presses: int = 1
    decoded: bool = True
    late: bool = False
    drill: bool = False
    test: bool = False
    rung: tuple[str, ...] = ()
    resolved_at: int | None = None
    outcome: Outcome | None = None
    closed_at: int | None = None
    rating: int | None = None
    cancel_asked_at: int | None = None
    linked: str | None = None
    answered_at: int | None = None  # by the first who took it
    lapses_at: int | None = None  # when its holder loses it, unless somebody does something before
    scene_due_at: int | None = None  # when somebody ought to be there
    coming: str | None = None  # who is on the way, as the elder may hear it
    feedback_by: str | None = None  # how the elder is asked what it was like
    merged_into: str | None = None
    plan: str | None = None  # the version it was opened under (hub.domain.plans.reference); its steps never change
    begun_at: int = 0  # when its plan (re)started
    loud: bool = False  # every screen that it rings at rings louder

    @property
    def is_real(self) -> bool:
        """Neither a drill nor a test."""
        return not self.drill and not self.test


def reply_state(call: Call) -> ReplyState:
    """What the elder's device is told about this call now."""
    if call.state in WAITING:
        return ReplyState.RECEIVED
    if call.state in HELD:
        return ReplyState.ANSWERED if call.state is CallState.ANSWERED else ReplyState.COMING
    return ReplyState.CLOSED


def answer(call: Call, by: User, now: int) -> Call:
    """The call taken by `by`; the holder answering again changes nothing. Conflict: held, closed."""
    if call.holder is not None and call.holder.id == by.id and call.state in HELD:
        return call
    if call.state in HELD and call.holder is not None:
        raise Conflict("call-held", holder=call.holder.name)
    if call.state not in WAITING:
        raise Conflict("call-closed")
    holder = Holder(id=by.id, name=by.name, spoken_name=by.spoken_name, since=now)
    return msgspec.structs.replace(call, state=CallState.ANSWERED, holder=holder, rev=call.rev + 1)


def release(call: Call, by: User) -> Call:
    """The call given back to the queue by its holder: it waits, and rings, again."""
    _require_holder(call, by)
    return msgspec.structs.replace(call, state=CallState.RINGING, holder=None, rev=call.rev + 1)


def resolve(call: Call, by: User, outcome: Outcome, now: int) -> Call:
    """The emergency is over, as its holder says; the follow-up is still to come."""
    _require_holder(call, by)
    return msgspec.structs.replace(
        call, state=CallState.RESOLVED, outcome=outcome, resolved_at=now, rev=call.rev + 1
    )


def close(call: Call, rating: int | None, now: int) -> Call:
    """The follow-up is made (`rating` 1-5, None when the elder gave none): the case is closed."""
    if call.state not in (CallState.RESOLVED, CallState.FEEDBACK):
        raise Conflict("call-wrong-state", state=call.state.value)
    if rating is not None and not 1 <= rating <= 5:
        raise Invalid("rating-range", field="rating")
    return msgspec.structs.replace(call, state=CallState.CLOSED, rating=rating, closed_at=now)


def join(call: Call, now: int) -> Call:
    """One more press of the same household."""
    return msgspec.structs.replace(call, presses=call.presses + 1, pressed_at=now)


def require_open(call: Call) -> None:
    """Conflict unless somebody can still work on the call (notes are welcome until it is closed)."""
    if call.state is CallState.CLOSED:
        raise Conflict("call-closed")


def _require_holder(call: Call, by: User) -> None:
    if call.state not in HELD or call.holder is None:
        raise Conflict("call-wrong-state", state=call.state.value)
    if call.holder.id != by.id:
        raise Conflict("call-held", holder=call.holder.name)
