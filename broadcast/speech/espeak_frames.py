"""The frames between the hub and the espeak child: a length, a JSON head, a length, raw bytes."""

import json
import struct
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Final, TypeVar

_LENGTHS: Final = struct.Struct(">II")
_LONGEST_HEAD: Final = 64 * 1024
_LONGEST_BODY: Final = 64 * 1024 * 1024

Read = Callable[[int], bytes]
"""Reads exactly so many bytes, or raises EOFError."""


class BrokenFrame(Exception):
    """The other side does not speak this protocol."""


@dataclass(frozen=True)
class Request:
    """Speak this. Rate in words per minute (80–450), pitch and range 0–100."""

    text: str
    voice: str
    rate_wpm: int
    pitch: int
    pitch_range: int


@dataclass(frozen=True)
class Response:
    """What came of it; the sound follows as 16-bit samples at `rate_hz`. The first one only greets."""

    version: str
    rate_hz: int
    error: str = ""


Head = TypeVar("Head", Request, Response)


def pack(head: Request | Response, body: bytes = b"") -> bytes:
    """One frame."""
    encoded = json.dumps(asdict(head), ensure_ascii=False).encode()
    return _LENGTHS.pack(len(encoded), len(body)) + encoded + body


def unpack(read: Read, kind: type[Head]) -> tuple[Head, bytes]:
    """The next frame; EOFError at its end, BrokenFrame when it is none."""
    head_length, body_length = _LENGTHS.unpack(read(_LENGTHS.size))
    if head_length > _LONGEST_HEAD or body_length > _LONGEST_BODY:
        raise BrokenFrame(f"lengths {head_length} and {body_length}")
    encoded = read(head_length)
    try:
        head = kind(**json.loads(encoded))
    except (ValueError, TypeError) as error:
        raise BrokenFrame(str(error)) from error
    return head, read(body_length) if body_length else b""
