"""The live feed: every follower walks the same consecutive event ids, from memory if it can, else from rows.

1. After a commit the store hands its events over; ids tell whether something is missing in between.
2. What is missing (another hub's commit, or one still on its way) is read from the table.
3. A follower is only a cursor. One that falls behind what memory holds reads the table too: no queue grows.
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
    """A cursor, and the events without a row that it has not shown yet."""

    def __init__(self, cursor: int) -> None:
        self.cursor = cursor
        self.wake = asyncio.Event()
        self.transients: deque[Event] = deque(maxlen=TRANSIENTS)


class Feed:
    """Committed events, live. `read_after(id, limit)` and `bounds()` (first kept, last) read the table."""

    def __init__(
        self,
        read_after: Callable[[int, int], Awaitable[Sequence[Event]]],
        bounds: Callable[[], Awaitable[tuple[int, int]]],
    ) -> None:
        self._read_after = read_after
        self._bounds = bounds
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

        The first is a `reset` (its id is where the stream goes on) when `after` is older than what is kept,
        or newer than all there is.
        """
        cursor, is_reset = await self._begin(after)
        follower = _Follower(cursor)
        self._followers[follower] = None
        try:
            if is_reset:
                yield [Event(id=cursor, type=RESET, at=0, call_id=None, area="", clinic=None, data=b"{}")]
            while True:
                follower.wake.clear()
                batch = await self._next(follower)
                if batch:
                    follower.cursor = batch[-1].id
                shown = [event for event in batch if sees(event)]
                while follower.transients:
                    event = follower.transients.popleft()
                    if sees(event):
                        shown.append(event)
                if shown:
                    yield shown
                elif not batch:
                    await follower.wake.wait()
        finally:
            del self._followers[follower]

    async def _begin(self, after: int | None) -> tuple[int, bool]:
        if after is None:
            return self._tail, False
        first, last = await self._bounds()
        newest = max(last, self._tail)
        if after > newest or (first and after < first - 1):
            return newest, True
        return after, False

    async def _next(self, follower: _Follower) -> Sequence[Event]:
        if follower.cursor >= self._tail:
            return ()
        if self._memory and self._memory[0].id <= follower.cursor + 1:
            waiting = self._tail - follower.cursor
            if waiting <= PAGE:
                return _from_the_end(self._memory, waiting)
            start = len(self._memory) - waiting
            return list(islice(self._memory, start, start + PAGE))
        return [e for e in await self._read_after(follower.cursor, PAGE) if e.id <= self._tail]

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


def _from_the_end(memory: deque[Event], count: int) -> list[Event]:
    """The last `count` events in order; a deque is quick at both ends and slow in its middle."""
    newest = [event for event, _ in zip(reversed(memory), range(count), strict=False)]
    newest.reverse()
    return newest
