"""The first packet of a connection, read before anything else is believed."""

import asyncio
from dataclasses import dataclass
from enum import IntEnum

from amqtt.adapters import BufferReader, StreamReaderAdapter
from amqtt.errors import AMQTTError, CodecError, MQTTError, NoDataError
from amqtt.mqtt.connect import ConnectPacket
from amqtt.mqtt.packet import CONNECT, MQTTFixedHeader

MAX_CONNECT_BYTES = 64 * 1024
MQTT_3_1_1 = 4
MQTT_5 = 5


class Refusal(IntEnum):
    """Return codes of a CONNACK that says no (MQTT 3.1.1, 3.2.2.3)."""

    PROTOCOL_VERSION = 1
    NOT_AUTHORISED = 5


class NotMqttError(Exception):
    """What came is no CONNECT: nothing is answered."""


@dataclass(frozen=True, slots=True)
class Knock:
    """A client that asks to come in. `packet` is its CONNECT as amqtt is to see it."""

    user: str
    password: str
    clean: bool
    keep_alive_s: int
    packet: bytes


def connack(refusal: Refusal, level: int = MQTT_3_1_1) -> bytes:
    """A CONNACK that refuses, in the client's own protocol version."""
    if level == MQTT_5:
        unsupported, not_authorised = 0x84, 0x87
        code = unsupported if refusal is Refusal.PROTOCOL_VERSION else not_authorised
        return bytes([0x20, 3, 0, code, 0])
    return bytes([0x20, 2, 0, refusal])


async def read_connect(reader: asyncio.StreamReader) -> bytes:
    """The bytes of the first packet, header and all; NotMqttError when it is no CONNECT of a sane length."""
    try:
        header = await MQTTFixedHeader.from_stream(StreamReaderAdapter(reader))
        if header is None or (header.packet_type, header.flags) != (CONNECT, 0):
            raise NotMqttError
        if header.remaining_length > MAX_CONNECT_BYTES:
            raise NotMqttError
        return header.to_bytes() + await reader.readexactly(header.remaining_length)
    except (OSError, EOFError, MQTTError) as error:
        raise NotMqttError from error


def protocol_level(packet: bytes) -> int:
    """The protocol version in a CONNECT; NotMqttError when it does not call itself MQTT."""
    marker = b"\x00\x04MQTT"
    start = packet.find(marker, 0, 12)
    if start < 0 or len(packet) <= start + len(marker):
        raise NotMqttError
    return packet[start + len(marker)]


async def read_knock(packet: bytes) -> Knock | None:
    """Who knocks; None when it gives no name and password.

    The packet that goes on has the user name for a client id, whatever the client wrote there, so that no
    session but its own can be reached; and no keep-alive, which `guest` enforces.
    """
    try:
        connect = await ConnectPacket.from_stream(BufferReader(packet))
    except (AMQTTError, CodecError, MQTTError, NoDataError, ValueError) as error:
        raise NotMqttError from error
    if not connect.username or connect.password is None:
        return None
    keep_alive_s = connect.keep_alive
    connect.client_id = connect.username
    connect.keep_alive = 0
    return Knock(
        connect.username, connect.password, connect.clean_session_flag, keep_alive_s, connect.to_bytes()
    )
