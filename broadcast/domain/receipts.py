"""What a loudspeaker has reported about a run, and what that makes of the whole.

Counts are cumulative: who has played was ready and was playing, in whatever order the receipts came.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

import msgspec

from devices.errors import RefusalReason
from devices.messages import Receipt, ReceiptState

MISSING_SHOWN: Final = 100
_REACHED: Final[Mapping[ReceiptState, tuple[str, ...]]] = MappingProxyType(
    {
        ReceiptState.READY: ("ready_at",),
        ReceiptState.PLAYING: ("ready_at", "playing_at"),
        ReceiptState.PREEMPTED: ("ready_at", "playing_at"),
        ReceiptState.PLAYED: ("ready_at", "playing_at", "played_at"),
        ReceiptState.HEARD: ("ready_at", "playing_at", "played_at", "heard_at"),
        ReceiptState.STOPPED: (),
        ReceiptState.REFUSED: ("failed_at",),
        ReceiptState.FAILED: ("failed_at",),
    }
)
FINAL: Final = frozenset(
    {
        ReceiptState.PLAYED,
        ReceiptState.HEARD,
        ReceiptState.STOPPED,
        ReceiptState.REFUSED,
        ReceiptState.FAILED,
    }
)
_PLAYED: Final = frozenset({ReceiptState.PLAYED, ReceiptState.HEARD})


class Progress(msgspec.Struct, frozen=True, kw_only=True):
    """One loudspeaker's part in a run; each `…_at` is when the hub first heard of it (Unix ms)."""

    run: str
    device: str
    broadcast: str
    area: str
    state: ReceiptState | None = None
    ready_at: int | None = None
    playing_at: int | None = None
    played_at: int | None = None
    heard_at: int | None = None
    failed_at: int | None = None
    reason: str = ""
    detail: str = ""
    played_ms: int | None = None
    offset_ms: int | None = None
    heard_db: float | None = None
    reported_at: int | None = None
    is_final: bool = False


class Coverage(msgspec.Struct, frozen=True, kw_only=True):
    """How far a run has come. `missing`: loudspeakers without a last word, at most 100 of them."""

    targeted: int
    ready: int
    playing: int
    played: int
    heard: int
    failed: int
    missing: tuple[str, ...]


def take(before: Progress, receipt: Receipt, now: int) -> Progress:
    """`before` with one more receipt; the very same when it says nothing new.

    A last word stands: of several, the one that it was played. What came late still counts. Who waits for the
    time may play it yet (`no_clock`): that is no last word.
    """
    waits = waits_for_time(receipt)
    names = () if waits else _REACHED[receipt.state]
    reached = {name: now for name in names if getattr(before, name) is None}
    told = {
        name: value
        for name in ("played_ms", "offset_ms", "heard_db")
        if (value := getattr(receipt, name)) is not None and value != getattr(before, name)
    }
    speaks = _speaks(before, receipt.state)
    if not reached and not told and (not speaks or receipt.state is before.state):
        return before
    after = msgspec.structs.replace(before, **reached, **told, reported_at=now)
    if not speaks:
        return after
    return msgspec.structs.replace(
        after,
        state=receipt.state,
        reason=receipt.reason or "",
        detail=receipt.detail or "",
        is_final=receipt.state in FINAL and not waits,
    )


def waits_for_time(receipt: Receipt) -> bool:
    """Whether a loudspeaker refused only because it does not know the time yet."""
    return receipt.state is ReceiptState.REFUSED and receipt.reason == RefusalReason.NO_CLOCK


def coverage(progress: Sequence[Progress]) -> Coverage:
    """The whole, from its parts."""
    missing = sorted(part.device for part in progress if not part.is_final)
    return Coverage(
        targeted=len(progress),
        ready=sum(part.ready_at is not None for part in progress),
        playing=sum(part.playing_at is not None for part in progress),
        played=sum(part.played_at is not None for part in progress),
        heard=sum(part.heard_at is not None for part in progress),
        failed=sum(part.failed_at is not None and part.played_at is None for part in progress),
        missing=tuple(missing[:MISSING_SHOWN]),
    )


def _speaks(before: Progress, state: ReceiptState) -> bool:
    """Whether `state` is what is to be shown from now on."""
    if not before.is_final or before.state is None:
        return True
    if before.state in _PLAYED:
        return state is ReceiptState.HEARD
    return state in _PLAYED
