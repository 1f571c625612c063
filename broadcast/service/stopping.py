"""Silence: what is written down once the stops are on their way. Sound stops first, rows follow."""

from collections.abc import Sequence

import msgspec

from broadcast.domain import broadcasts, runs
from broadcast.domain.broadcasts import Broadcast
from broadcast.domain.people import By
from broadcast.domain.runs import Run, RunState
from broadcast.domain.zones import covers
from broadcast.rows import Address, Order, Tale, Told, Work
from broadcast.service import planning

STOP_LIFE_S = 3600
"""So long a stop may be on its way; devices void what was signed before it for ever."""
APART_MS = 10_000
"""The clocks of two hubs differ by less."""


class Stop(msgspec.Struct, frozen=True, kw_only=True):
    """One person's word to be silent: of one broadcast (or one `rehearsal` of it), or of all that sounds in `areas`.

    `orders` were signed and published already, but for those whose ids stand in `unsent`.
    """

    id: str
    at: int
    by: By
    area: str
    broadcast: str | None = None
    rehearsal: str | None = None
    areas: tuple[str, ...] = ()
    orders: tuple[Order, ...] = ()
    unsent: tuple[str, ...] = ()


class _StopCommand(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", tag="stop"):
    """`devices.commands.StopCommand` before the signer."""

    run: str | None


def orders(
    stop_id: str, addresses: Sequence[tuple[str | None, Address]], by: By, life_s: int = STOP_LIFE_S
) -> tuple[Order, ...]:
    """The stops for each (run, address); run None: all that sounds there."""
    return tuple(
        Order(
            id=f"{stop_id}-{number}",
            type="stop",
            address=address,
            run=run,
            command=msgspec.json.encode(_StopCommand(run=run)),
            life_s=life_s,
            created_by=by.id,
        )
        for number, (run, address) in enumerate(addresses, 1)
    )


def record(work: Work, stop: Stop, now: int, *, again: bool = False) -> list[str]:
    """Write down what `stop` has silenced, and queue what could not be sent; the ids of its runs.

    Writing it twice changes nothing the second time. `again`: it was read from a journal, perhaps hours later;
    what began after the word was spoken was not meant by it.
    """
    before = stop.at + APART_MS if again else None
    new = [order for order in stop.orders if work.order(order, now, sent=order.id not in stop.unsent)]
    if stop.rehearsal is not None:
        return _stop_rehearsal(work, stop.rehearsal, stop, now)
    if stop.broadcast is not None:
        return _stop_broadcast(work, stop.broadcast, stop, before, now)
    if new:
        work.tell(Tale(told=Told.AREAS_STOPPED, at=stop.at, area=stop.area, by=stop.by, areas=stop.areas))
    return _stop_areas(work, stop, before, now)


def _stop_broadcast(work: Work, broadcast_id: str, stop: Stop, before: int | None, now: int) -> list[str]:
    found = work.broadcasts.get(broadcast_id)
    if found is None or (before is not None and found.edited_at > before):
        return []
    after = broadcasts.stop(found)
    if after != found:
        if not work.broadcasts.swap(found, after):
            raise work.collide()
        work.tell(Tale(told=Told.STOPPED, at=stop.at, area=after.area, broadcast=after, by=stop.by))
    stopped = [_stop_run(work, after, run, stop, now) for run in _open(work, broadcast_id)]
    work.runs.forget_planned(broadcast_id)
    return stopped


def _stop_rehearsal(work: Work, run_id: str, stop: Stop, now: int) -> list[str]:
    """One loudspeaker is silent; the broadcast itself goes its way."""
    run = work.runs.get(run_id)
    broadcast = None if run is None else work.broadcasts.get(run.broadcast)
    if run is None or broadcast is None or broadcast.id != stop.broadcast:
        return []
    is_open = run.device is not None and run.state in (RunState.PLANNED, RunState.SENT)
    return [_stop_run(work, broadcast, run, stop, now)] if is_open else []


def _stop_areas(work: Work, stop: Stop, before: int | None, now: int) -> list[str]:
    stopped: list[str] = []
    for run in work.runs.sounding(now):
        if before is not None and (run.sent_at or run.send_at) > before:
            continue
        broadcast = work.broadcasts.get(run.broadcast)
        if broadcast is None or not any(covers(area, broadcast.area) for area in stop.areas):
            continue
        if broadcast.timing.rrule is None and run.device is None:
            stopped += _stop_broadcast(work, broadcast.id, stop, before, now)
        else:
            stopped.append(_stop_run(work, broadcast, run, stop, now))
            if run.device is None:
                planning.settle(work, broadcast.id, now)
    return stopped


def _open(work: Work, broadcast_id: str) -> list[Run]:
    """What sounds or is about to; slots that lie ahead are forgotten, not told one by one."""
    found = work.runs.of_broadcast(broadcast_id, (RunState.PLANNED, RunState.SENT))
    return [run for run in found if run.state is RunState.SENT or run.is_at_once]


def _stop_run(work: Work, broadcast: Broadcast, run: Run, stop: Stop, now: int) -> str:
    after = runs.end(run, RunState.STOPPED, now)
    if not work.runs.swap(run, after):
        raise work.collide()
    work.tell(
        Tale(
            told=Told.RUN_STOPPED, at=stop.at, area=broadcast.area, broadcast=broadcast, run=after, by=stop.by
        )
    )
    return run.id
