"""The hub's link against both brokers: acknowledged by hand, always coming back, and saying what is wrong."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from devices import topics
from hub.mqtt.link import Delivery, Endpoint, Link, LinkDown, stop
from tests.broker_clients import BrokerClient
from tests.brokers import RunningBroker

CALLS, STATUS, DEVICE = "hub.1.calls", "hub.1.status", "b-self"
CALL, REPLY = topics.call(DEVICE), topics.reply(DEVICE)
PATIENCE_S = 30.0


@pytest.fixture
def room(broker: RunningBroker) -> RunningBroker:
    """A broker with one button."""
    broker.add_device(DEVICE)
    return broker


class Hub:
    """A link of the calls role and what came over it."""

    def __init__(self, broker: RunningBroker, **different: str | int | bool | None) -> None:
        told: dict[str, object] = {
            "host": broker.host, "port": broker.port, "username": CALLS, "password": broker.roles[CALLS],
        }  # fmt: skip
        self.came: asyncio.Queue[Delivery] = asyncio.Queue()
        self.link = Link(
            Endpoint(**(told | different)),  # type: ignore[arg-type]
            topics=((topics.ALL_CALLS, 1),),
            on_message=self.came.put_nowait,
        )

    async def next(self) -> Delivery:
        """The next message."""
        return await asyncio.wait_for(self.came.get(), PATIENCE_S)


@asynccontextmanager
async def running(hub: Hub) -> AsyncIterator[Hub]:
    """Connected inside the block."""
    task = asyncio.create_task(hub.link.run())
    try:
        await asyncio.wait_for(hub.link.connected.wait(), PATIENCE_S)
        yield hub
    finally:
        await stop(task)


async def until(condition: Callable[[], bool]) -> None:
    """Wait for it."""
    async with asyncio.timeout(PATIENCE_S):
        while not condition():  # noqa: ASYNC110 -- what is waited for knows no event
            await asyncio.sleep(0.01)


async def press(broker: RunningBroker, *bodies: bytes) -> None:
    """A button publishes, and the broker has it."""

    def publish() -> None:
        with BrokerClient(broker, DEVICE) as button:
            for body in bodies:
                button.publish(CALL, body)

    await asyncio.to_thread(publish)


async def test_what_was_not_acknowledged_comes_again_and_what_was_does_not(room: RunningBroker) -> None:
    async with running(Hub(room)) as hub:
        await press(room, b"first", b"second")
        first, second = await hub.next(), await hub.next()
        assert (first.payload, second.payload) == (b"first", b"second")
        assert (first.topic, first.qos, first.retain) == (CALL, 1, False)
        hub.link.ack(first)
    await press(room, b"third")
    async with running(Hub(room)) as again:
        assert [(await again.next()).payload for _ in range(2)] == [b"second", b"third"]


async def test_an_acknowledgement_for_an_earlier_connection_is_no_use(room: RunningBroker) -> None:
    hub = Hub(room)
    async with running(hub):
        await press(room, b"first")
        stale = await hub.next()
    async with running(hub):
        assert (await hub.next()).payload == b"first"
        hub.link.ack(stale)
    async with running(hub):
        assert (await hub.next()).payload == b"first"


async def test_a_published_message_is_confirmed_and_a_device_has_it(room: RunningBroker) -> None:
    def connected() -> BrokerClient:
        button = BrokerClient(room, DEVICE).__enter__()
        button.subscribe(REPLY)
        return button

    button = await asyncio.to_thread(connected)
    async with running(Hub(room)) as hub:
        await asyncio.gather(*(hub.link.publish(REPLY, b"%d" % n) for n in range(300)))
    heard = [await asyncio.to_thread(button.next) for _ in range(300)]
    assert [message.payload for message in heard] == [b"%d" % n for n in range(300)]
    await asyncio.to_thread(button.vanish)


async def test_a_link_whose_broker_was_killed_comes_back_and_listens_again(room: RunningBroker) -> None:
    async with running(Hub(room)) as hub:
        await asyncio.to_thread(room.kill)
        await until(lambda: not hub.link.connected.is_set())
        with pytest.raises(LinkDown):
            await hub.link.publish(REPLY, b"lost")
        assert hub.link.trouble
        await asyncio.to_thread(room.start)
        await asyncio.wait_for(hub.link.connected.wait(), PATIENCE_S)
        assert hub.link.trouble == ""
        await press(room, b"after")
        assert (await hub.next()).payload == b"after"


async def test_a_wrong_password_is_said(room: RunningBroker) -> None:
    hub = Hub(room, password="wrong")
    task = asyncio.create_task(hub.link.run())
    try:
        await until(lambda: "auth" in hub.link.trouble or "password" in hub.link.trouble)
    finally:
        await stop(task)


async def test_the_same_over_tls(room: RunningBroker) -> None:
    secure = Hub(room, port=room.tls_port, tls=True, ca=str(room.tls.ca))
    async with running(secure):
        await press(room, *(b"%d" % n for n in range(200)))
        assert [(await secure.next()).payload for _ in range(200)] == [b"%d" % n for n in range(200)]
        await secure.link.publish(REPLY, b"said")


# paho leaves the socket of a failed handshake to the collector
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
async def test_a_broker_with_another_certificate_is_not_trusted(room: RunningBroker) -> None:
    hub = Hub(room, port=room.tls_port, tls=True)
    task = asyncio.create_task(hub.link.run())
    try:
        await until(lambda: "certificate" in hub.link.trouble.lower())
    finally:
        await stop(task)
    assert not hub.link.connected.is_set()
