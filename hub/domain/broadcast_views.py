"""The public JSON of broadcasts, their runs and their events (CONTRACT, HTTP)."""

import msgspec

from broadcast.domain.broadcasts import Audio, Broadcast, Failure
from broadcast.domain.people import By
from broadcast.domain.receipts import Coverage, Progress
from broadcast.domain.runs import Run
from broadcast.rows import Address, Tale

NOBODY = Coverage(targeted=0, ready=0, playing=0, played=0, heard=0, failed=0, missing=())


class RunView(msgspec.Struct, frozen=True, kw_only=True):
    """One firing. `reason` says why it was skipped: late, silent. `device`: a rehearsal on that one."""

    id: str
    start_at: int
    state: str
    drill: bool
    device: str | None
    sent_at: int | None
    ended_at: int | None
    reason: str
    coverage: Coverage


class BroadcastView(msgspec.Struct, frozen=True, kw_only=True):
    """A broadcast as programs see it. Times are Unix ms UTC, `from` and `until` local times of `tz`.

    `zones`: areas and groups; `area` holds them all. `spoken`: how the text is read aloud. `failure`: the key
    of the sentence that says why it could not be prepared. `runs`: the newest first.
    """

    id: str
    rev: int
    state: str
    title: str
    text: str
    spoken: str
    spoken_given: bool
    recording: str | None
    category: str
    priority: int
    volume: int
    voice: str
    repeat: int
    drill: bool
    zones: tuple[str, ...]
    area: str
    county_wide: bool
    needs_two: bool
    at: int | None
    rrule: str | None
    tz: str
    from_: str | None = msgspec.field(name="from")
    until: str | None
    late: int
    created_by: By
    created_at: int
    edited_by: By
    edited_at: int
    approved_by: By | None
    approved_at: int | None
    audio: Audio | None
    failure: Failure | None
    runs: tuple[RunView, ...]


class BroadcastEventView(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An event about a broadcast (`id`), its `run`, or what a `device` says of it; `state` is its subject's."""

    type: str
    at: int
    area: str
    id: str = ""
    state: str = ""
    title: str = ""
    rev: int | None = None
    run: str = ""
    start_at: int | None = None
    targeted: int | None = None
    device: str = ""
    reason: str = ""
    played_ms: int | None = None
    offset_ms: int | None = None
    drill: bool = False
    by: By | None = None
    note: str = ""
    addresses: tuple[Address, ...] = ()
    areas: tuple[str, ...] = ()
    coverage: Coverage | None = None


def broadcast_view(broadcast: Broadcast, runs: tuple[RunView, ...] = ()) -> BroadcastView:
    """The public shape of `broadcast`."""
    timing = broadcast.timing
    same = {
        name: getattr(broadcast, name)
        for name in BroadcastView.__struct_fields__
        if name in Broadcast.__struct_fields__ and name not in ("state", "category", "voice")
    }
    return BroadcastView(
        **same,
        state=broadcast.state.value,
        category=broadcast.category.value,
        voice=broadcast.voice.value,
        at=timing.at,
        rrule=timing.rrule,
        tz=timing.tz,
        from_=timing.starts,
        until=timing.until,
        late=timing.late_s,
        runs=runs,
    )


def run_view(run: Run, coverage: Coverage | None) -> RunView:
    """The public shape of `run`."""
    return RunView(
        id=run.id,
        start_at=run.start_at,
        state=run.state.value,
        drill=run.drill,
        device=run.device,
        sent_at=run.sent_at,
        ended_at=run.ended_at,
        reason=run.reason,
        coverage=coverage or NOBODY,
    )


def tale_view(tale: Tale) -> BroadcastEventView:
    """The public shape of an event: of the receipt, else of the run, else of the broadcast that it is about."""
    whole = BroadcastEventView(
        type=tale.told.value,
        at=tale.at,
        area=tale.area,
        by=tale.by,
        note=tale.note,
        addresses=tale.addresses,
        areas=tale.areas,
        coverage=tale.coverage,
    )
    if tale.broadcast is not None:
        whole = _about_broadcast(whole, tale.broadcast)
    if tale.run is not None:
        whole = _about_run(whole, tale.run)
    return whole if tale.progress is None else _about_receipt(whole, tale.progress)


def _about_broadcast(view: BroadcastEventView, broadcast: Broadcast) -> BroadcastEventView:
    return msgspec.structs.replace(
        view,
        id=broadcast.id,
        state=broadcast.state.value,
        title=broadcast.title,
        rev=broadcast.rev,
        drill=broadcast.drill,
        reason="" if broadcast.failure is None else broadcast.failure.problem,
    )


def _about_run(view: BroadcastEventView, run: Run) -> BroadcastEventView:
    return msgspec.structs.replace(
        view,
        id=run.broadcast,
        run=run.id,
        state=run.state.value,
        start_at=run.start_at,
        targeted=run.targeted,
        drill=run.drill,
        device=run.device or "",
        reason=run.reason,
    )


def _about_receipt(view: BroadcastEventView, progress: Progress) -> BroadcastEventView:
    return msgspec.structs.replace(
        view,
        id=progress.broadcast,
        run=progress.run,
        device=progress.device,
        state="" if progress.state is None else progress.state.value,
        reason=progress.reason,
        played_ms=progress.played_ms,
        offset_ms=progress.offset_ms,
    )
