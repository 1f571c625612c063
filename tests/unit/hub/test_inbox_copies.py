"""A press that was stored before it came here: perhaps by another hub, whose word has not reached our screens."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from devices import topics
from hub.inbox import Inbox, RecentCallers
from hub.mqtt.link import Delivery
from hub.ports import Transaction
from hub.services.ingest import Ingested, PressArrived
from tests.stores import Moved


class Stored:
    """A store that has the press already, or has not."""

    def __init__(self, *, copy: bool) -> None:
        self.result = Ingested(call="c-1", replies=(), copy=copy)

    def send(self, _command: Callable[[Transaction], object], /) -> asyncio.Future[object]:
        future: asyncio.Future[object] = asyncio.get_running_loop().create_future()
        future.set_result(self.result)
        return future


class NoRing:
    """Nothing waits in it."""

    def settle(self, _arrived: PressArrived) -> None:
        return


@pytest.mark.parametrize(("copy", "looks"), [(True, 1), (False, 0)])
async def test_the_feed_looks_at_once_for_what_another_hub_has_stored(*, copy: bool, looks: int) -> None:
    """Found by simulation: the database went in the second before the next look, and no screen here showed it."""
    looked: list[None] = []
    inbox = Inbox(
        store=Stored(copy=copy),
        ring=NoRing(),  # type: ignore[arg-type]
        now=Moved().now,
        ack=lambda _: None,
        recent=RecentCallers(),
        had_already=lambda: looked.append(None),
    )

    inbox.arrived(Delivery(topics.call("b-1"), b'{"id":"press-1","kind":"sos","at":null}', 1, False, 1, 1))
    await asyncio.sleep(0)

    assert len(looked) == looks
