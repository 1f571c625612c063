"""A call and its states (what changes them: hub.domain.cases), and what the elder's device hears of it."""

from enum import StrEnum

import msgspec

from devices.messages import Ask, ReplyState


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
AFTERWARDS = frozenset({CallState.RESOLVED, CallState.FEEDBACK})  # over, and not followed up
ASK_ON_DEVICE = "device"  # of `feedback_by`: a question that keys other than the emergency key answer


class Outcome(StrEnum):
    """How a call ended."""

    HELPED = "helped"
    AMBULANCE = "ambulance"
    FIRE = "fire"
    POLICE = "police"
    FALSE_ALARM = "false_alarm"
    NO_ANSWER = "no_answer"
    CANCELLED = "cancelled"  # by the elder; a person has asked
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
    lapses_at: int | None = None  # when its holder loses it, unless something is done before
    scene_due_at: int | None = None  # when somebody ought to be there
    coming: str | None = None  # who is on the way, as the elder may hear it
    feedback_by: str | None = None  # how the elder is asked what it was like
    merged_into: str | None = None
    plan: str | None = (
        None  # the version it was opened under (hub.domain.plans.reference); its steps never change
    )
    begun_at: int = 0  # when its plan (re)started
    loud: bool = False  # every screen that it rings at rings louder
    guests: tuple[str, ...] = ()  # clinics, other than its own, that were asked to go: they see this call
    family_told: str = ""  # what the household's first contact heard last (hub.domain.family)
    family_told_at: int | None = None

    @property
    def is_real(self) -> bool:
        """Neither a drill nor a test."""
        return not self.drill and not self.test


def reply_state(call: Call) -> ReplyState:
    """What the elder's device is told about this call now; `coming` only when somebody has accepted."""
    if call.state in WAITING:
        return ReplyState.RECEIVED
    if call.state in HELD:
        return ReplyState.ANSWERED if call.coming is None else ReplyState.COMING
    return ReplyState.CLOSED


def spoken_by(call: Call) -> str:
    """Whom the elder hears of: who comes, else who has the call. A name, or the id of a phrase for a role."""
    if reply_state(call) is ReplyState.COMING:
        return call.coming or ""
    return "" if call.holder is None else call.holder.spoken_name


def question(call: Call) -> Ask | None:
    """What the device asks the elder, if anything (CONTRACT, `ask`)."""
    return Ask.RATE if call.state is CallState.FEEDBACK and call.feedback_by == ASK_ON_DEVICE else None
