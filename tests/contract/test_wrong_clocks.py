"""A hub's clock was wrong and is right again: nothing that it left behind stays silent for as long, on both stores."""

from __future__ import annotations

import time
from functools import partial

import pytest

from devices.messages import Press, PressKind
from hub.db import outbox
from hub.db.store import Store
from hub.db.transaction import Tx
from hub.ports import Timer
from hub.services import escalate
from hub.services.ingest import PressArrived, ingest
from tests.stores import Moved

MINUTE_MS, HALF_AN_HOUR_MS = 60_000, 1_800_000


@pytest.fixture(autouse=True)
def pressed(store: Store, clock: Moved) -> None:
    press = PressArrived(device="b-1", press=Press(id="press-1", kind=PressKind.SOS), received_at=clock.now())
    store.run_sync(lambda tx: ingest(tx, press, clock.now()))


def claimed(store: Store, clock: Moved) -> int:
    return len(store.run_sync(lambda tx: outbox.claim_expired(tx.conn, "hub-2", clock.now(), 10)))


def test_a_message_leased_by_a_clock_that_was_ahead_is_taken_over(store: Store, clock: Moved) -> None:
    """Found by simulation: replies lay in the outbox until the hour that the wrong clock had shown."""
    before = claimed(store, clock)
    clock.move(-HALF_AN_HOUR_MS)

    after = claimed(store, clock)
    again = claimed(store, clock)

    assert (before, again) == (0, 0)
    assert after > 0


def test_a_plan_begun_by_a_clock_that_was_ahead_goes_on_now(store: Store, clock: Moved) -> None:
    """By less than the longest step of a plan: the timer alone does not look wrong, that the call began does."""
    clock.move(-HALF_AN_HOUR_MS // 2)

    hastened = store.run_sync(lambda tx: escalate.hasten(tx, clock.now()))
    [due] = store.run_sync(lambda tx: tx.timers.due(clock.now(), 10))
    store.run_sync(lambda tx: escalate.fire(tx, due, clock.now()))
    clock.move(60_000)

    assert hastened == 1
    [following] = store.run_sync(lambda tx: tx.timers.due(clock.now(), 10))
    assert store.run_sync(lambda tx: escalate.fire(tx, following, clock.now()))
    assert store.run_sync(lambda tx: escalate.hasten(tx, clock.now())) == 0


def test_a_step_armed_by_a_clock_that_was_a_little_ahead_comes_now(store: Store, clock: Moved) -> None:
    """Found by simulation: a minute and a half, by which no timer looks wrong and the call began long ago."""
    clock.move(10 * MINUTE_MS)
    ring(store, clock)
    clock.move(-MINUTE_MS - MINUTE_MS // 2)

    assert store.run_sync(lambda tx: escalate.hasten(tx, clock.now())) == 1, "what happened last lies ahead"
    assert ring(store, clock) == 1


def test_when_the_time_was_set_all_who_wait_ring_now(store: Store, clock: Moved) -> None:
    clock.move(10 * MINUTE_MS)
    ring(store, clock)
    idle = store.run_sync(lambda tx: escalate.hasten(tx, clock.now()))

    assert idle == 0
    assert store.run_sync(lambda tx: escalate.hasten(tx, clock.now(), was_set=True)) == 1
    assert ring(store, clock) == 1


def ring(store: Store, clock: Moved) -> int:
    """Take every step that is due; how many."""
    due = store.run_sync(lambda tx: tx.timers.due(clock.now(), 10))
    for timer in due:
        store.run_sync(partial(_fire, timer=timer, now=clock.now()))
    return len(due)


def _fire(tx: Tx, timer: Timer, now: int) -> bool:
    return escalate.fire(tx, timer, now)


async def test_hubs_on_a_server_count_by_its_clock_and_those_on_a_file_by_their_own(store: Store) -> None:
    shared = await store.shared_now()

    if store.engine.dialect.name == "postgresql":
        assert shared is not None
        assert abs(shared / 1000 - time.time()) < 60  # the same machine, with a clock that tests do not move
    else:
        assert shared is None
