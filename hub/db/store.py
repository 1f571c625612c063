"""The store: writer threads that take all that waits into one commit, and readers beside them.

SQLite has one writer thread. PostgreSQL has a few, each with its own transaction; unique keys and
conditional updates settle what they do at the same time.
"""

import asyncio
import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from queue import SimpleQueue
from typing import TypeVar, cast

from sqlalchemy import Engine
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from hub.db.engine import READ_ONLY, Kept, make_engine, trouble
from hub.db.executor import AnyCommand, Lender, Outcome, execute
from hub.db.migrate import migrate
from hub.db.reader import Read
from hub.db.transaction import Committed, Tx
from hub.domain.errors import Unavailable

T = TypeVar("T")
MAX_BATCH = 512
PG_WRITERS = 3
# commits of several writers lock the same calls, and the larger they are the surer in another order: after an outage
# batches of 512 met in deadlocks, each of which costs a second and all of its work
PG_BATCH = 64
log = logging.getLogger(__name__)


class _Item:
    """A command on its way, and who waits for it."""

    __slots__ = ("command", "future", "loop")

    def __init__(
        self,
        command: AnyCommand,
        future: "asyncio.Future[object] | Future[object]",
        loop: asyncio.AbstractEventLoop | None,
    ) -> None:
        self.command = command
        self.future = future
        self.loop = loop


class Store:
    """The main database of one hub process."""

    def __init__(self, engine: Engine, *, owner: str, now: Callable[[], int]) -> None:
        self.engine = engine
        self.owner = owner
        self._now = now
        self._queue: SimpleQueue[_Item | None] = SimpleQueue()
        self._listeners: list[Callable[[Committed], None]] = []
        self._watches: list[Callable[[float], None]] = []
        is_postgresql = engine.dialect.name == "postgresql"
        writers = PG_WRITERS if is_postgresql else 1
        self._batch = PG_BATCH if is_postgresql else MAX_BATCH
        self._lends: Lender = engine if is_postgresql else Kept(engine)
        self._readers = ThreadPoolExecutor(max_workers=4, thread_name_prefix="store-read")
        self._writers = [
            threading.Thread(target=self._write, name=f"store-write-{n}", daemon=True) for n in range(writers)
        ]
        for thread in self._writers:
            thread.start()

    @property
    def waiting(self) -> int:
        """How many commands no writer has taken yet."""
        return self._queue.qsize()

    @property
    def writers(self) -> int:
        """How many commits can be under way at once."""
        return len(self._writers)

    def on_commit(self, listener: Callable[[Committed], None]) -> None:
        """Call `listener` after each commit that queued something, in a writer thread; it must be quick."""
        self._listeners.append(listener)

    def on_timed(self, watch: Callable[[float], None]) -> None:
        """Call `watch` with the seconds that each commit took, in a writer thread."""
        self._watches.append(watch)

    async def run(self, command: Callable[[Tx], T]) -> T:
        """The command's value once it is durable. Raises its HubError, or Unavailable: nothing was stored."""
        return cast("T", await self.send(command))

    def send(self, command: AnyCommand) -> "asyncio.Future[object]":
        """As `run`, without waiting: for callers that hang a callback on the future."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[object] = loop.create_future()
        self._queue.put(_Item(command, future, loop))
        return future

    def run_sync(self, command: Callable[[Tx], T]) -> T:
        """As `run`, for threads without a loop."""
        future: Future[object] = Future()
        self._queue.put(_Item(command, future, None))
        return cast("T", future.result())

    async def read(self, query: Callable[[Read], T]) -> T:
        """What is committed now. Unavailable when the database is away."""
        return await asyncio.get_running_loop().run_in_executor(self._readers, self.read_sync, query)

    def read_sync(self, query: Callable[[Read], T]) -> T:
        """As `read`, in this thread."""
        return look(self.engine, query)

    async def shared_now(self) -> int | None:
        """Unix ms by the clock of a database server, which all its hubs can see; None: there is no server, and the
        clock of this machine is the only one. Unavailable as `read`."""
        return await self.read(lambda read: read.server_now())

    def close(self) -> None:
        """Finish what waits, then let go of the database."""
        for _ in self._writers:
            self._queue.put(None)
        for thread in self._writers:
            thread.join()
        self._readers.shutdown()
        if isinstance(self._lends, Kept):
            self._lends.close()
        self.engine.dispose()

    def _write(self) -> None:
        while True:
            first = self._queue.get()
            if first is None:
                return
            batch, last = [first], False
            while len(batch) < self._batch and not self._queue.empty():
                item = self._queue.get()
                if item is None:
                    last = True
                    break
                batch.append(item)
            self._commit(batch)
            if last:
                return

    def _commit(self, batch: list[_Item]) -> None:
        began = time.monotonic()
        outcomes, committed = execute(
            self._lends, [item.command for item in batch], owner=self.owner, now=self._now
        )
        for watch in self._watches:
            watch(time.monotonic() - began)
        if committed.events or committed.outgoing or committed.next_due is not None:
            for listener in self._listeners:
                listener(committed)
        by_loop: dict[asyncio.AbstractEventLoop, list[tuple[_Item, Outcome]]] = {}
        for item, outcome in zip(batch, outcomes, strict=True):
            if item.loop is None:
                _settle([(item, outcome)])
            else:
                by_loop.setdefault(item.loop, []).append((item, outcome))
        for loop, settled in by_loop.items():
            try:
                loop.call_soon_threadsafe(_settle, settled)
            except RuntimeError:  # the loop is closed: its program is ending
                log.info("nobody waits any more for %d commands", len(settled))


def look(engine: Engine, query: Callable[[Read], T]) -> T:
    """What `query` finds among what is committed now. Unavailable when the database is away."""
    try:
        # begun in so many words: prepared statements begin nothing, and the file is looked after at each beginning
        with engine.connect().execution_options(**{READ_ONLY: True}) as conn, conn.begin():
            return query(Read(conn))
    except Exception as error:
        if trouble(error) == "away":
            raise Unavailable("store-away") from error
        raise


def _settle(settled: list[tuple[_Item, Outcome]]) -> None:
    for item, outcome in settled:
        if item.future.done():
            continue
        if outcome.error is not None:
            item.future.set_exception(outcome.error)
        else:
            item.future.set_result(outcome.value)


def open_store(url: str, *, owner: str, now: Callable[[], int]) -> Store:
    """Open the database at `url`, brought to the newest schema. Errors: NewerSchema, Unavailable."""
    engine = make_engine(url, writers=PG_WRITERS)
    try:
        migrate(engine)
    except DBAPIError as error:
        engine.dispose()
        if trouble(error) == "away":
            where = make_url(url).render_as_string(hide_password=True)
            raise Unavailable("store-away-at", url=where, reason=str(error.orig).strip()) from error
        raise
    return Store(engine, owner=owner, now=now)
