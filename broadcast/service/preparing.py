"""The studio has finished, or could not: what becomes of the broadcast."""

from broadcast.domain import broadcasts
from broadcast.domain.broadcasts import Audio, Broadcast, BroadcastState, Failure
from broadcast.rows import Tale, Told, Work
from broadcast.service import planning

LEASE_MS = 45_000
"""A hub that prepares has so long, and renews it while it does; doing it twice is harmless."""


def claim(work: Work, broadcast: Broadcast, now: int) -> bool:
    """Whether this hub is to prepare it; False when another does, or it was changed."""
    return work.broadcasts.claim(broadcast.id, broadcast.rev, now, now + LEASE_MS)


def put_off(work: Work, broadcast: Broadcast, now: int, until: int) -> None:
    """The studio is away: the next try, by whichever hub, is due at `until`."""
    work.broadcasts.claim(broadcast.id, broadcast.rev, now + LEASE_MS, until)


def prepared(
    work: Work, broadcast_id: str, rev: int, spoken: str, audio: Audio, now: int
) -> Broadcast | None:
    """Its audio lies in the store. None when it was changed or stopped meanwhile."""
    before = _still(work, broadcast_id, rev)
    if before is None:
        return None
    after = broadcasts.prepared(before, spoken, audio)
    _swap(work, before, after)
    work.tell(Tale(told=Told.PREPARED, at=now, area=after.area, broadcast=after))
    planning.plan_once(work, after, now)
    return after


def failed(work: Work, broadcast_id: str, rev: int, failure: Failure, now: int) -> None:
    """It cannot be prepared as it is written."""
    before = _still(work, broadcast_id, rev)
    if before is None:
        return
    after = broadcasts.failed(before, failure)
    _swap(work, before, after)
    work.tell(Tale(told=Told.FAILED, at=now, area=after.area, broadcast=after))


def _still(work: Work, broadcast_id: str, rev: int) -> Broadcast | None:
    found = work.broadcasts.get(broadcast_id)
    if found is None or found.rev != rev or found.state is not BroadcastState.PREPARING:
        return None
    return found


def _swap(work: Work, before: Broadcast, after: Broadcast) -> None:
    if not work.broadcasts.swap(before, after):
        raise work.collide()
