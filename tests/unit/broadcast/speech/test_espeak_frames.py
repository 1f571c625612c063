"""Frames between hub and child."""

import io
import struct
from collections.abc import Callable

import pytest

from broadcast.speech.espeak_frames import BrokenFrame, Request, Response, pack, unpack


def _reader(data: bytes) -> Callable[[int], bytes]:
    stream = io.BytesIO(data)

    def read(count: int) -> bytes:
        got = stream.read(count)
        if len(got) < count:
            raise EOFError
        return got

    return read


def test_a_request_and_a_response_come_through_whole() -> None:
    request = Request("各位“村民”\n", "cmn", 160, 45, 65)
    assert unpack(_reader(pack(request)), Request) == (request, b"")
    assert unpack(_reader(pack(Response("1.52", 22050), b"\0\1")), Response) == (
        Response("1.52", 22050),
        b"\0\1",
    )


@pytest.mark.parametrize(
    "data",
    [
        struct.pack(">II", 1 << 30, 0),
        struct.pack(">II", 2, 1 << 30),
        struct.pack(">II", 2, 0) + b"{}",
        struct.pack(">II", 4, 0) + b"nope",
        struct.pack(">II", 2, 0) + b"[]",
    ],
)
def test_what_is_no_frame_is_named_so(data: bytes) -> None:
    with pytest.raises(BrokenFrame):
        unpack(_reader(data), Response)


def test_a_cut_frame_is_an_end() -> None:
    with pytest.raises(EOFError):
        unpack(_reader(pack(Response("1.52", 22050), b"\0\1")[:-1]), Response)
