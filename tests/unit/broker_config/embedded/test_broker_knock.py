"""The first packet: who is asking, and nothing of it believed too early."""

import asyncio
from contextlib import suppress

import pytest
from amqtt.adapters import BufferReader
from amqtt.mqtt.connect import ConnectPacket
from hypothesis import given
from hypothesis import strategies as st

from broker_config.embedded.knock import (
    MAX_CONNECT_BYTES,
    Knock,
    NotMqttError,
    Refusal,
    connack,
    protocol_level,
    read_connect,
    read_knock,
)


def text(value: str) -> bytes:
    return len(value.encode()).to_bytes(2, "big") + value.encode()


def connect(
    client: str, user: str | None, password: str | None, *, level: int = 4, clean: bool = True
) -> bytes:
    flags = 0x02 * clean | 0x80 * (user is not None) | 0x40 * (password is not None)
    body = text("MQTT") + bytes([level, flags, 0, 60]) + text(client)
    body += b"".join(text(each) for each in (user, password) if each is not None)
    return bytes([0x10, len(body)]) + body


async def first_packet(sent: bytes) -> bytes:
    reader = asyncio.StreamReader()
    reader.feed_data(sent)
    reader.feed_eof()
    return await read_connect(reader)


async def test_what_goes_on_to_the_broker_bears_the_user_name_for_a_client_id() -> None:
    knock = await read_knock(await first_packet(connect("hub.1.calls", "b-1", "secret", clean=False)))
    assert knock is not None
    assert (knock.user, knock.password, knock.clean, knock.keep_alive_s) == ("b-1", "secret", False, 60)
    passed_on = await ConnectPacket.from_stream(BufferReader(knock.packet))
    assert (passed_on.client_id, passed_on.username, passed_on.keep_alive) == ("b-1", "b-1", 0)


@pytest.mark.parametrize(("user", "password"), [(None, None), ("b-1", None), ("", "x")])
async def test_who_gives_no_name_and_password_is_nobody(user: str | None, password: str | None) -> None:
    assert await read_knock(connect("b-1", user, password)) is None


async def test_only_the_first_packet_is_read() -> None:
    packet = connect("b-1", "b-1", "x")
    assert await first_packet(packet + b"\xc0\x00") == packet


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"\x10",
        b"GET / HTTP/1.1\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc",  # a TLS hello at the plain port
        b"\xc0\x00",
        b"\x10\xff\xff\xff\xff\x01",
        b"\x10\x0a\x00\x04MQ",
        bytes([0x10, 0x80 | (MAX_CONNECT_BYTES + 1) % 128, 0x80 | (MAX_CONNECT_BYTES // 128) % 128, 4]),
    ],
)
async def test_what_is_no_connect_is_not_answered(sent: bytes) -> None:
    with pytest.raises(NotMqttError):
        await first_packet(sent)


def test_each_version_is_refused_in_its_own_words() -> None:
    assert (
        connack(Refusal.PROTOCOL_VERSION, protocol_level(connect("b", "b", "x", level=5)))
        == b"\x20\x03\x00\x84\x00"
    )
    assert (
        connack(Refusal.PROTOCOL_VERSION, protocol_level(connect("b", "b", "x", level=3)))
        == b"\x20\x02\x00\x01"
    )
    assert connack(Refusal.NOT_AUTHORISED) == b"\x20\x02\x00\x05"


@given(st.binary(max_size=200) | st.binary(max_size=60).map(lambda tail: connect("a", "b", "c")[:-3] + tail))
def test_any_bytes_are_a_knock_or_nothing(sent: bytes) -> None:
    async def read() -> Knock | None:
        packet = await first_packet(sent)
        protocol_level(packet)
        return await read_knock(packet)

    with suppress(NotMqttError):
        asyncio.run(read())
