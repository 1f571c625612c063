"""How the supervisor asks its programs whether they work."""

import asyncio
import os
import socket
from contextlib import suppress
from pathlib import Path

from broker_config.process import speaks_mqtt
from hub.settings import LOOPBACK

PATIENCE_S = 5.0
CONTROL_SOCKET = "control.sock"  # the simulator's ear, in its state folder
MUST_WORK = (b"database ok", b"broker ok")


async def broker_answers(host: str, port: int) -> bool:
    """Whether the broker accepts connections."""
    return await asyncio.to_thread(speaks_mqtt, host, port)


async def calls_work(port: int) -> bool:
    """Whether presses can come in and be stored; a low disk or a wrong clock does not keep us from starting."""
    lines = await _get(port, "/readyz")
    return all(any(line.startswith(part) for line in lines) for part in MUST_WORK)


async def hub_lives(port: int) -> bool:
    """Whether the calls role answers at all, however its parts are."""
    return bool(await _get(port, "/healthz"))


async def simulator_listens(state: Path) -> bool:
    """Whether the simulator has its devices running."""
    return await socket_listens(state, CONTROL_SOCKET)


async def socket_listens(folder: Path, name: str) -> bool:
    """Whether a program accepts connections at its socket."""
    return await asyncio.to_thread(_connects, folder, name)


async def _get(port: int, path: str) -> list[bytes]:
    """The lines of an answer, headers too; none when nobody answers."""
    with suppress(OSError, TimeoutError):
        async with asyncio.timeout(PATIENCE_S):
            reader, writer = await asyncio.open_connection(LOOPBACK, port)
            try:
                request = f"GET {path} HTTP/1.1\r\nHost: {LOOPBACK}:{port}\r\nConnection: close\r\n\r\n"
                writer.write(request.encode())
                return (await reader.read()).splitlines()
            finally:
                writer.close()
    return []


def _connects(folder: Path, name: str) -> bool:
    """By way of the open folder: the address of a unix socket ends at 107 bytes, a folder's path does not."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:
        return False
    short = Path(f"/proc/self/fd/{handle}")
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as ear:
            ear.connect(str((short if short.exists() else folder) / name))
    except OSError:
        return False
    finally:
        os.close(handle)
    return True
