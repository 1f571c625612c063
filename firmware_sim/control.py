"""A running simulator's ear: a unix socket in its state folder, one line of JSON in, one line out.

`{"do":"press","device":"b-1","kind":"sos","wait_s":60}` answers when the press was received, or when the time
is over; `{"do":"cut","device":"b-1"}` breaks a connection; `{"do":"count"}` counts devices.
"""

import asyncio
import os
import socket
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from devices.messages import PressKind, Reply
from firmware_sim.errors import FirmwareError

SOCKET = "control.sock"
MAX_LINE_BYTES = 4_096


class PressOrder(msgspec.Struct, frozen=True, tag_field="do", tag="press"):
    """Press a key of a device, and wait so long for `received`."""

    device: str
    kind: PressKind = PressKind.SOS
    wait_s: float = 60.0


class CutOrder(msgspec.Struct, frozen=True, tag_field="do", tag="cut"):
    """Break a device's connection without a farewell."""

    device: str


class CountOrder(msgspec.Struct, frozen=True, tag_field="do", tag="count"):
    """Say how many devices there are."""


Order = PressOrder | CutOrder | CountOrder


class Answer(msgspec.Struct, frozen=True, omit_defaults=True):
    """What became of an order. `outcome`: received, timeout, gave_up, cut; `error` says what was wrong."""

    error: str | None = None
    device: str | None = None
    press: str | None = None
    outcome: str | None = None
    after_ms: int | None = None
    reply: Reply | None = None
    devices: int | None = None
    connected: int | None = None


@contextmanager
def _address(folder: Path) -> Iterator[str]:
    """Give the socket's address by way of an open folder: unix socket paths end at 107 bytes."""
    if not Path("/proc/self/fd").is_dir():
        yield str(folder / SOCKET)
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        yield f"/proc/self/fd/{handle}/{SOCKET}"
    finally:
        os.close(handle)


async def listen(folder: Path, obey: Callable[[Order], Awaitable[Answer]]) -> asyncio.Server:
    """Open the ear in `folder`, where no other simulator runs."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            answer = await _answer(await reader.readline(), obey)
            writer.write(msgspec.json.encode(answer) + b"\n")
            await writer.drain()
        except (ValueError, OSError):  # a line without end, or an asker who has left
            pass
        finally:
            writer.close()

    (folder / SOCKET).unlink(missing_ok=True)
    ear = socket.socket(socket.AF_UNIX)
    with _address(folder) as address:
        ear.bind(address)
    return await asyncio.start_unix_server(serve, sock=ear, limit=MAX_LINE_BYTES)


async def _answer(line: bytes, obey: Callable[[Order], Awaitable[Answer]]) -> Answer:
    try:
        return await obey(msgspec.json.decode(line, type=Order))
    except msgspec.MsgspecError as error:
        return Answer(error=f"not an order: {error}")
    except FirmwareError as error:
        return Answer(error=str(error))


def order(folder: Path, what: Order, timeout_s: float) -> Answer | None:
    """Give an order to the simulator that runs in `folder`; None when none does."""
    with socket.socket(socket.AF_UNIX) as mouth:
        mouth.settimeout(timeout_s)
        try:
            with _address(folder) as address:
                mouth.connect(address)
        except (FileNotFoundError, ConnectionRefusedError, NotADirectoryError):
            return None
        mouth.sendall(msgspec.json.encode(what) + b"\n")
        with mouth.makefile("rb") as answer:
            return msgspec.json.decode(answer.readline(), type=Answer)
