"""A device that comes back hears the truth of every call it may have missed, on both stores."""

from __future__ import annotations

import msgspec

from devices.messages import Press, PressKind, Reply, ReplyState
from hub.db.presses import read_recent_devices
from hub.db.store import Store
from hub.db.transaction import Tx
from hub.domain.calls import Outcome
from hub.inbox import RecentCallers
from hub.services import handling, reviewing
from hub.services.ingest import PressArrived, ingest
from hub.services.replying import tell_again
from tests.stores import OPERATOR, Moved

DAY = 86_400_000


def press(store: Store, clock: Moved, name: str) -> str:
    arrived = PressArrived(device="b-1", press=Press(id=name, kind=PressKind.SOS), received_at=clock.now())
    call = store.run_sync(lambda tx: ingest(tx, arrived, clock.now())).call
    assert call is not None
    return call


def told(store: Store) -> list[tuple[str | None, ReplyState]]:
    """What is queued, in order; it is taken out."""

    def take(tx: Tx) -> list[tuple[str | None, ReplyState]]:
        rows = tx.conn.exec_driver_sql("SELECT body FROM outbox WHERE kind = 'reply' ORDER BY id").all()
        tx.conn.exec_driver_sql("DELETE FROM outbox")
        replies = [msgspec.json.decode(bytes(row[0]), type=Reply) for row in rows]
        return [(reply.call, reply.state) for reply in replies]

    return store.run_sync(take)


def test_the_end_of_an_older_call_is_told_again_too(store: Store, clock: Moved) -> None:
    """Found by simulation: the device was away when its first call was closed, and pressed again."""
    first = press(store, clock, "press-1")
    store.run_sync(lambda tx: handling.answer(tx, first, OPERATOR, clock.now()))
    store.run_sync(lambda tx: handling.resolve(tx, first, OPERATOR, Outcome.HELPED, "", clock.now()))
    clock.move(1_000)
    second = press(store, clock, "press-2")
    told(store)

    store.run_sync(lambda tx: tell_again(tx, "b-1", clock.now()))

    assert told(store) == [(first, ReplyState.CLOSED), (second, ReplyState.RECEIVED)]


def test_a_call_that_was_pressed_for_long_ago_is_told_again_while_it_is_open_and_two_days_more(
    store: Store, clock: Moved
) -> None:
    """Found by simulation: a clock that was a day ahead made each press of yesterday too old to be told of."""
    call = press(store, clock, "press-1")
    clock.move(3 * DAY)
    store.run_sync(lambda tx: handling.answer(tx, call, OPERATOR, clock.now()))
    while_open = recent(store, clock)
    store.run_sync(lambda tx: handling.resolve(tx, call, OPERATOR, Outcome.HELPED, "", clock.now()))
    store.run_sync(lambda tx: reviewing.close(tx, call, OPERATOR, None, "", clock.now()))
    clock.move(DAY)
    a_day_later = recent(store, clock)
    told(store)
    store.run_sync(lambda tx: tell_again(tx, "b-1", clock.now()))
    heard = told(store)
    clock.move(2 * DAY)

    assert while_open == a_day_later == {"b-1"}
    assert heard == [(call, ReplyState.CLOSED)]
    assert recent(store, clock) == set()


def recent(store: Store, clock: Moved) -> set[str]:
    """Whose signs of life are looked into."""
    now = clock.now()
    learned = RecentCallers()
    learned.learn(store.read_sync(lambda read: read_recent_devices(read.conn, now - 2 * DAY, now)), now)
    return {device for device in ("b-1", "b-2") if learned.has(device, now)}
