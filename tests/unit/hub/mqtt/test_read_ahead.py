"""A socket that is read ahead hands on the same bytes, a piece each turn of the loop."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.mqtt.read_ahead import AT_ONCE, ReadAhead


class Wire:
    """A socket with pieces that have come; an error stands for one, and nothing more is BlockingIOError."""

    def __init__(self, *pieces: bytes | Exception) -> None:
        self.pieces = list(pieces)
        self.asked = 0
        self.sent = b""
        self.closed = False

    def recv(self, size: int, /) -> bytes:
        self.asked += 1
        if not self.pieces:
            raise BlockingIOError
        piece = self.pieces.pop(0)
        if isinstance(piece, Exception):
            raise piece
        if len(piece) > size:
            self.pieces.insert(0, piece[size:])
        return piece[:size]

    def send(self, data: bytes, /) -> int:
        self.sent += data[:3]
        return len(data[:3])

    def fileno(self) -> int:
        return 7

    def close(self) -> None:
        self.closed = True


class Decrypting(Wire):
    """A TLS socket: what it has decrypted is told by itself, never by the selector."""

    def pending(self) -> int:
        return len(self.pieces[0]) if self.pieces and isinstance(self.pieces[0], bytes) else 0


def turn(socket: ReadAhead, size: int) -> bytes:
    """What paho and aiomqtt read when the selector wakes them."""
    read = b""
    while True:
        with contextlib.suppress(BlockingIOError):
            read += socket.recv(size)
        if not socket.pending():
            return read


def test_a_packet_is_one_read_of_the_system() -> None:
    wire = Wire(b"\x40\x02\x00\x01")
    socket = ReadAhead(wire)
    assert [socket.recv(1), socket.recv(1), socket.recv(2)] == [b"\x40", b"\x02", b"\x00\x01"]
    assert (wire.asked, socket.pending()) == (1, 0)


def test_a_flood_leaves_the_others_their_turn() -> None:
    socket = ReadAhead(Wire(b"x" * (3 * AT_ONCE)))
    assert [len(turn(socket, 100)) for _ in range(4)] == [AT_ONCE, AT_ONCE, AT_ONCE, 0]


def test_what_is_decrypted_waits_for_no_selector() -> None:
    assert turn(ReadAhead(Decrypting(b"first", b"second")), 4) == b"firstsecond"


def test_the_end_and_errors_are_the_sockets_own() -> None:
    socket = ReadAhead(Wire(b"a", b"", ConnectionResetError()))
    assert turn(socket, 1) == b"a"
    assert socket.recv(1) == b""
    assert not socket.pending()
    with pytest.raises(ConnectionResetError):
        socket.recv(1)


def test_the_rest_is_handed_through() -> None:
    wire = Wire()
    socket = ReadAhead(wire)
    assert (socket.send(b"abcdef"), socket.fileno()) == (3, 7)
    socket.close()
    assert (wire.sent, wire.closed) == (b"abc", True)


@given(st.lists(st.binary(min_size=1, max_size=40)), st.integers(1, 9), st.sampled_from([Wire, Decrypting]))
def test_whatever_comes_is_handed_on_whole_and_in_order(
    pieces: list[bytes], size: int, kind: type[Wire]
) -> None:
    socket = ReadAhead(kind(*pieces))
    read = b"".join(turn(socket, size) for _ in range(len(pieces) + 1))
    assert read == b"".join(pieces)
