"""Runs as rows: one for what goes out once, two days ahead for what comes again; each slot once for ever."""

from collections.abc import Sequence

import msgspec

from broadcast.domain import runs, schedule
from broadcast.domain.broadcasts import FIRING, Broadcast, BroadcastState
from broadcast.domain.runs import Run, RunState, SkipReason
from broadcast.rows import Tale, Told, Work

MOST_MISSED = 50
"""So many missed slots are told one by one; a hub that was off for a month tells no more."""


def plan_once(work: Work, broadcast: Broadcast, now: int) -> None:
    """The one run of what goes out now or at a moment; nothing for a rule, or while it waits for approval."""
    if broadcast.state is not BroadcastState.SCHEDULED or broadcast.timing.rrule is not None:
        return
    if broadcast.timing.at is None:
        run = runs.at_once(work.new_id("rn", now), broadcast.id, broadcast.rev, now, drill=broadcast.drill)
    else:
        run = _timed(work, broadcast, broadcast.timing.at, now)
    _plan(work, broadcast, run, now)


def plan_slots(work: Work, planned: Broadcast, slots: Sequence[int], until: int, now: int) -> int:
    """Write down the runs of a rule up to `until`; how many. `planned`: the broadcast that they were found for."""
    broadcast = work.broadcasts.get(planned.id)
    if broadcast is None or broadcast.rev != planned.rev or broadcast.state not in FIRING:
        return 0
    if broadcast.planned_until != planned.planned_until:
        return 0  # another hub was first
    past = [slot for slot in slots if slot < now]
    coming = [slot for slot in slots if slot >= now]
    for slot in (*past[-MOST_MISSED:], *coming):
        _plan(work, broadcast, _timed(work, broadcast, slot, now), now)
    after = msgspec.structs.replace(broadcast, planned_until=until)
    if not work.broadcasts.swap(broadcast, after):
        raise work.collide()
    return len(coming)


def skip(work: Work, broadcast: Broadcast, before: Run | None, after: Run) -> bool:
    """A run is not sent, and that is said; False when it is known already."""
    known = not work.runs.insert(after) if before is None else not work.runs.swap(before, after)
    if known:
        return False
    at = after.ended_at or 0
    work.tell(Tale(told=Told.RUN_SKIPPED, at=at, area=broadcast.area, broadcast=broadcast, run=after))
    return True


def settle(work: Work, broadcast_id: str, now: int) -> None:
    """A run has ended: the broadcast is over, waits for its next one, or another still sounds."""
    broadcast = work.broadcasts.get(broadcast_id)
    if broadcast is None or broadcast.state not in FIRING:
        return
    left = [
        run
        for run in work.runs.of_broadcast(broadcast_id, (RunState.PLANNED, RunState.SENT))
        if not run.device
    ]
    if any(run.state is RunState.SENT for run in left):
        return
    # asked last: a dense rule is expanded from its first day on, and this is a transaction
    state = BroadcastState.SCHEDULED if left or _fires_again(broadcast, now) else BroadcastState.DONE
    if state is broadcast.state:
        return
    after = msgspec.structs.replace(broadcast, state=state)
    if not work.broadcasts.swap(broadcast, after):
        raise work.collide()
    if state is BroadcastState.DONE:
        work.tell(Tale(told=Told.ENDED, at=now, area=after.area, broadcast=after))


def _fires_again(broadcast: Broadcast, now: int) -> bool:
    """Whether a moment of its rule is not written down yet and still to come."""
    if broadcast.timing.rrule is None:
        return False
    return schedule.rule_of(broadcast.timing).fires_after(broadcast.planned_until or now)


def _plan(work: Work, broadcast: Broadcast, run: Run, now: int) -> None:
    if not runs.is_late(run, broadcast.timing.late_s, now):
        work.runs.insert(run)
        return
    if skip(work, broadcast, None, runs.skip(run, SkipReason.LATE, now)) and broadcast.timing.rrule is None:
        settle(work, broadcast.id, now)


def _timed(work: Work, broadcast: Broadcast, slot: int, now: int) -> Run:
    return runs.timed(work.new_id("rn", now), broadcast.id, broadcast.rev, slot, drill=broadcast.drill)
