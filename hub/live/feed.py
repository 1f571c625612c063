"""The live feed: every follower walks the same consecutive event ids, from memory if it can, else from rows.

1. After a commit the store hands its events over; ids tell whether something is missing in between.
2. What is missing (another hub's commit, or one still on its way) is read from the table.
3. A follower is only a cursor. One that falls behind what memory holds reads the table too: no queue grows.
4. What is no row (id 0) waits for no table: while a follower's place is asked for, or a page read, it is shown.
"""

import asyncio
import contextlib
import logging
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from itertools import islice

from hub.domain.errors import Unavailable
from hub.domain.events import Event

MEMORY = 20_000
PAGE = 500
POLL_S = 1.0
TRANSIENTS = MEMORY  # a batch that fails brings hundreds at once, and none may be passed over
RESET = "reset"
log = logging.getLogger(__name__)

Sees = Callable[[Event], bool]


class _Follower:
    """A cursor, and the events without a row that it has not shown yet.

    The cursor is None until the table has said where the stream goes on; `looking` is that question, or a page of
    the table, while the answer is out.
    """

    def __init__(self, after: int | None, cursor: int | None, transients: Sequence[Event]) -> None:
        self.after = after
        self.cursor = cursor
        self.wake = asyncio.Event()
        self.transients: deque[Event] = deque(transients, maxlen=TRANSIENTS)
        self.looking: asyncio.Task[Sequence[Event]] | None = None

    def take_transients(self, sees: Sees) -> list[Event]:
        """Those that came since the last time, as far as `sees` lets them through."""
        waiting = list(self.transients)
        self.transients.clear()
        return [event for event in waiting if sees(event)]


class Feed:
    """Committed events, live. `read_after(id, limit)` and `bounds()` (first kept, last) read the table;
    `unrecorded()` is what has no row and must be shown to whoever comes now."""

    def __init__(
        self,
        read_after: Callable[[int, int], Awaitable[Sequence[Event]]],
        bounds: Callable[[], Awaitable[tuple[int, int]]],
        unrecorded: Callable[[], Sequence[Event]] = tuple,
    ) -> None:
        self._read_after = read_after
        self._bounds = bounds
        self._unrecorded = unrecorded
        self._memory: deque[Event] = deque(maxlen=MEMORY)
        self._early: dict[int, Sequence[Event]] = {}
        self._tail = 0
        self._behind = asyncio.Event()
        self._followers: dict[_Follower, None] = {}  # woken in the order in which they came

    async def start(self) -> None:
        """Begin at the newest committed event."""
        _, self._tail = await self._bounds()

    def extend(self, events: Sequence[Event]) -> None:
        """Take a commit's events (in the loop's thread, in any order of commits)."""
        if not events or events[-1].id <= self._tail:
            return
        self._early[events[0].id] = events
        self._take_early()
        if self._early:
            self._behind.set()

    def nudge(self) -> None:
        """Another hub has committed: look into the table."""
        self._behind.set()

    def publish_transient(self, event: Event) -> None:
        """Show an event that is no row (id 0) to everybody who follows now."""
        for follower in self._followers:
            follower.transients.append(event)
            follower.wake.set()

    async def run(self) -> None:
        """Read what others committed: when nudged, and each second."""
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(POLL_S):
                    await self._behind.wait()
            self._behind.clear()
            try:
                await self._catch_up()
            except Unavailable:
                log.warning("the live feed cannot read the table; it goes on with what this hub commits")

    async def follow(self, sees: Sees, after: int | None) -> AsyncGenerator[Event, None]:
        """Every event behind `after` that `sees` lets through; see `follow_batches`."""
        async for batch in self.follow_batches(sees, after):
            for event in batch:
                yield event

    async def follow_batches(self, sees: Sees, after: int | None) -> AsyncGenerator[list[Event], None]:
        """What waits, in order, without gap or double; from the newest when `after` is None.

        What is no row comes between, also while the table does not answer. The first with a row is a `reset` (its id
        is where the stream goes on) when `after` is older than what is kept, or newer than all there is.
        """
        follower = _Follower(after, self._place(after), self._unrecorded())
        self._followers[follower] = None  # in the same instant: nothing comes between
        try:
            while True:
                follower.wake.clear()
                batch = self._waiting(follower)
                if batch:
                    follower.cursor = batch[-1].id
                shown = [event for event in batch if event.type == RESET or sees(event)]
                shown += follower.take_transients(sees)
                if shown:
                    yield shown
                elif not batch:
                    await follower.wake.wait()
        finally:
            del self._followers[follower]
            if follower.looking is not None:
                follower.looking.cancel()

    def _place(self, after: int | None) -> int | None:
        """Where a stream behind `after` goes on, as far as memory can tell: it holds all that comes behind."""
        if after is None or after == self._tail:
            return self._tail
        if self._memory and self._memory[0].id <= after + 1 <= self._tail:
            return after
        return None

    def _waiting(self, follower: _Follower) -> Sequence[Event]:
        """What comes next, from memory or from the table; empty when that is all, or the table has not answered."""
        if follower.looking is None:
            if follower.cursor is not None and follower.cursor >= self._tail:
                return ()
            if follower.cursor is not None and self._memory and self._memory[0].id <= follower.cursor + 1:
                return _page(self._memory, self._tail - follower.cursor)
            follower.looking = asyncio.create_task(self._look(follower))
            follower.looking.add_done_callback(lambda _: follower.wake.set())
        if not follower.looking.done():
            return ()
        found, follower.looking = follower.looking.result(), None
        return found or self._waiting(follower)  # more may have come since it looked

    async def _look(self, follower: _Follower) -> Sequence[Event]:
        """The follower's place, if it has none, and its next page, from the table; for as long as that takes."""
        while True:
            newest = self._tail
            try:
                if follower.cursor is None and (reset := await self._settle(follower, follower.after or 0)):
                    return reset
                found = await self._read_after(follower.cursor or 0, PAGE)
            except Unavailable:
                log.warning("a stream waits: the table of events cannot be read")
                await asyncio.sleep(POLL_S)
                continue
            shown = [event for event in found if event.id <= self._tail]
            if not shown and (follower.cursor or 0) < newest == self._tail:
                await asyncio.sleep(POLL_S)  # rows that were there are gone: no reason to ask without a pause
            return shown

    async def _settle(self, follower: _Follower, after: int) -> Sequence[Event]:
        first, last = await self._bounds()
        newest = max(last, self._tail)
        follower.cursor = after
        if after > newest or (first and after < first - 1):
            return [Event(id=newest, type=RESET, at=0, call_id=None, area="", clinic=None, data=b"{}")]
        return ()

    async def _catch_up(self) -> None:
        while True:
            page = await self._read_after(self._tail, PAGE)
            for event in page:
                if event.id == self._tail + 1:
                    self._append((event,))
            self._take_early()
            if len(page) < PAGE:
                return

    def _take_early(self) -> None:
        while self._early:
            known = [first for first, events in self._early.items() if first <= self._tail + 1]
            if not known:
                return
            for first in known:
                events = self._early.pop(first)
                self._append([event for event in events if event.id > self._tail])

    def _append(self, events: Sequence[Event]) -> None:
        if not events:
            return
        self._memory.extend(events)
        self._tail = events[-1].id
        for follower in self._followers:
            follower.wake.set()


def _page(memory: deque[Event], waiting: int) -> list[Event]:
    """The next of the last `waiting` events."""
    if waiting <= PAGE:
        return _from_the_end(memory, waiting)
    start = len(memory) - waiting
    return list(islice(memory, start, start + PAGE))


def _from_the_end(memory: deque[Event], count: int) -> list[Event]:
    """The last `count` events in order; a deque is quick at both ends and slow in its middle."""
    newest = [event for event, _ in zip(reversed(memory), range(count), strict=False)]
    newest.reverse()
    return newest
