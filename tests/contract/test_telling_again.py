"""A device that comes back hears the truth of every call it may have missed, on both stores."""

from __future__ import annotations

import msgspec

from devices.messages import Press, PressKind, Reply, ReplyState
from hub.db.store import Store
from hub.db.transaction import Tx
from hub.domain.calls import Outcome
from hub.services import handling
from hub.services.ingest import PressArrived, ingest
from hub.services.replying import tell_again
from tests.stores import OPERATOR, Moved


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
