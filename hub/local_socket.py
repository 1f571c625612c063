"""Questions and answers between roles on one machine: a unix socket in the data folder.

Each message is four bytes of length (big-endian) and so many bytes; one question, one answer, then the
connection closes. Only processes of our own user are heard: the socket has mode 0600, and the kernel is asked
who stands at the other end (SO_PEERCRED, unix(7)).
"""

import asyncio
import contextlib
import logging
import os
import socket
import struct
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

MAX_BYTES = 1 << 20
PATIENCE_S = 10.0
_LENGTH = struct.Struct(">I")
_PEER = struct.Struct("3i")  # struct ucred: pid, uid, gid
log = logging.getLogger(__name__)

Answer = Callable[[bytes], Awaitable[bytes]]


async def serve(path: Path, answer: Answer, *, uid: int | None = None) -> asyncio.Server:
    """Answer every question at `path`, where nobody else listens by now; of users other than `uid` (None: our
    own) none. OSError when the socket cannot be made."""
    heard = os.geteuid() if uid is None else uid

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, EOFError, TimeoutError):  # an asker who has left, or says nothing
            async with asyncio.timeout(PATIENCE_S):
                asker = peer_uid(writer.get_extra_info("socket"))
                if asker != heard:
                    log.warning("user %d asked at %s and was not heard", asker, path.name)
                    return
                question = await _read(reader)
            writer.write(_framed(await answer(question)))
            await writer.drain()

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await talk(reader, writer)
        finally:
            writer.close()

    return await asyncio.start_unix_server(connected, sock=_ear(path), backlog=1024)


async def ask(path: Path, question: bytes, patience_s: float = PATIENCE_S) -> bytes:
    """The answer of whoever listens at `path`. OSError: nobody does, or they left without a word, or took
    longer than `patience_s`."""
    async with asyncio.timeout(patience_s):  # a TimeoutError is an OSError
        with _address(path) as address:
            reader, writer = await asyncio.open_unix_connection(address)
        try:
            writer.write(_framed(question))
            await writer.drain()
            return await _read(reader)
        except EOFError as error:
            raise ConnectionResetError(f"{path.name}: no answer") from error
        finally:
            writer.close()


def _ear(path: Path) -> socket.socket:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    ear = socket.socket(socket.AF_UNIX)
    try:
        with _address(path) as address:
            ear.bind(address)
        path.chmod(0o600)
    except BaseException:
        ear.close()
        raise
    return ear


def peer_uid(connection: socket.socket) -> int:
    """The user whose process holds the other end."""
    raw = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _PEER.size)
    uid: int = _PEER.unpack(raw)[1]
    return uid


def _framed(message: bytes) -> bytes:
    return _LENGTH.pack(len(message)) + message


async def _read(reader: asyncio.StreamReader) -> bytes:
    (length,) = _LENGTH.unpack(await reader.readexactly(_LENGTH.size))
    if length > MAX_BYTES:
        raise EOFError(f"a message of {length} bytes; at most {MAX_BYTES} are read")
    return await reader.readexactly(length)


@contextmanager
def _address(path: Path) -> Iterator[str]:
    """By way of the open folder: the address of a unix socket ends at 107 bytes, a folder's path does not."""
    handle = os.open(path.parent, os.O_RDONLY)
    try:
        short = Path(f"/proc/self/fd/{handle}")
        yield str((short if short.exists() else path.parent) / path.name)
    finally:
        os.close(handle)
