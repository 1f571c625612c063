"""A run: one firing of a broadcast, and when it goes out, begins, is too late and is over."""

from enum import StrEnum
from typing import Final

import msgspec

LEAD_MS: Final = 60_000
"""Commands go out so long before the sound, so that every loudspeaker has fetched it by then."""
AT_ONCE_MS: Final = 6_000
"""The same for what goes out at once."""
SHORTEST_LEAD_MS: Final = 4_000
WORD_MS: Final = 15_000
"""A loudspeaker's last receipt has arrived so long after the last moment at which it could end."""

_AT_ONCE: Final = "now"


class RunState(StrEnum):
    """planned → sent → done; or skipped before it was sent; or stopped before or after."""

    PLANNED = "planned"
    SENT = "sent"
    DONE = "done"
    SKIPPED = "skipped"
    STOPPED = "stopped"


class SkipReason(StrEnum):
    """Why a run was not sent; names a sentence `run-skipped-…`."""

    LATE = "late"
    SILENT = "silent"  # no loudspeaker there any more
    GROWN = "grown"  # its groups reach the whole county now, and nobody has agreed to that


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """One firing. `slot` names rev and moment, and is unique in its broadcast; times are Unix ms.

    `send_at`: when its commands are to go out; `over_at`: when nothing of it can be heard any more, known once
    it is sent. `device`: a rehearsal on this one loudspeaker.
    """

    id: str
    broadcast: str
    slot: str
    rev: int
    state: RunState
    start_at: int
    send_at: int
    drill: bool = False
    device: str | None = None
    targeted: int = 0
    sent_at: int | None = None
    over_at: int | None = None
    ended_at: int | None = None
    reason: str = ""

    @property
    def is_at_once(self) -> bool:
        """Whether it goes out as soon as it may, whatever the clock says."""
        return self.device is not None or self.slot.endswith(f"/{_AT_ONCE}")


def at_once(run_id: str, broadcast: str, rev: int, now: int, *, drill: bool) -> Run:
    """The one run of a broadcast that goes out as soon as it may."""
    return Run(
        id=run_id,
        broadcast=broadcast,
        slot=f"{rev}/{_AT_ONCE}",
        rev=rev,
        state=RunState.PLANNED,
        start_at=now + AT_ONCE_MS,
        send_at=now,
        drill=drill,
    )


def timed(run_id: str, broadcast: str, rev: int, slot: int, *, drill: bool) -> Run:
    """The run of a moment in the schedule."""
    return Run(
        id=run_id,
        broadcast=broadcast,
        slot=f"{rev}/{slot}",
        rev=rev,
        state=RunState.PLANNED,
        start_at=slot,
        send_at=slot - LEAD_MS,
        drill=drill,
    )


def rehearsal(run_id: str, broadcast: str, rev: int, device: str, now: int) -> Run:
    """A drill on one loudspeaker, at once."""
    run = at_once(run_id, broadcast, rev, now, drill=True)
    return msgspec.structs.replace(run, slot=f"rehearsal-{run_id}", device=device)


def is_late(run: Run, late_s: int, now: int) -> bool:
    """Whether it is too late to begin."""
    return now > run.start_at + late_s * 1000


def send(run: Run, targeted: int, ms: int, late_s: int, now: int) -> Run:
    """The run as it goes out now: never before anybody could have fetched its sound."""
    start_at = max(run.start_at, now + SHORTEST_LEAD_MS)
    return msgspec.structs.replace(
        run,
        state=RunState.SENT,
        start_at=start_at,
        targeted=targeted,
        sent_at=now,
        over_at=start_at + late_s * 1000 + ms + WORD_MS,
    )


def skip(run: Run, reason: SkipReason, now: int) -> Run:
    """The run is not sent, and that is said."""
    return msgspec.structs.replace(run, state=RunState.SKIPPED, reason=reason.value, ended_at=now)


def end(run: Run, state: RunState, now: int) -> Run:
    """The run is over."""
    return msgspec.structs.replace(run, state=state, ended_at=now)
