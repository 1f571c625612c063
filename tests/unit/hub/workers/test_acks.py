"""Refusals of devices: stored, then acknowledged; counted always, told in measure."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from devices import codec, topics
from devices.messages import Ack, AckState
from hub.db.store import Store, open_store
from hub.domain.errors import Unavailable
from hub.domain.events import EventType
from hub.domain.views import EventView
from hub.mqtt.link import Delivery
from hub.ports import Transaction
from hub.services.refusals import order_refused
from hub.workers import acks
from hub.workers.acks import TOLD_A_MINUTE, Acks
from tests.stores import OPERATOR, TOWN, VILLAGE, Moved
from tests.with_signer import order, stop


class World:
    """A store that can be away, and a broker that waits for its acknowledgements."""

    def __init__(self, store: Store, clock: Moved) -> None:
        self.store = store
        self.away = False
        self.stored = asyncio.Event()
        self.acknowledged: list[int] = []
        self.acks = Acks(run=self.run, ack=self.ack, now=clock.now)

    async def run(self, command: Callable[[Transaction], None]) -> None:
        if self.away:
            raise Unavailable("database-away")
        await self.store.run(command)

    def ack(self, delivery: Delivery) -> None:
        self.acknowledged.append(delivery.mid)

    async def quiet(self) -> None:
        """Until every task has ended."""
        while len(asyncio.all_tasks()) > 1:  # noqa: ASYNC110 -- the tasks are not ours
            await asyncio.sleep(0.001)

    def told(self) -> list[EventView]:
        events = self.store.read_sync(lambda read: read.events_after(0, 100))
        return [msgspec.json.decode(event.data, type=EventView) for event in events]


@pytest.fixture
async def world(sqlite_url: str, clock: Moved) -> World:
    return World(open_store(sqlite_url, owner="hub-1", now=clock.now), clock)


@pytest.fixture(autouse=True)
async def closed(world: World) -> object:
    yield
    world.store.close()


def says(ack: Ack | bytes, mid: int = 1, device: str = "b-1", *, retain: bool = False) -> Delivery:
    payload = ack if isinstance(ack, bytes) else codec.encode(ack)
    return Delivery(topics.ack(device), payload, 1, retain, mid, 1)


REFUSED = Ack(id="o-1", state=AckState.REFUSED, reason="limit")


async def test_a_refusal_is_told_to_those_who_see_the_devices_area(world: World) -> None:
    world.acks.arrived(says(REFUSED))
    assert world.acknowledged == []
    await world.quiet()
    (told,) = world.told()
    assert (told.type, told.area) == (EventType.DEVICE_REFUSED_COMMAND, VILLAGE)
    assert (told.device, told.command, told.outcome, told.reason) == ("b-1", "o-1", "refused", "limit")
    assert world.acknowledged == [1]


async def test_what_could_not_be_trusted_has_only_a_digest(world: World) -> None:
    world.acks.arrived(says(Ack(id=None, state=AckState.REFUSED, reason="bad_signature", digest="a" * 64)))
    await world.quiet()
    (told,) = world.told()
    assert (told.command, told.digest, told.reason) == ("", "a" * 64, "bad_signature")


async def test_while_the_database_is_away_nothing_is_acknowledged(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(acks, "RETRY_S", 0.001)
    world.away = True
    world.acks.arrived(says(REFUSED))
    for _ in range(20):
        await asyncio.sleep(0.001)
    assert world.acknowledged == []
    world.away = False
    await world.quiet()
    assert world.acknowledged == [1]
    assert len(world.told()) == 1


@pytest.mark.parametrize(
    "delivery",
    [
        says(Ack(id="o-1", state=AckState.DONE)),
        says(REFUSED, retain=True),
        says(b"\xff"),
        says(b"{}"),
    ],
)
async def test_what_tells_nothing_is_acknowledged_at_once(world: World, delivery: Delivery) -> None:
    world.acks.arrived(delivery)
    assert world.acknowledged == [1]
    await world.quiet()
    assert world.told() == []
    assert world.acks.counted == 0


async def test_a_device_that_refuses_without_end_is_counted_and_told_in_measure(
    world: World, clock: Moved
) -> None:
    for mid in range(50):
        world.acks.arrived(says(REFUSED, mid))
    await world.quiet()
    assert sorted(world.acknowledged) == list(range(50))
    assert world.acks.counted == 50
    assert len(world.told()) == TOLD_A_MINUTE
    world.acks.arrived(says(REFUSED, 50, "b-2"))
    clock.move(60_000)
    world.acks.arrived(says(REFUSED, 51))
    await world.quiet()
    assert len(world.told()) == TOLD_A_MINUTE + 2


async def test_an_order_that_the_signer_refuses_is_told_to_those_who_see_whose_it_was(
    world: World, clock: Moved, tmp_path: Path
) -> None:
    asked = order("o-1", stop(), "g-square", by=OPERATOR.id)
    await world.store.run(lambda tx: order_refused(tx, asked, "signer-two-people", clock.now()))
    (told,) = world.told()
    assert (told.type, told.area, told.command) == (EventType.ORDER_REFUSED, TOWN, "o-1")
    assert told.reason == "signer-two-people"
    assert told.by is not None
    assert told.by.id == OPERATOR.id
