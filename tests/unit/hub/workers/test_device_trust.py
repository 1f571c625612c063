"""Who is told the time and the keys, when, and how often."""

from __future__ import annotations

import asyncio

import msgspec
import pytest

from devices import codec, topics
from devices.messages import Status, TimeRequest
from hub.domain.errors import Unavailable
from hub.domain.orders import Order
from hub.mqtt.link import LinkDown
from hub.workers.device_trust import PER_DEVICE_A_MINUTE, DeviceTrust
from tests.stores import START_MS, Moved

LS = "ls-1"


class Message(msgspec.Struct, frozen=True):
    topic: str
    payload: bytes
    retain: bool = False


class World:
    """A signer that answers in words, and a broker; each can be away."""

    def __init__(self, clock: Moved) -> None:
        self.rev = 1
        self.away = False
        self.down = False
        self.hold = asyncio.Event()
        self.hold.set()
        self.sent: list[tuple[str, bytes]] = []
        self.trust = DeviceTrust(signer=self, publish=self.publish, rev=self.read_rev, now=clock.now)

    async def time(self, device: str, nonce: str, t1: int, t2: int) -> bytes:  # noqa: ARG002
        self._require()
        return f"time {nonce} {t1} {t2}".encode()

    async def keys(self, device: str) -> bytes:  # noqa: ARG002
        await self.hold.wait()
        self._require()
        return f"keys {self.rev}".encode()

    async def sign(self, order: Order) -> bytes:
        self._require()
        assert (order.address, order.device) == (LS, True)
        return order.command

    async def publish(self, topic: str, payload: bytes) -> None:
        if self.down:
            raise LinkDown("gone")
        self.sent.append((topic, payload))

    def read_rev(self) -> int:
        if self.rev == 0:
            raise Unavailable("signer-never-ran", file="x")
        return self.rev

    def _require(self) -> None:
        if self.away:
            raise Unavailable("signer-away", reason="gone")

    async def told(self) -> list[tuple[str, bytes]]:
        """What was sent since the last look, once all is quiet."""
        while len(asyncio.all_tasks()) > 1:  # noqa: ASYNC110 -- the tasks are not ours
            await asyncio.sleep(0)
        sent, self.sent = self.sent, []
        return sent


@pytest.fixture
async def world(clock: Moved) -> World:
    return World(clock)


def online(device: str = LS, session: str = "s-1", *, alive: bool = True, retain: bool = False) -> Message:
    status = Status(online=alive, session=session)
    return Message(topics.status(device), codec.encode(status), retain)


def asks(device: str = LS, nonce: str = "n-1", *, retain: bool = False) -> Message:
    return Message(topics.time(device), codec.encode(TimeRequest(nonce=nonce, t1=5)), retain)


KEYS = (topics.command(LS), b"keys 1")
TIME = (topics.command(LS), b"time n-1 5 %d" % START_MS)


async def test_a_loudspeaker_that_comes_online_is_told_the_keys_once_a_connection(world: World) -> None:
    world.trust.look({LS: None})
    assert await world.told() == [KEYS]
    for _ in range(3):
        world.trust.status_arrived(online(session="s-1"))
    assert await world.told() == [KEYS]
    world.trust.status_arrived(online(session="s-2"))
    assert await world.told() == [KEYS]


async def test_a_button_is_told_nothing(world: World) -> None:
    world.trust.look({LS: None})
    await world.told()
    world.trust.status_arrived(online("b-1"))
    assert await world.told() == []


async def test_who_asks_for_the_time_is_told_and_is_a_loudspeaker_from_then_on(world: World) -> None:
    world.trust.time_asked(asks())
    assert await world.told() == [KEYS, TIME]
    world.trust.time_asked(asks())
    assert await world.told() == [TIME]
    world.trust.status_arrived(online())
    assert await world.told() == [KEYS]


async def test_the_keys_are_told_before_the_time_however_slow_the_signer(world: World) -> None:
    world.trust.look({LS: None})
    await world.told()
    world.hold.clear()
    world.trust.status_arrived(online())
    world.trust.time_asked(asks())
    await asyncio.sleep(0)
    assert world.sent == []
    world.hold.set()
    assert await world.told() == [KEYS, TIME]


async def test_new_keys_are_told_to_everybody_at_the_next_look(world: World) -> None:
    world.trust.look({LS: None, "ls-2": None})
    await world.told()
    world.trust.look({LS: None, "ls-2": None})
    assert await world.told() == []
    world.rev = 2
    world.trust.look({})  # the database is away
    assert sorted(await world.told()) == [(topics.command(d), b"keys 2") for d in (LS, "ls-2")]


async def test_one_that_was_moved_is_told_where_it_stands_at_every_connection(world: World) -> None:
    world.trust.look({LS: None})
    await world.told()
    moved = (topics.command(LS), b'{"type":"set","zones":["990421102201"]}')
    world.trust.look({LS: ("990421102201",)})
    assert await world.told() == [KEYS, moved]
    world.trust.status_arrived(online())
    assert await world.told() == [KEYS, moved]


async def test_one_that_the_register_learns_of_later_is_told_then(world: World) -> None:
    world.trust.look({"ls-2": None})
    await world.told()
    world.trust.look({"ls-2": None, LS: None})
    assert await world.told() == [KEYS]


async def test_a_hub_without_keys_waits_for_them(world: World) -> None:
    world.rev = 0
    world.trust.look({LS: None})
    assert await world.told() == []
    world.rev = 1
    world.trust.look({LS: None})
    assert await world.told() == [KEYS]


@pytest.mark.parametrize("fault", ["away", "down"])
async def test_who_could_not_be_told_is_told_at_the_next_sign_of_life(world: World, fault: str) -> None:
    world.trust.look({LS: None})
    await world.told()
    setattr(world, fault, True)
    world.trust.status_arrived(online())
    assert await world.told() == []
    setattr(world, fault, False)
    world.trust.status_arrived(online())
    assert await world.told() == [KEYS]
    assert world.trust.failed == 1


async def test_what_nobody_has_just_said_is_not_answered(world: World) -> None:
    world.trust.look({LS: None})
    await world.told()
    for message in (
        online(retain=True),
        online(alive=False),
        Message(topics.status(LS), b"\xff"),
    ):
        world.trust.status_arrived(message)
    for message in (asks(retain=True), Message(topics.time(LS), b"{}"), Message("v1/x", b"{}")):
        world.trust.time_asked(message)
    assert await world.told() == []


async def test_a_device_that_asks_without_end_gets_so_many_answers_and_holds_nobody_up(
    world: World, clock: Moved
) -> None:
    for _ in range(1_000):
        world.trust.time_asked(asks())
    assert len(await world.told()) == PER_DEVICE_A_MINUTE
    world.trust.time_asked(asks("ls-2"))
    assert len(await world.told()) == 2
    clock.move(60_000)
    world.trust.time_asked(asks())
    assert len(await world.told()) == 1
