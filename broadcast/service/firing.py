"""A run goes out, once, or is skipped; and it ends."""

import hashlib
from collections.abc import Sequence

import msgspec

from broadcast.domain import priorities, receipts, runs
from broadcast.domain.broadcasts import FIRING, Audio, Broadcast, BroadcastState
from broadcast.domain.people import Author
from broadcast.domain.runs import Run, RunState, SkipReason
from broadcast.errors import Problem, RequestError
from broadcast.rows import Address, Order, Tale, Told, Work
from broadcast.service import places, planning
from broadcast.service.places import Targets
from broadcast.service.writing import own
from devices.commands import AudioRef

TEXT_LIMIT = 200


class _Play(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="type", tag="play"):
    """`devices.commands.PlayCommand` before the signer."""

    broadcast: str
    run: str
    priority: int
    volume: int
    audio: tuple[AudioRef]
    start_at: int
    text: str = ""
    drill: bool = False


def dispatch(work: Work, run_id: str, now: int) -> Run | None:
    """Send a planned run: commands queued, loudspeakers targeted, all in one transaction with taking it.

    None when another hub has it, or nothing is to sound any more; a run that comes too late, or reaches nobody
    any more, is skipped and that is told.
    """
    run = work.runs.get(run_id)
    broadcast = None if run is None else work.broadcasts.get(run.broadcast)
    if run is None or broadcast is None or broadcast.audio is None or run.state is not RunState.PLANNED:
        return None
    if run.device is None and (broadcast.state not in FIRING or broadcast.rev != run.rev):
        work.runs.forget_planned(broadcast.id)
        return None
    if runs.is_late(run, broadcast.timing.late_s, now):
        _skip(work, broadcast, run, SkipReason.LATE, now)
        return None
    targets = _targets(work, broadcast, run)
    if not targets.loudspeakers:
        _skip(work, broadcast, run, SkipReason.SILENT, now)
        return None
    if run.device is None and _wants_second_person(work, broadcast, targets):
        _skip(work, broadcast, run, SkipReason.GROWN, now)
        return None
    if run.device is None:
        _begin(work, broadcast)
    sent = runs.send(run, len(targets.loudspeakers), broadcast.audio.ms, broadcast.timing.late_s, now)
    if not work.runs.swap(run, sent):
        raise work.collide()  # taken or stopped this instant: look again
    work.runs.target(sent, targets.loudspeakers)
    _order(work, broadcast, broadcast.audio, sent, targets, now)
    return sent


def send_again(work: Work, run_id: str, device: str, now: int) -> bool:
    """A loudspeaker that refused a run for want of a clock knows the time now: it is told once more, by itself.
    False: it is too late, or the run needs it no longer. Whoever stops the run learns of the new address."""
    run, part = work.runs.get(run_id), work.runs.progress(run_id, device)
    if run is None or part is None or run.state is not RunState.SENT or part.is_final or part.ready_at:
        return False
    broadcast, found = work.broadcasts.get(run.broadcast), work.places.loudspeaker(device)
    if broadcast is None or broadcast.audio is None or found is None:
        return False
    if runs.is_late(run, broadcast.timing.late_s, now):
        return False
    if not work.runs.swap(run, run):
        return False  # stopped this instant
    name = hashlib.sha256(device.encode()).hexdigest()[:12]
    address = Address(found.id, found.area, is_device=True)
    if not work.order(_order_of(broadcast, broadcast.audio, run, f"{run.id}-t{name}", address), now):
        return False
    _tell_sent(work, broadcast, run, work.runs.addresses(run.id), now)
    return True


def rehearse(work: Work, broadcast_id: str, device: str, by: Author, now: int) -> Run:
    """Let one loudspeaker play it now, marked as a drill, whatever it still waits for. Conflict: not prepared."""
    broadcast = own(work, broadcast_id, by)
    if broadcast.audio is None:
        raise RequestError(Problem.NOT_PREPARED)
    places.one(work.places, device, by)
    run = runs.rehearsal(work.new_id("rn", now), broadcast.id, broadcast.rev, device, now)
    work.runs.insert(run)
    return run


def end(work: Work, run_id: str, now: int) -> bool:
    """End a run of which every loudspeaker has said its last word, or whose time is over; False: not yet."""
    run = work.runs.get(run_id)
    if run is None or run.state is not RunState.SENT:
        return False
    progress = work.runs.all_progress(run_id)
    if not all(part.is_final for part in progress) and now < (run.over_at or now):
        return False
    broadcast = work.broadcasts.get(run.broadcast)
    after = runs.end(run, RunState.DONE, now)
    if broadcast is None or not work.runs.swap(run, after):
        raise work.collide()
    whole = receipts.coverage(progress)
    work.tell(
        Tale(told=Told.RUN_ENDED, at=now, area=broadcast.area, broadcast=broadcast, run=after, coverage=whole)
    )
    if run.device is None:
        planning.settle(work, broadcast.id, now)
    return True


def _begin(work: Work, broadcast: Broadcast) -> None:
    """Also of a rule that is running already: who stops it on another hub must find this run sent, or not at all."""
    running = msgspec.structs.replace(broadcast, state=BroadcastState.RUNNING)
    if not work.broadcasts.swap(broadcast, running):
        raise work.collide()


def _skip(work: Work, broadcast: Broadcast, run: Run, reason: SkipReason, now: int) -> None:
    if not planning.skip(work, broadcast, run, runs.skip(run, reason, now)):
        raise work.collide()
    if run.device is None:
        planning.settle(work, broadcast.id, now)


def _targets(work: Work, broadcast: Broadcast, run: Run) -> Targets:
    if run.device is None:
        return places.targets(work.places, broadcast.zones, broadcast.area)
    found = work.places.loudspeaker(run.device)
    if found is None:
        return Targets((), ())
    return Targets((Address(found.id, found.area, is_device=True),), (found,))


def _wants_second_person(work: Work, broadcast: Broadcast, found: Targets) -> bool:
    return not broadcast.needs_two and places.has_grown_county_wide(
        work.places, broadcast.zones, found, broadcast.area
    )


def _order(work: Work, broadcast: Broadcast, audio: Audio, run: Run, targets: Targets, now: int) -> None:
    for number, address in enumerate(targets.addresses, 1):
        work.order(_order_of(broadcast, audio, run, f"{run.id}-{number}", address), now)
    _tell_sent(work, broadcast, run, targets.addresses, now)


def _tell_sent(work: Work, broadcast: Broadcast, run: Run, addresses: Sequence[Address], now: int) -> None:
    work.tell(
        Tale(
            told=Told.RUN_SENT,
            at=now,
            area=broadcast.area,
            broadcast=broadcast,
            run=run,
            addresses=tuple(addresses),
        )
    )


def _order_of(broadcast: Broadcast, audio: Audio, run: Run, order_id: str, address: Address) -> Order:
    return Order(
        id=order_id,
        type="play",
        address=address,
        run=run.id,
        command=msgspec.json.encode(_play(broadcast, audio, run)),
        life_s=max(1, broadcast.timing.late_s),
        created_by=broadcast.edited_by.id,
        approved_by=None if broadcast.approved_by is None else broadcast.approved_by.id,
    )


def _play(broadcast: Broadcast, audio: Audio, run: Run) -> _Play:
    rehearsed = run.device is not None
    return _Play(
        broadcast=broadcast.id,
        run=run.id,
        priority=priorities.REHEARSAL if rehearsed else broadcast.priority,
        volume=broadcast.volume,
        # a path under the bases of the device's enrolment
        audio=(AudioRef(url=audio.sha256, sha256=audio.sha256, bytes=audio.bytes, ms=audio.ms),),
        start_at=run.start_at,
        text=broadcast.text[:TEXT_LIMIT],
        drill=run.drill,
    )
