"""A TCP proxy in user space that delays, cuts and loses: the network between two programs, as bad as wanted.

What a connection has taken in and not delivered when it is cut is lost, as with a router that loses power.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from random import Random
from typing import NamedTuple

CHUNK = 65_536
TICK_S = 0.05
LOST_FOR_S = 5.0


class Mood(NamedTuple):
    """How the network is. `delay_s`: each piece is held for up to so long; `life_s`: the mean life of a
    connection; `loses`: its end is that nothing arrives any more, and only 5 s later it breaks; `is_silent`:
    nothing passes, and nobody is told."""

    delay_s: float = 0.0
    life_s: float | None = None
    loses: bool = False
    is_silent: bool = False


FINE = Mood()


class _Pair:
    """One connection from end to end."""

    def __init__(self, near: asyncio.StreamWriter, far: asyncio.StreamWriter) -> None:
        self._ends = (near, far)
        self.is_lost = False

    def cut(self) -> None:
        """Both ends are told at once."""
        for end in self._ends:
            end.transport.abort()


class Proxy:
    """Listens at `port` and carries everything to a port of this machine; `mood` may be changed at any time."""

    def __init__(self, target: int) -> None:
        self.mood = FINE
        self.port = 0
        self._target = target
        self._rng = Random()
        self._pairs: set[_Pair] = set()

    async def run(self, up: threading.Event) -> None:
        """Until cancelled; `up` is set when it listens."""
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0, backlog=4096)
        self.port = server.sockets[0].getsockname()[1]
        up.set()
        async with server:
            await self._decide()

    async def _decide(self) -> None:
        """Each connection meets its fate independently."""
        while True:
            await asyncio.sleep(TICK_S)
            mood = self.mood
            for pair in list(self._pairs):
                if mood.life_s and not pair.is_lost and self._rng.random() < TICK_S / mood.life_s:
                    pair.is_lost = True
                    asyncio.get_running_loop().call_later(LOST_FOR_S if mood.loses else 0, pair.cut)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._target)
        except OSError:
            writer.transport.abort()
            return
        pair = _Pair(writer, far_writer)
        self._pairs.add(pair)
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._carry(pair, reader, far_writer))
                group.create_task(self._carry(pair, far_reader, writer))
        except* OSError:
            pass  # cut
        finally:
            self._pairs.discard(pair)
            pair.cut()

    async def _carry(self, pair: _Pair, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(CHUNK):
            if self.mood.delay_s:
                await asyncio.sleep(self._rng.uniform(0, self.mood.delay_s))
            while self.mood.is_silent:  # noqa: ASYNC110 -- moods come from another thread
                await asyncio.sleep(TICK_S)
            if not pair.is_lost:
                writer.write(data)
                await writer.drain()
        raise ConnectionResetError  # an end has closed: so does the other


@contextmanager
def running_proxy(target: int) -> Iterator[Proxy]:
    """A proxy in a thread of its own; gone after the block."""
    proxy, up = Proxy(target), threading.Event()
    loop = asyncio.new_event_loop()

    def work() -> None:
        asyncio.set_event_loop(loop)
        with suppress(asyncio.CancelledError):
            loop.run_until_complete(running)
        loop.run_until_complete(loop.shutdown_asyncgens())
        for task in asyncio.all_tasks(loop):
            task.cancel()
        loop.run_until_complete(asyncio.sleep(0))
        loop.close()

    running = loop.create_task(proxy.run(up))
    thread = threading.Thread(target=work, name="proxy")
    thread.start()
    up.wait()
    try:
        yield proxy
    finally:
        loop.call_soon_threadsafe(running.cancel)
        thread.join()
