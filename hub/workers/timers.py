"""Durable timers, fired in time.

1. Sleep until the next timer is due (a commit that arms an earlier one wakes us), a second at most.
2. Read what is due; a timer fires in one transaction with its removal, so once on any number of hubs.
3. One whose work fails is pushed ahead and reported, and blocks no other.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Protocol

from hub.domain.errors import Unavailable
from hub.ports import Timer, Transaction
from hub.services import escalate

PAGE = 200
POLL_S = 1.0
HASTEN_EVERY_S = 60.0  # another hub may have armed by a wrong clock, and be gone
log = logging.getLogger(__name__)


class Store(Protocol):
    """What the worker needs of the store."""

    async def run(self, command: Callable[[Transaction], object], /) -> object: ...


class TimerWorker:
    """Fires the timers of every call, whichever hub armed them."""

    def __init__(
        self,
        *,
        store: Store,
        due: Callable[[int, int], Awaitable[Sequence[Timer]]],
        now: Callable[[], int],
    ) -> None:
        self._store = store
        self._due = due
        self._now = now
        self._next_due: int | None = None
        self._earlier = asyncio.Event()
        self._hasten_at = 0.0
        self._was_set = False
        self.failures = 0

    def armed(self, due_at: int) -> None:
        """A commit armed a timer (in the loop's thread)."""
        if self._next_due is None or due_at < self._next_due:
            self._next_due = due_at
            self._earlier.set()

    def clock_was_set(self) -> None:
        """What was armed by the time before must not wait for an hour that may be far (in the loop's thread)."""
        self._hasten_at, self._was_set = 0.0, True
        self._earlier.set()

    async def run(self) -> None:
        """Fire what falls due, until cancelled."""
        loop = asyncio.get_running_loop()
        while True:
            try:
                if loop.time() >= self._hasten_at:
                    self._hasten_at = loop.time() + HASTEN_EVERY_S
                    await self._hasten()
                while await self.fire_due() == PAGE:
                    pass
            except Unavailable:
                log.warning("the timers cannot be read; the next try is in a second")
            await self._sleep()

    async def fire_due(self) -> int:
        """Fire all that is due now; how many there were."""
        timers = await self._due(self._now(), PAGE)
        self._next_due = None
        await asyncio.gather(*(self._fire(timer) for timer in timers))
        return len(timers)

    async def _hasten(self) -> None:
        was_set, self._was_set = self._was_set, False
        try:
            await self._store.run(lambda tx: escalate.hasten(tx, self._now(), was_set=was_set))
        except Unavailable:
            self._hasten_at, self._was_set = 0.0, was_set
            raise

    async def _fire(self, timer: Timer) -> None:
        try:
            await self._store.run(lambda tx: escalate.fire(tx, timer, self._now()))
        except Unavailable:
            log.warning("timer %s of call %s waits for the database", timer.step, timer.call)
        except Exception:
            self.failures += 1
            log.exception("timer %s of call %s failed and is tried again later", timer.step, timer.call)
            await self._store.run(partial(_push_ahead, timer, self._now))

    async def _sleep(self) -> None:
        wait_s = POLL_S
        if self._next_due is not None:
            wait_s = min(POLL_S, max(0.0, (self._next_due - self._now()) / 1000))
        self._earlier.clear()
        try:
            async with asyncio.timeout(wait_s):
                await self._earlier.wait()
        except TimeoutError:
            return


def _push_ahead(timer: Timer, now: Callable[[], int], tx: Transaction) -> None:
    escalate.push_ahead(tx, timer, now())
