"""A connection in virtual time: what a broker that falls silent, or never answers, does to whoever waits for it."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import TypeVar, cast

import pytest

from hub.mqtt import packets
from hub.mqtt.connection import ANSWER_S, CONFIRM_S, KEEPALIVE_S, READ_BYTES, Connection, LinkDown
from hub.mqtt.packets import Publish
from tests.simulation.virtual import VirtualLoop, run

T = TypeVar("T")
LET_IN = b"\x20\x02\x00\x00"


class Wire:
    """The broker's end: what was written to it, piece by piece, and whether it was cut off."""

    def __init__(self) -> None:
        self.pieces: list[bytes] = []
        self.is_cut = self.is_closed = False

    def write(self, data: bytes) -> None:
        self.pieces.append(data)

    def abort(self) -> None:
        self.is_cut = True

    def close(self) -> None:
        self.is_closed = True


class Bench:
    """A connection, its wire, and what arrived."""

    def __init__(self) -> None:
        self.arrived: list[Publish] = []
        self.wire = Wire()
        self.connection = Connection(self.arrived.append)
        self.connection.connection_made(cast("asyncio.Transport", self.wire))

    def say(self, data: bytes) -> None:
        """Let the broker say `data`."""
        while data:
            room = self.connection.get_buffer(-1)
            count = min(len(room), len(data))
            room[:count] = data[:count]
            self.connection.buffer_updated(count)
            data = data[count:]

    async def signed_in(self) -> Bench:
        """Let the broker let us in."""
        asyncio.get_running_loop().call_soon(self.say, LET_IN)
        await self.connection.sign_in("hub", "secret", clean=False)
        self.wire.pieces.clear()
        return self


def soon(story: Coroutine[None, None, T]) -> T:
    """The story in virtual time."""

    async def main(_loop: VirtualLoop) -> T:
        return await story

    return run(main)


def test_a_broker_that_refuses_is_quoted() -> None:
    async def story() -> None:
        bench = Bench()
        asyncio.get_running_loop().call_soon(bench.say, b"\x20\x02\x00\x05")
        with pytest.raises(LinkDown, match="not authorized"):
            await bench.connection.sign_in("hub", "wrong", clean=False)

    soon(story())


def test_a_broker_that_does_not_answer_is_not_waited_for_without_end() -> None:
    async def story() -> float:
        with pytest.raises(LinkDown, match="in time"):
            await Bench().connection.sign_in("hub", "secret", clean=False)
        return asyncio.get_running_loop().time()

    assert soon(story()) == pytest.approx(ANSWER_S)


def test_a_broker_that_hangs_up_while_we_sign_in_is_not_waited_for() -> None:
    async def story() -> float:
        bench = Bench()
        asyncio.get_running_loop().call_soon(bench.connection.connection_lost, None)
        with pytest.raises(LinkDown, match="closed"):
            await bench.connection.sign_in("hub", "secret", clean=False)
        return asyncio.get_running_loop().time()

    assert soon(story()) == pytest.approx(0)


def test_what_is_written_in_one_turn_leaves_in_one_piece_and_in_order() -> None:
    async def story() -> list[bytes]:
        bench = await Bench().signed_in()
        bench.connection.ack(3)
        bench.connection.publish("a", b"hi", 1)
        bench.connection.ack(4)
        await asyncio.sleep(0)
        return bench.wire.pieces

    assert soon(story()) == [packets.puback(3) + packets.publish("a", b"hi", 1, 1) + packets.puback(4)]


def test_each_confirmation_goes_to_its_own_message() -> None:
    async def story() -> None:
        bench = await Bench().signed_in()
        first, second = (bench.connection.publish("a", body, 1) for body in (b"1", b"2"))
        assert first is not None
        assert second is not None
        bench.say(packets.puback(2) + packets.puback(2) + packets.puback(99))
        await second
        assert not first.done()
        bench.say(packets.puback(1))
        await first

    soon(story())


def test_a_message_that_is_not_confirmed_in_time_is_down_while_later_ones_still_wait() -> None:
    async def story() -> None:
        bench = await Bench().signed_in()
        early = bench.connection.publish("a", b"1", 1)
        await asyncio.sleep(CONFIRM_S / 2)
        late = bench.connection.publish("a", b"2", 1)
        assert early is not None
        assert late is not None
        with pytest.raises(LinkDown, match="in time"):
            await early
        assert not late.done()
        bench.say(packets.puback(2))
        await late

    soon(story())


def test_a_message_that_waits_hears_at_once_that_the_connection_broke() -> None:
    async def story() -> float:
        bench = await Bench().signed_in()
        waiting = bench.connection.publish("a", b"1", 1)
        assert waiting is not None
        bench.connection.connection_lost(ConnectionResetError("reset by peer"))
        with pytest.raises(LinkDown, match="broke"):
            await waiting
        with pytest.raises(LinkDown, match="away"):
            bench.connection.publish("a", b"2", 1)
        assert await bench.connection.ended == "reset by peer"
        return asyncio.get_running_loop().time()

    assert soon(story()) == pytest.approx(0)


def test_an_idle_connection_pings_and_lives_on() -> None:
    async def story() -> Bench:
        bench = await Bench().signed_in()
        for _ in range(10 * KEEPALIVE_S):
            await asyncio.sleep(1)
            while bench.wire.pieces:
                assert bench.wire.pieces.pop() == packets.PINGREQ
                bench.say(b"\xd0\x00")
        return bench

    assert not soon(story()).connection.ended.done()


def test_a_broker_that_answers_no_ping_is_given_up() -> None:
    async def story() -> tuple[Bench, str, float]:
        bench = await Bench().signed_in()
        why = await bench.connection.ended
        return bench, why, asyncio.get_running_loop().time()

    bench, why, at_s = soon(story())
    assert bench.wire.is_cut
    assert "says nothing" in why
    assert at_s <= KEEPALIVE_S + 1
    assert packets.PINGREQ in bench.wire.pieces


def test_a_broken_packet_ends_the_connection_behind_what_was_whole() -> None:
    async def story() -> Bench:
        bench = await Bench().signed_in()
        bench.say(packets.publish("a", b"whole", 1, 1) + b"\xf0\x00")
        assert "0xf0" in await bench.connection.ended
        return bench

    bench = soon(story())
    assert bench.wire.is_cut
    assert [message.payload for message in bench.arrived] == [b"whole"]


def test_a_message_longer_than_what_is_read_at_once_arrives_whole() -> None:
    async def story() -> list[Publish]:
        bench = await Bench().signed_in()
        bench.say(packets.publish("a", b"x" * 5 * READ_BYTES, 1, 1))
        return bench.arrived

    assert [len(message.payload) for message in soon(story())] == [5 * READ_BYTES]


def test_a_good_bye_is_behind_what_was_acknowledged() -> None:
    async def story() -> Wire:
        bench = await Bench().signed_in()
        bench.connection.ack(9)
        bench.connection.close()
        return bench.wire

    wire = soon(story())
    assert wire.pieces == [packets.puback(9) + packets.DISCONNECT]
    assert wire.is_closed


def test_no_more_messages_wait_than_there_are_packet_ids() -> None:
    async def story() -> None:
        bench = await Bench().signed_in()
        for _ in range(65_535):
            bench.connection.publish("a", b"", 1)
        with pytest.raises(LinkDown, match="too many"):
            bench.connection.publish("a", b"", 1)
        bench.say(packets.puback(5))
        assert bench.connection.publish("a", b"", 1) is not None

    soon(story())
