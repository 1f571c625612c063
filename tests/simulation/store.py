"""`hub.db.store.Store` without threads: what waits is taken after a moment, by the real executor."""

import asyncio
from collections import deque
from collections.abc import Callable
from functools import partial
from random import Random
from typing import TypeVar, cast

from sqlalchemy import Connection, Engine

from hub.db.engine import READ_ONLY, trouble
from hub.db.executor import AnyCommand, Outcome, execute
from hub.db.reader import Read
from hub.db.store import MAX_BATCH
from hub.db.transaction import Committed, Tx
from hub.domain.errors import Unavailable
from tests.simulation.guard import POINTS, Crash, ProcessGuard

T = TypeVar("T")
_Waiting = tuple[AnyCommand, "asyncio.Future[object]", bool]


class SimStore:
    """The store of one life of one hub. When the life ends, nobody ever hears from it again."""

    def __init__(
        self,
        engine: Engine,
        guard: ProcessGuard,
        dice: Random,
        *,
        owner: str,
        now: Callable[[], int],
        slow: float,
        committed: Callable[[], None],
        hangs: Callable[[], float],
        server_ms: Callable[[], int | None],
    ) -> None:
        """`slow`: how often a commit takes its time; `hangs`: for how long the database will answer nobody;
        `server_ms`: the clock of the machine where the database is, if that is another."""
        self.owner = owner
        self._engine = engine
        self._guard = guard
        self._dice = dice
        self._now = now
        self._slow = slow
        self._committed = committed
        self._hangs = hangs
        self._server_ms = server_ms
        self._loop = asyncio.get_running_loop()
        self._queue: deque[_Waiting] = deque()
        self._busy = False
        self._told_at = 0.0
        self._reader: Connection | None = None
        self._listeners: list[Callable[[Committed], None]] = []
        self.alive = True

    @property
    def waits(self) -> bool:
        """Whether somebody could be committed now."""
        return self.alive and bool(self._queue) and not self._busy

    def on_commit(self, listener: Callable[[Committed], None]) -> None:
        """As the store's."""
        self._listeners.append(listener)

    async def run(self, command: Callable[[Tx], T], /) -> T:
        """As the store's."""
        return cast("T", await self.send(command))

    def send(self, command: AnyCommand, /) -> "asyncio.Future[object]":
        """As the store's."""
        future: asyncio.Future[object] = self._loop.create_future()
        self._put(command, future, dull=False)
        return future

    async def run_dull(self, command: Callable[[Tx], T], /) -> T:
        """As `run`, for what happens all the time and would draw all crashes upon itself."""
        future: asyncio.Future[object] = self._loop.create_future()
        self._put(command, future, dull=True)
        return cast("T", await future)

    def _put(self, command: AnyCommand, future: "asyncio.Future[object]", *, dull: bool) -> None:
        if self.alive:
            self._queue.append((command, future, dull))
            self._loop.call_later(self._moment(), self.commit)

    async def read(self, query: Callable[[Read], T], /) -> T:
        """As the store's."""
        await asyncio.sleep(self._hangs() + self._dice.uniform(0, 0.004))
        if not self.alive:
            await self._loop.create_future()
        return self.look(query)

    async def shared_now(self) -> int | None:
        """As the store's, of a server."""
        await self.read(lambda read: read.last_event_id())
        return self._server_ms()

    def look(self, query: Callable[[Read], T]) -> T:
        """As `hub.db.store.look`, over one connection: to borrow one costs several times what most reads cost."""
        try:
            if self._reader is None:
                self._reader = self._engine.connect().execution_options(**{READ_ONLY: True})
            return query(Read(self._reader))
        except Exception as error:
            self.let_go()
            if trouble(error) == "away":
                raise Unavailable("store-away") from error
            raise
        finally:
            if self._reader is not None:
                self._reader.rollback()

    def let_go(self) -> None:
        """Give the connection of reads back."""
        if self._reader is not None:
            reader, self._reader = self._reader, None
            reader.close()

    def commit(self) -> None:
        """Take what waits into one commit; another hub's transaction may let us in before its first write."""
        if not self.waits:
            return
        if (hangs_s := self._hangs()) > 0:
            self._loop.call_later(hangs_s, self.commit)
            return
        batch = [self._queue.popleft() for _ in range(min(MAX_BATCH, len(self._queue)))]
        self._busy = True
        self._guard.writing = not all(dull for _, _, dull in batch)
        try:
            outcomes, committed = execute(
                self._engine,
                [command for command, _, _ in batch],
                owner=self.owner,
                now=self._now,
                random_bits=self._dice.getrandbits,
            )
        except Crash:
            return
        finally:
            self._busy = self._guard.writing = False
            self._committed()
        self._later(partial(self._tell, committed, batch, outcomes))

    def _tell(self, committed: Committed, batch: list[_Waiting], outcomes: list[Outcome]) -> None:
        if not self.alive:
            return
        if committed.events or committed.outgoing or committed.next_due is not None:
            for listener in self._listeners:
                listener(committed)
        self._loop.call_soon(self._settle, batch, outcomes)

    def _settle(self, batch: list[_Waiting], outcomes: list[Outcome]) -> None:
        dull = all(dull for _, _, dull in batch)
        if not self.alive or (not dull and self._guard.point(POINTS[3])):
            return
        for (_, future, _), outcome in zip(batch, outcomes, strict=True):
            if future.done():
                continue
            if outcome.error is not None:
                future.set_exception(outcome.error)
            else:
                future.set_result(outcome.value)

    def _later(self, tell: Callable[[], None]) -> None:
        """In the order of commits, unless there are several writers (as on PostgreSQL): then in any."""
        at = self._loop.time() + self._dice.uniform(0, 0.01)
        self._told_at = at if self._guard.races else max(at, self._told_at + 1e-6)
        self._loop.call_at(self._told_at, tell)

    def _moment(self) -> float:
        slow = self._dice.random() < self._slow
        return self._dice.uniform(0.05, 3.0) if slow else self._dice.uniform(0.0002, 0.02)
