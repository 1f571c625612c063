"""MQTT 3.1.1 (OASIS, 2014) on the wire, as much of it as the hub speaks: QoS 0 and 1, no will. Pure.

A broker never delivers above the QoS that was asked for, so what belongs to QoS 2 is a broken packet here.
"""

import struct
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

CONNACK: Final = 0x20
PUBACK: Final = 0x40
SUBACK: Final = 0x90
PINGRESP: Final = 0xD0
_PUBLISH: Final = 0x30
PINGREQ: Final = b"\xc0\x00"
DISCONNECT: Final = b"\xe0\x00"
REFUSED: Final = 0x80  # in a SUBACK
LENGTH_BYTES: Final = 4  # of the remaining length, at most
_u16 = struct.Struct("!H")
_REFUSALS: Final = {
    1: "it does not speak MQTT 3.1.1",
    2: "it refuses the client id",
    3: "it is not available",
    4: "bad user name or password",
    5: "not authorized",
}


class BrokenPacket(Exception):
    """These bytes are none of the protocol's; the connection cannot go on."""


class Publish(NamedTuple):
    """A message that came. `mid` is 0 at QoS 0."""

    topic: str
    payload: bytes
    qos: int
    retain: bool
    mid: int


class Answer(NamedTuple):
    """CONNACK, PUBACK, SUBACK or PINGRESP: its kind, and what stands in it."""

    kind: int
    body: bytes

    @property
    def mid(self) -> int:
        """The packet that it answers."""
        return int(_u16.unpack_from(self.body)[0])


Packet = Publish | Answer
_ANSWER_BYTES: Final = {CONNACK: (2, 2), PUBACK: (2, 2), SUBACK: (3, 1 << 28), PINGRESP: (0, 0)}


def connect(client: str, user: str, password: str, *, clean: bool, keepalive_s: int) -> bytes:
    """CONNECT with user name and password."""
    flags = 0b1100_0000 | (0b10 if clean else 0)
    head = b"\x00\x04MQTT\x04" + bytes((flags,)) + _u16.pack(keepalive_s)
    return _packet(0x10, head + _text(client) + _text(user) + _text(password))


def subscribe(mid: int, topics: Sequence[tuple[str, int]]) -> bytes:
    """SUBSCRIBE to (filter, QoS)."""
    return _packet(0x82, _u16.pack(mid) + b"".join(_text(topic) + bytes((qos,)) for topic, qos in topics))


def publish(topic: str, payload: bytes, qos: int, mid: int) -> bytes:
    """PUBLISH, never retained."""
    named = _u16.pack(mid) if qos else b""
    return _packet(_PUBLISH | qos << 1, _text(topic) + named + payload)


def puback(mid: int) -> bytes:
    """PUBACK: the message is ours now."""
    return b"\x40\x02" + _u16.pack(mid)


def refusal(connack: Answer) -> str | None:
    """Why the broker does not let us in; None when it does."""
    code = connack.body[1]
    return None if code == 0 else _REFUSALS.get(code, f"it refuses with code {code}")


def _packet(head: int, body: bytes) -> bytes:
    length, rest = b"", len(body)
    while True:
        rest, digit = rest >> 7, rest & 0x7F
        length += bytes((digit | 0x80 if rest else digit,))
        if not rest:
            return bytes((head,)) + length + body


def _text(text: str) -> bytes:
    encoded = text.encode()
    return _u16.pack(len(encoded)) + encoded


class Reader:
    """Bytes in, in whatever pieces they come; packets out. The pieces are read into `room`."""

    def __init__(self, size: int) -> None:
        """`size`: how many bytes are read at once; more only when a packet is longer."""
        self._size = size
        self._buffer = bytearray(size)
        self._end = 0

    def room(self) -> memoryview:
        """Where the next bytes go."""
        if self._end == len(self._buffer):
            # a new one: somebody may still hold a view of the old, which must not change its size then
            self._buffer = self._buffer + bytes(len(self._buffer))
        return memoryview(self._buffer)[self._end :]

    def take(self, count: int) -> Iterator[Packet]:
        """The packets that are whole now that `count` bytes more are there. BrokenPacket."""
        self._end += count
        buffer, end, at = self._buffer, self._end, 0
        try:
            while (body := self._begin(at, end)) is not None:
                start, stop = body
                if stop > end:
                    break
                head, content = buffer[at], bytes(buffer[start:stop])
                at = stop
                yield _read(head, content)
        finally:
            rest = buffer[at:end]
            if len(buffer) > self._size > len(rest):  # the long packet is through
                self._buffer = bytearray(self._size)
            self._buffer[: len(rest)] = rest
            self._end = len(rest)

    def _begin(self, at: int, end: int) -> tuple[int, int] | None:
        """Where the body of the packet at `at` starts and stops; None: that cannot be seen yet."""
        length = 0
        for n in range(LENGTH_BYTES):
            if at + 1 + n >= end:
                return None
            digit = self._buffer[at + 1 + n]
            length |= (digit & 0x7F) << 7 * n
            if digit < 0x80:
                start = at + 2 + n
                return start, start + length
        raise BrokenPacket("a length of more than four bytes")


def _read(head: int, body: bytes) -> Packet:
    if head & 0xF0 == _PUBLISH:
        return _read_publish(head, body)
    least, most = _ANSWER_BYTES.get(head, (1, 0))
    if not least <= len(body) <= most:
        raise BrokenPacket(f"a packet of kind {head:#x} and {len(body)} bytes")
    return Answer(head, body)


def _read_publish(head: int, body: bytes) -> Publish:
    qos = head >> 1 & 3
    if len(body) < 2 or qos > 1:
        raise BrokenPacket(f"a message of QoS {qos} and {len(body)} bytes")
    at = 2 + int(_u16.unpack_from(body)[0])
    topic, mid = body[2:at], 0
    if qos:
        if len(body) < at + 2:
            raise BrokenPacket("a message without its packet id")
        mid = int(_u16.unpack_from(body, at)[0])
        at += 2
    elif len(body) < at:
        raise BrokenPacket("a topic that is cut off")
    try:
        return Publish(topic.decode(), body[at:], qos, head & 1 == 1, mid)
    except UnicodeDecodeError as error:
        raise BrokenPacket("a topic that is not UTF-8") from error
