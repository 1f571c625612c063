"""Silence at once: stops are signed and published straight from the request; rows follow.

1. What is to be silenced is known by heart (hub/live/on_air.py). 2. Every address is told at the same time,
and told again four times a second while signer or broker are away. 3. Then it is written down; while the database is
away it stands in the journal, and is written later.
"""

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable, Sequence
from functools import partial

import msgspec

from broadcast.domain.people import Author, By
from broadcast.domain.zones import covers
from broadcast.errors import Problem, RequestError
from broadcast.rows import Address, Order
from broadcast.service import stopping, writing
from broadcast.service.stopping import Stop
from devices.errors import IdError
from devices.ids import area_level
from devices.messages import Receipt, ReceiptState
from hub.db.broadcasting import to_sign
from hub.domain import orders
from hub.domain.errors import HubError, Unavailable
from hub.live.on_air import OnAir, Sounding
from hub.ports import Outgoing, Reader, Store, Transaction
from hub.stop_journal import StopJournal

PUBLISH_S = 2.0
RECORD_S = 2.0
RETRY_S = 0.25  # a signer that was started again is asked at once: something sounds meanwhile
AGAIN_MS = 5_000
SOUNDS = frozenset({ReceiptState.READY, ReceiptState.PLAYING})
NOBODY = By("hub", "")  # says again what a person has said
log = logging.getLogger(__name__)
_order = msgspec.json.Decoder(orders.Order)
Where = tuple[str | None, Address]


class Stopped(msgspec.Struct, frozen=True, kw_only=True):
    """What a stop has done. `runs`: silenced; `unsent`: addresses that could not be told yet (they will be);
    `wider`: runs that go on there, for they were sent to an area that holds more; `recorded`: whether it is in
    the database already."""

    runs: tuple[str, ...]
    unsent: tuple[str, ...]
    wider: tuple[str, ...]
    recorded: bool


class _Play(msgspec.Struct, frozen=True):
    """As much of a queued command as is needed."""

    type: str
    run: str | None = None


class Stops:
    """`publish` signs and publishes one order: `hub.mqtt.commands.CommandChannel.order`."""

    def __init__(
        self,
        *,
        store: Store,
        publish: Callable[[orders.Order], Awaitable[None]],
        on_air: OnAir,
        journal: StopJournal,
        now: Callable[[], int],
    ) -> None:
        self._store = store
        self._publish = publish
        self._on_air = on_air
        self._journal = journal
        self._now = now
        self._unsent: dict[str, Order] = {}
        self._told_again: dict[str, int] = {}
        self._some = asyncio.Event()
        if journal.waiting:
            self._some.set()

    async def stop_broadcast(self, broadcast_id: str, by: Author, *, rehearsal: str | None = None) -> Stopped:
        """Silence one broadcast, and whatever of it is still to come; or one `rehearsal` of it alone.

        RequestError: it is not the author's. Unavailable: nothing of it is known to sound, and the database
        cannot be asked.
        """
        known = [run for run in self._on_air.runs() if run.broadcast == broadcast_id]
        if rehearsal is not None:
            known = [run for run in known if run.run == rehearsal and run.is_for_devices]
        if not all(by.reaches(run.area) for run in known):
            raise RequestError(Problem.UNKNOWN)
        if not known:
            await self._store.run(lambda tx: writing.own(tx.broadcasting, broadcast_id, by))
        stop = Stop(
            id=_new_id(),
            at=self._now(),
            by=by.by,
            area=by.area,
            broadcast=broadcast_id,
            rehearsal=rehearsal,
        )
        return await self._stop(stop, _everywhere(known), [run.run for run in known])

    async def stop_areas(self, areas: Sequence[str], by: Author) -> Stopped:
        """Silence all that sounds in these areas. RequestError: none, or not the author's."""
        for area in areas:
            _check_area(area, by)
        if not areas:
            raise RequestError(Problem.NO_ZONES, field="areas")
        inside: dict[str, Where] = {area: (None, Address(area, area)) for area in areas}
        silenced, wider = [], []
        for run in self._on_air.runs():
            there = [each for each in run.addresses if any(covers(area, each.area) for area in areas)]
            inside |= {each.name: (None, each) for each in there}
            if len(there) == len(run.addresses):
                silenced.append(run.run)
            elif any(
                covers(each.area, area) for each in run.addresses for area in areas if each not in there
            ):
                wider.append(run.run)
        stop = Stop(id=_new_id(), at=self._now(), by=by.by, area=by.area, areas=tuple(areas))
        return await self._stop(stop, list(inside.values()), silenced, tuple(wider))

    async def run(self) -> None:
        """Tell again who could not be told, write what stands in the journal; until cancelled."""
        while True:
            await self._some.wait()
            self._some.clear()
            unsent, self._unsent = self._unsent, {}
            await self._send(list(unsent.values()))
            for stop in self._journal.waiting:
                recorded = await self._record(stop, again=True)
                await self._tell_rest(stop, recorded or (), known=())
            if self._some.is_set():
                await asyncio.sleep(RETRY_S)

    async def guard(self, message: Outgoing, send: Callable[[Outgoing], Awaitable[None]]) -> None:
        """Send a queued command, unless it is the play of a run that was stopped meanwhile."""
        play = msgspec.json.decode(_order.decode(message.body).command, type=_Play)
        if play.type != "play" or play.run is None:
            await send(message)
            return
        if await self._is_stopped(play.run):
            log.info("command %d is not sent: run %s was stopped", message.id, play.run)
            return
        await send(message)
        if self._on_air.is_stopped(play.run):  # while it was being signed: its number may be above the stop's
            order = _order.decode(message.body)
            address = Address(order.address, order.address, order.device)
            by = By(order.created_by, "")
            await self._send(list(stopping.orders(_new_id(), [(play.run, address)], by)))

    def reported(self, receipt: Receipt) -> None:
        """A loudspeaker reports (in the loop's thread): one that was away when its run was stopped, and sounds
        all the same, is told again; each address at most every few seconds."""
        if receipt.state not in SOUNDS:
            return
        run_id = receipt.run
        stopped = self._on_air.stopped_run(run_id)
        if stopped is None or self._now() - self._told_again.get(run_id, 0) < AGAIN_MS:
            return
        self._told_again[run_id] = self._now()
        where: list[Where] = [(run_id, address) for address in stopped.addresses]
        for order in stopping.orders(_new_id(), where, NOBODY):
            self._unsent[order.id] = order
        self._some.set()

    async def _is_stopped(self, run_id: str) -> bool:
        if self._on_air.is_stopped(run_id):
            return True
        try:
            run = await self._store.read(lambda read: read.broadcasts.run(run_id))
        except Unavailable:
            return False
        return run is None or run.state != "sent"

    async def _stop(
        self, stop: Stop, where: Sequence[Where], runs: Sequence[str], wider: tuple[str, ...] = ()
    ) -> Stopped:
        self._on_air.stopped(runs)
        ordered = stopping.orders(stop.id, where, stop.by)
        unsent = await self._send(ordered)
        stop = msgspec.structs.replace(stop, orders=ordered, unsent=unsent)
        recorded = await self._record(stop)
        more = await self._tell_rest(stop, recorded or (), known=runs)
        told = {order.id: order.address.name for order in ordered}
        return Stopped(
            runs=tuple(dict.fromkeys((*runs, *(recorded or ())))),
            unsent=(*(told[name] for name in unsent), *more),
            wider=wider,
            recorded=recorded is not None,
        )

    async def _tell_rest(self, stop: Stop, runs: Sequence[str], known: Sequence[str]) -> tuple[str, ...]:
        """Addresses of which this hub had not heard: another hub, or this one a moment ago, has just sent there.
        Of a run that is not `known` no area was told in time."""
        self._on_air.stopped(runs)
        told = {(order.run, order.address.name) for order in stop.orders}
        where: list[Where] = []
        try:
            for run in runs:
                for address in await self._store.read(partial(_addresses, run)):
                    in_time = {(run, address.name)} | ({(None, address.name)} if run in known else set())
                    if not in_time & told:
                        where.append((run, address))
        except Unavailable:
            log.exception("where %s went cannot be read", runs)
        ordered = stopping.orders(_new_id(), where, stop.by)
        unsent = await self._send(ordered)
        return tuple(order.address.name for order in ordered if order.id in unsent)

    async def _send(self, ordered: Sequence[Order]) -> tuple[str, ...]:
        """Tell every address at the same time; the ids of those that will be told again."""
        outcomes = await asyncio.gather(*(self._send_one(order) for order in ordered))
        failed = {order.id: order for order, sent in zip(ordered, outcomes, strict=True) if not sent}
        self._unsent |= failed
        if failed:
            self._some.set()
        return tuple(failed)

    async def _send_one(self, order: Order) -> bool:
        try:
            async with asyncio.timeout(PUBLISH_S):
                await self._publish(to_sign(order))
        except (Unavailable, TimeoutError) as error:
            log.warning("stop %s for %s is not sent yet: %s", order.id, order.address.name, error)
            return False
        except HubError as error:
            log.error("the signer refuses stop %s: %s", order.id, error)  # noqa: TRY400
        return True

    async def _record(self, stop: Stop, *, again: bool = False) -> list[str] | None:
        """Write it down; None: it stands in the journal instead. `again`: that is where it was read."""

        def command(tx: Transaction) -> list[str]:
            return stopping.record(tx.broadcasting, stop, self._now(), again=again)

        try:
            async with asyncio.timeout(RECORD_S):
                recorded = await self._store.run(command)
        except (Unavailable, TimeoutError) as error:
            log.warning("stop %s stands in the journal, the database is away: %s", stop.id, error)
            self._journal.add(stop)
            self._some.set()
            return None
        except Exception:
            log.exception("stop %s could not be written down", stop.id)
            self._journal.done(stop)
            return []
        self._journal.done(stop)
        return recorded


def _addresses(run: str, read: Reader) -> Sequence[Address]:
    return read.broadcasts.addresses(run)


def _everywhere(runs: Sequence[Sounding]) -> list[Where]:
    return [(run.run, address) for run in runs for address in run.addresses]


def _check_area(area: str, by: Author) -> None:
    try:
        area_level(area)
    except IdError as error:
        raise RequestError(Problem.ZONE_UNKNOWN, field="areas", zone=area[:40]) from error
    if not by.reaches(area):
        raise RequestError(Problem.ZONE_NOT_YOURS, field="areas", zone=area)


def _new_id() -> str:
    return "st" + secrets.token_hex(10)
