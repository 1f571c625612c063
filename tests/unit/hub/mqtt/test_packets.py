"""MQTT 3.1.1 on the wire: what we write is what the standard says, and bytes are read in whatever pieces they come."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.mqtt import packets
from hub.mqtt.packets import Answer, BrokenPacket, Packet, Publish, Reader

SIZE = 64  # of what is read at once; many packets below are longer
LONG = b"x" * 200_000


def read(reader: Reader, data: bytes) -> list[Packet]:
    """Let `data` come in as large pieces as the reader has room for."""
    found: list[Packet] = []
    while data:
        room = reader.room()
        count = min(len(room), len(data))
        room[:count] = data[:count]
        found += reader.take(count)
        data = data[count:]
    return found


STREAM = b"".join(
    (
        b"\x20\x02\x00\x00",
        b"\x90\x04\x00\x01\x01\x80",
        packets.publish("v1/d/b-1/call", b'{"id":"a"}', 1, 7),
        packets.puback(65_535),
        packets.publish("v1/d/b-1/telemetry", b"", 0, 0),
        b"\xd0\x00",
        packets.publish("v1/d/b-1/call", b"y" * 300, 1, 8),
    )
)
READ = [
    Answer(packets.CONNACK, b"\x00\x00"),
    Answer(packets.SUBACK, b"\x00\x01\x01\x80"),
    Publish("v1/d/b-1/call", b'{"id":"a"}', 1, False, 7),
    Answer(packets.PUBACK, b"\xff\xff"),
    Publish("v1/d/b-1/telemetry", b"", 0, False, 0),
    Answer(packets.PINGRESP, b""),
    Publish("v1/d/b-1/call", b"y" * 300, 1, False, 8),
]


def test_what_is_written_stands_in_the_standard() -> None:
    signed_in = packets.connect("hub", "hub", "s3", clean=False, keepalive_s=30)
    assert signed_in == b"\x10\x18\x00\x04MQTT\x04\xc0\x00\x1e\x00\x03hub\x00\x03hub\x00\x02s3"
    assert packets.connect("h", "h", "", clean=True, keepalive_s=30)[9] == 0xC2
    assert packets.subscribe(1, [("a/+", 1), ("b", 0)]) == b"\x82\x0c\x00\x01\x00\x03a/+\x01\x00\x01b\x00"
    assert packets.publish("a", b"hi", 1, 10) == b"\x32\x07\x00\x01a\x00\x0ahi"
    assert packets.publish("a", b"hi", 0, 0) == b"\x30\x05\x00\x01ahi"
    assert packets.puback(258) == b"\x40\x02\x01\x02"


@pytest.mark.parametrize(
    ("length", "written"), [(127, 1), (128, 2), (16_383, 2), (16_384, 3), (2_097_152, 4)]
)
def test_a_length_takes_as_many_bytes_as_it_needs(length: int, written: int) -> None:
    packet = packets.publish("a", b"x" * (length - 3), 0, 0)
    assert len(packet) == 1 + written + length
    assert read(Reader(SIZE), packet) == [Publish("a", b"x" * (length - 3), 0, False, 0)]


def test_a_retained_message_says_so() -> None:
    packet = bytearray(packets.publish("a", b"", 1, 1))
    packet[0] |= 1
    (message,) = read(Reader(SIZE), bytes(packet))
    assert isinstance(message, Publish)
    assert message.retain


@given(st.lists(st.integers(1, len(STREAM)), max_size=40))
def test_packets_are_the_same_in_whatever_pieces_they_come(cuts: Sequence[int]) -> None:
    reader, found, last = Reader(SIZE), [], 0
    for cut in sorted({*cuts, len(STREAM)}):
        found += read(reader, STREAM[last:cut])
        last = cut
    assert found == READ


def test_a_long_packet_is_read_whole_and_leaves_no_large_buffer() -> None:
    reader = Reader(SIZE)
    assert read(reader, packets.publish("a", LONG, 1, 1) + STREAM) == [Publish("a", LONG, 1, False, 1), *READ]
    assert len(reader.room()) == SIZE


@given(st.binary(max_size=300))
def test_any_bytes_are_packets_or_broken(data: bytes) -> None:
    with contextlib.suppress(BrokenPacket):
        for packet in read(Reader(SIZE), data):
            assert isinstance(packet, Publish | Answer)


@pytest.mark.parametrize(
    "packet",
    [
        b"\x34\x05\x00\x01a\x00\x01",  # QoS 2
        b"\x32\x03\x00\x01a",  # no packet id
        b"\x30\x03\x00\x05a",  # a topic beyond the end
        b"\x30\x04\x00\x02\xff\xff",  # a topic that is not UTF-8
        b"\x30\xff\xff\xff\xff\x01",  # a length of five bytes
        b"\x40\x01\x00",  # half a packet id
        b"\x20\x00",
        b"\xf0\x00",  # MQTT 5
        b"\x62\x02\x00\x01",  # PUBREL
    ],
)
def test_what_the_protocol_does_not_allow_is_broken(packet: bytes) -> None:
    with pytest.raises(BrokenPacket):
        read(Reader(SIZE), packet)


def test_a_refusal_is_said_in_words() -> None:
    assert packets.refusal(Answer(packets.CONNACK, b"\x00\x00")) is None
    assert packets.refusal(Answer(packets.CONNACK, b"\x00\x05")) == "not authorized"
    assert "42" in str(packets.refusal(Answer(packets.CONNACK, b"\x00\x2a")))
