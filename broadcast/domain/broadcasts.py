"""A broadcast and its states; every transition is a pure function that returns the changed one or says why not."""

from enum import StrEnum
from typing import Final

import msgspec

from broadcast.domain.people import Author, By
from broadcast.domain.priorities import Category
from broadcast.domain.schedule import Timing
from broadcast.errors import Problem, RequestError, Value


class BroadcastState(StrEnum):
    """From words to silence. A rule's broadcast goes back and forth between scheduled and running."""

    PREPARING = "preparing"
    FAILED = "failed"
    WAITING_APPROVAL = "waiting_approval"
    REJECTED = "rejected"
    SCHEDULED = "scheduled"
    RUNNING = "running"
    DONE = "done"
    STOPPED = "stopped"
    CANCELLED = "cancelled"


CHANGEABLE: Final = frozenset(BroadcastState) - {
    BroadcastState.RUNNING, BroadcastState.DONE, BroadcastState.CANCELLED
}  # fmt: skip
STOPPABLE: Final = frozenset(
    {
        BroadcastState.PREPARING,
        BroadcastState.WAITING_APPROVAL,
        BroadcastState.SCHEDULED,
        BroadcastState.RUNNING,
    }
)
FIRING: Final = frozenset({BroadcastState.SCHEDULED, BroadcastState.RUNNING})


class VoiceChoice(StrEnum):
    """Which voices may speak it: all that the county has, or none that sends the text away."""

    AUTO = "auto"
    LOCAL = "local"


class Audio(msgspec.Struct, frozen=True, kw_only=True):
    """The finished audio, by its hash, and how it came about."""

    sha256: str
    bytes: int
    ms: int
    loudness_lufs: float
    true_peak_dbtp: float
    voice: str = ""
    passed_over: tuple[str, ...] = ()


class Failure(msgspec.Struct, frozen=True):
    """Why it could not be prepared: the key of a sentence, and what stands in it."""

    problem: str
    values: dict[str, Value]


class Broadcast(msgspec.Struct, frozen=True, kw_only=True):
    """One message to zones. Times are Unix ms UTC.

    `rev` counts changes of what is heard, where and when; an approval is of one rev. `spoken` is how the text
    is read; `spoken_given` when a person wrote it so. `area` holds every zone.
    """

    id: str
    rev: int
    state: BroadcastState
    title: str
    text: str
    spoken: str
    spoken_given: bool
    recording: str | None
    category: Category
    priority: int
    volume: int
    voice: VoiceChoice
    repeat: int
    drill: bool
    zones: tuple[str, ...]
    area: str
    county_wide: bool
    needs_two: bool
    timing: Timing
    created_by: By
    created_at: int
    edited_by: By
    edited_at: int
    approved_by: By | None = None
    approved_at: int | None = None
    audio: Audio | None = None
    failure: Failure | None = None
    planned_until: int | None = None

    @property
    def is_over(self) -> bool:
        """Whether nothing of it can sound any more."""
        return self.state not in STOPPABLE


def prepared(broadcast: Broadcast, spoken: str, audio: Audio) -> Broadcast:
    """Its audio lies in the store: it waits for the second person, or for its time."""
    waits = broadcast.needs_two and broadcast.approved_by is None
    return msgspec.structs.replace(
        broadcast,
        state=BroadcastState.WAITING_APPROVAL if waits else BroadcastState.SCHEDULED,
        spoken=spoken,
        audio=audio,
        failure=None,
    )


def failed(broadcast: Broadcast, failure: Failure) -> Broadcast:
    """It could not be prepared, and nothing will sound until somebody changes it."""
    return msgspec.structs.replace(broadcast, state=BroadcastState.FAILED, failure=failure)


def approve(broadcast: Broadcast, by: Author, rev: int, now: int) -> Broadcast:
    """The second person agrees to what is heard, where and when as of `rev`."""
    _require_rev(broadcast, rev)
    _require(broadcast, BroadcastState.WAITING_APPROVAL)
    if not by.may_approve or not by.reaches(broadcast.area):
        raise RequestError(Problem.APPROVER)
    if by.id == broadcast.edited_by.id:
        raise RequestError(Problem.SAME_PERSON)
    return msgspec.structs.replace(
        broadcast, state=BroadcastState.SCHEDULED, approved_by=by.by, approved_at=now
    )


def reject(broadcast: Broadcast, by: Author, rev: int) -> Broadcast:
    """The second person does not agree; nothing sounds until it is changed."""
    _require_rev(broadcast, rev)
    _require(broadcast, BroadcastState.WAITING_APPROVAL)
    if not by.may_approve or not by.reaches(broadcast.area):
        raise RequestError(Problem.APPROVER)
    return msgspec.structs.replace(broadcast, state=BroadcastState.REJECTED)


def stop(broadcast: Broadcast) -> Broadcast:
    """Nothing of it sounds from now on; stopping what is over changes nothing."""
    if broadcast.is_over:
        return broadcast
    return msgspec.structs.replace(broadcast, state=BroadcastState.STOPPED)


def cancel(broadcast: Broadcast) -> Broadcast:
    """Taken back before it sounds, or put away afterwards. Conflict while it is on air: stop it."""
    if broadcast.state is BroadcastState.RUNNING:
        raise RequestError(Problem.ON_AIR)
    return msgspec.structs.replace(broadcast, state=BroadcastState.CANCELLED)


def changed(before: Broadcast, after: Broadcast, by: By, now: int) -> Broadcast:
    """`after` as an edit of `before`: what is heard, where or when makes a new rev, to be prepared and approved."""
    if before.state not in CHANGEABLE:
        raise _wrong_state(before)
    if heard(before) == heard(after):
        return after
    return msgspec.structs.replace(
        after,
        rev=before.rev + 1,
        state=BroadcastState.PREPARING,
        edited_by=by,
        edited_at=now,
        approved_by=None,
        approved_at=None,
        audio=None,
        failure=None,
        planned_until=None,
    )


def heard(broadcast: Broadcast) -> tuple[object, ...]:
    """All that an approval is of: what is heard, where, how loud and when."""
    return (
        broadcast.text, broadcast.spoken if broadcast.spoken_given else "", broadcast.recording, broadcast.voice,
        broadcast.repeat, broadcast.priority, broadcast.category, broadcast.volume, broadcast.drill,
        broadcast.zones, broadcast.timing,
    )  # fmt: skip


def require_rev(broadcast: Broadcast, rev: int | None) -> None:
    """Conflict when somebody has changed it since `rev`; None asks for none in particular."""
    if rev is not None:
        _require_rev(broadcast, rev)


def _require_rev(broadcast: Broadcast, rev: int) -> None:
    if broadcast.rev != rev:
        raise RequestError(Problem.CHANGED, rev=broadcast.rev)


def _require(broadcast: Broadcast, state: BroadcastState) -> None:
    if broadcast.state is not state:
        raise _wrong_state(broadcast)


def _wrong_state(broadcast: Broadcast) -> RequestError:
    problem = Problem.ON_AIR if broadcast.state is BroadcastState.RUNNING else Problem.WRONG_STATE
    return RequestError(problem, state=broadcast.state.value)
