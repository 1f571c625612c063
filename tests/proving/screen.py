"""A client of GET /api/v1/events that always comes back with Last-Event-ID, and notes what it was shown."""

from __future__ import annotations

import re
import socket
import threading
import time
from contextlib import suppress
from types import TracebackType

from hub.console.auth import COOKIE
from tests.proving.records import Told

PRESS = re.compile(rb'"press":\{"id":"([^"]+)"')
TELLING = (b"call.raised", b"call.pressed", b"call.unrecorded")
QUIET_S = 20.0  # a ping comes each 15 s; who hears less has lost the hub
AGAIN_S = 0.1


class Screen:
    """Watches in a thread as long as the block lasts. `resets`: how often the hub had forgotten where it was."""

    def __init__(self, port: int, token: str) -> None:
        self._port = port
        self._token = token
        self._last = 0
        self._left = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="screen")
        self.told: list[Told] = []
        self.resets = 0

    def __enter__(self) -> Screen:
        self._thread.start()
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._left.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._left.is_set():
            with suppress(OSError), socket.create_connection(("127.0.0.1", self._port), 1.0) as connection:
                self._follow(connection)
            self._left.wait(AGAIN_S)

    def _follow(self, connection: socket.socket) -> None:
        """HTTP/1.0, so that events come as they are, without chunks around them."""
        head = f"Cookie: {COOKIE}={self._token}\r\nLast-Event-ID: {self._last}\r\n\r\n"
        connection.sendall(f"GET /api/v1/events HTTP/1.0\r\nHost: 127.0.0.1\r\n{head}".encode())
        answer, _, rest = self._receive(connection, b"", b"\r\n\r\n").partition(b"\r\n\r\n")
        while b" 200 " in answer.split(b"\r\n", 1)[0] and not self._left.is_set():
            *events, rest = self._receive(connection, rest, b"\n\n").split(b"\n\n")
            for event in events:
                self._take(event)

    def _receive(self, connection: socket.socket, begun: bytes, end: bytes) -> bytes:
        """`begun` and what comes, until `end` is among it; OSError when the hub is gone or silent."""
        patient_until_s = time.monotonic() + QUIET_S
        while end not in begun:
            if self._left.is_set() or time.monotonic() > patient_until_s:
                raise ConnectionAbortedError
            with suppress(TimeoutError):
                data = connection.recv(1 << 16)
                if not data:
                    raise ConnectionResetError
                begun += data
        return begun

    def _take(self, event: bytes) -> None:
        fields = dict(line.split(b": ", 1) for line in event.split(b"\n") if b": " in line)
        name, number = fields.get(b"event"), int(fields.get(b"id", b"0"))
        if name == b"reset":
            self.resets += 1
        if name in TELLING and (press := PRESS.search(fields[b"data"])):
            self.told.append(Told(press[1].decode(), number, time.monotonic_ns()))
        self._last = max(self._last, number)
