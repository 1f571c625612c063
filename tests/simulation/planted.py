"""Faults planted in the hub's code, one at a time: a simulation that finds none of them would prove nothing.

Each is a mistake that somebody could make, as a patch over the real code for as long as a run lasts.
"""

import asyncio
from collections.abc import Sequence
from contextlib import ExitStack
from typing import TYPE_CHECKING
from unittest.mock import patch

import msgspec
from sqlalchemy import Connection

from hub import wiring_calls
from hub.db import events, outbox
from hub.db.calls import CallRows
from hub.db.events import EventRows
from hub.db.presses import PressRows
from hub.db.timers import TimerRows
from hub.db.transaction import Committed, Tx
from hub.domain.calls import Call
from hub.domain.events import Event
from hub.inbox import Inbox
from hub.live.feed import Feed, Sees
from hub.mqtt.link import Delivery
from hub.ports import Outgoing, StoredPress, Transaction
from hub.ring import Ring
from hub.services import escalate, ingest
from hub.services.ingest import Ingested, PressArrived
from hub.wiring_calls import CallPath
from hub.workers.outbox import OutboxWorker
from tests.simulation.planted_plans import MORE
from tests.simulation.planting import Planted, put

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

NO_KEYS = "CREATE TABLE bare AS SELECT * FROM {0}; DROP TABLE {0}; ALTER TABLE bare RENAME TO {0};"


def _acknowledge_first(stack: ExitStack) -> None:
    real = Inbox.arrived

    def arrived(self: Inbox, delivery: Delivery) -> None:
        self._ack(delivery)
        real(self, msgspec.structs.replace(delivery, connection=-1))

    put(stack, Inbox, "arrived", arrived)


def _acknowledge_anyway(stack: ExitStack) -> None:
    def stored(
        self: Inbox, arrived: PressArrived, delivery: Delivery, future: "asyncio.Future[object]"
    ) -> None:
        if not future.cancelled():
            future.exception()
            self._ack(delivery)

    put(stack, Inbox, "_stored", stored)


def _timer_apart(stack: ExitStack) -> None:
    waiting: dict[int, list[tuple[str, str, int]]] = {}
    real = TimerRows.arm

    def arm(self: TimerRows, call: str, step: str, due_at: int) -> None:
        waiting.setdefault(id(self._conn.engine), []).append((call, step, due_at))
        self.armed.append(due_at)

    def committed(self: CallPath, what: Committed) -> None:
        store = self.inbox._store
        for armed in waiting.pop(id(store._engine), []):  # type: ignore[attr-defined]
            store.send(lambda tx, armed=armed: real(tx.timers, *armed))  # type: ignore[misc]
        real_committed(self, what)

    real_committed = CallPath.committed
    put(stack, TimerRows, "arm", arm)
    put(stack, CallPath, "committed", committed)


def _mark_first(stack: ExitStack) -> None:
    real = OutboxWorker._send

    async def send(self: OutboxWorker, message: Outgoing) -> None:
        await self._store.mark_sent([message.id])
        await real(self, message)

    put(stack, OutboxWorker, "_send", send)


def _sequence(stack: ExitStack) -> None:
    """Ids from a counter that a rollback does not take back, as a PostgreSQL sequence's."""
    newest: dict[str, int] = {}
    real_last, real_flush = events.last_id, EventRows.flush

    def flush(self: EventRows, conn: Connection) -> list[Event]:
        name = str(conn.engine.url)
        newest[name] = max(newest.get(name, 0), real_last(conn))

        def last(_conn: Connection) -> int:
            return newest[name]

        with patch.object(events, "last_id", last):
            count = len(self.waiting)
            told = real_flush(self, conn)
            newest[name] += count
            return told

    put(stack, EventRows, "flush", flush)


def _feed_takes_anything(stack: ExitStack) -> None:
    def extend(self: Feed, new: Sequence[Event]) -> None:
        self._append([event for event in new if event.id > self._tail])

    put(stack, Feed, "extend", extend)


def _forget_last_event_id(stack: ExitStack) -> None:
    real = Feed.follow_batches

    def follow(self: Feed, sees: Sees, _after: int | None) -> "AsyncGenerator[list[Event], None]":
        return real(self, sees, None)

    put(stack, Feed, "follow_batches", follow)


def _silent_copy(stack: ExitStack) -> None:
    real = ingest._copy

    def copy(tx: Tx, arrived: PressArrived, known: StoredPress, now: int) -> Ingested:
        queued = len(tx.outbox.waiting)
        told = real(tx, arrived, known, now)
        del tx.outbox.waiting[queued:]
        return told

    put(stack, ingest, "_copy", copy)


def _no_swap(stack: ExitStack) -> None:
    real = CallRows.swap

    def swap(self: CallRows, before: Call, after: Call) -> bool:
        if real(self, before, after):
            return True
        there = self.get(before.id)
        return there is not None and real(self, there, after)

    put(stack, CallRows, "swap", swap)


def _no_disarm(stack: ExitStack) -> None:
    put(stack, TimerRows, "disarm", lambda *_args, **_named: None)


def _no_recover(stack: ExitStack) -> None:
    put(stack, Ring, "recover", lambda _self: 0)


def _no_claim(stack: ExitStack) -> None:
    async def claim(_self: object, _limit: int) -> list[Outgoing]:
        return []

    put(stack, wiring_calls.OutboxRows, "claim_expired", claim)


def _no_hasten(stack: ExitStack) -> None:
    def hasten(_tx: Transaction, _now: int, *, was_set: bool = False) -> int:
        del was_set
        return 0

    put(stack, escalate, "hasten", hasten)


def _lasting_leases(stack: ExitStack) -> None:
    put(stack, outbox, "FARTHEST_MS", 10**15)


def _nothing_unrecorded(stack: ExitStack) -> None:
    put(stack, Feed, "publish_transient", lambda _self, _event: None)
    put(stack, Ring, "unrecorded", lambda _self: [])


def _no_watch(stack: ExitStack) -> None:
    async def watch(_self: Inbox) -> None:
        await asyncio.get_running_loop().create_future()

    put(stack, Inbox, "watch", watch)


def _newest_call_only(stack: ExitStack) -> None:
    real = PressRows.calls_of_device

    def newest(self: PressRows, device: str, since: int) -> Sequence[tuple[str, str]]:
        return real(self, device, since)[-1:]

    put(stack, PressRows, "calls_of_device", newest)


def _nothing_again(stack: ExitStack) -> None:
    put(stack, Inbox, "status_arrived", lambda _self, _delivery: None)


def _join_the_ended(stack: ExitStack) -> None:
    """A press joins whatever call of the household is not closed, though the emergency is over."""
    real = CallRows.join

    def join(self: CallRows, subject: str, now: int) -> Call | None:
        unclosed = self.unclosed_for(subject)
        return real(self, subject, now) or (None if unclosed is None else self.get(unclosed))

    put(stack, CallRows, "join", join)


PLANTED = (
    Planted("a press is acknowledged before the commit", _acknowledge_first),
    Planted("a press that was not stored is acknowledged", _acknowledge_anyway),
    Planted("the timer is armed in a transaction of its own", _timer_apart),
    Planted("no unique key on presses", schema=NO_KEYS.format("presses")),
    Planted("no unique open call", schema=NO_KEYS.format("calls")),
    Planted("an answer is written without looking who was faster", _no_swap),
    Planted("the outbox marks before it sends", _mark_first),
    Planted("a dead hub's messages are never taken over", _no_claim),
    Planted("leases of a wrong clock bind", _lasting_leases),
    Planted("timers of a wrong clock bind", _no_hasten),
    Planted("events are numbered by a sequence that skips", _sequence),
    Planted("the feed does not notice what is missing", _feed_takes_anything),
    Planted("a screen that comes back begins at the newest", _forget_last_event_id),
    Planted("a copy of a press is not replied to", _silent_copy),
    Planted("a device that comes back is not told again", _nothing_again),
    Planted("a device that comes back hears of its newest call alone", _newest_call_only),
    Planted("an answer does not disarm", _no_disarm),
    Planted("the spool is not read at the start", _no_recover),
    Planted("what cannot be stored is not shown", _nothing_unrecorded),
    Planted("a database that hangs is not noticed", _no_watch),
    Planted("a press joins a call that is over", _join_the_ended),
    *MORE,
)
