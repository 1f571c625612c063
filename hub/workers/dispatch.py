"""Sends runs when they are due, and ends them when nothing more is to be heard of them.

1. Read what is due; sleep until the next, a second at most. 2. Each run is taken by a conditional UPDATE, in
one transaction with its commands in the outbox: exactly once on any number of hubs. 3. One that fails is
tried again later and blocks no other.
"""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Coroutine
from functools import partial

from broadcast.domain.runs import Run
from broadcast.service import firing
from hub.domain.errors import Unavailable
from hub.ports import Store, Transaction

POLL_S = 1.0
PAGE = 100
AGAIN_MS = 10_000
log = logging.getLogger(__name__)


class DispatchWorker:
    """`trusted`: whether the clock is; what is to go out at once goes out all the same."""

    def __init__(self, *, store: Store, now: Callable[[], int], trusted: Callable[[], bool]) -> None:
        self._store = store
        self._now = now
        self._trusted = trusted
        self._wake = asyncio.Event()
        self._not_before: dict[str, int] = {}

    def nudge(self) -> None:
        """A run may have been planned (in the loop's thread)."""
        self._wake.set()

    async def run(self) -> None:
        """Send and end, until cancelled."""
        while True:
            self._wake.clear()
            wait_s = POLL_S
            try:
                await self.send_due()
                await self.end_over()
                wait_s = await self._until_next()
            except Unavailable:
                log.warning("the runs of broadcasts cannot be read; the next try is in a second")
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(wait_s):
                    await self._wake.wait()

    async def send_due(self) -> None:
        """Send all that is due now."""
        now = self._now()
        due = await self._store.read(lambda read: read.broadcasts.due(now, PAGE))
        for run in due:
            if self._trusted() or run.is_at_once:
                await self._try(run.id, self._send(run))

    async def end_over(self) -> None:
        """End the runs that are over."""
        now = self._now()
        for run_id in await self._store.read(lambda read: read.broadcasts.ended(now)):
            await self._try(run_id, self._store.run(partial(_end, run_id, self._now)))

    async def _send(self, run: Run) -> None:
        sent = await self._store.run(partial(_dispatch, run.id, self._now))
        if sent is not None:
            log.info(
                "run %s of broadcast %s is sent to %d loudspeakers", run.id, run.broadcast, sent.targeted
            )

    async def _try(self, run_id: str, work: Coroutine[object, object, object]) -> None:
        if self._now() < self._not_before.get(run_id, 0):
            work.close()
            return
        try:
            await work
        except Unavailable:
            raise
        except Exception:
            self._not_before[run_id] = self._now() + AGAIN_MS
            log.exception("run %s failed and is tried again later", run_id)
        else:
            self._not_before.pop(run_id, None)

    async def _until_next(self) -> float:
        """Seconds until the next run is to go out, a second at most."""
        next_send = await self._store.read(lambda read: read.broadcasts.next_send())
        if next_send is None:
            return POLL_S
        ahead_s = (next_send - self._now()) / 1000
        return ahead_s if 0 < ahead_s < POLL_S else POLL_S


def _dispatch(run_id: str, now: Callable[[], int], tx: Transaction) -> Run | None:
    return firing.dispatch(tx.broadcasting, run_id, now())


def _end(run_id: str, now: Callable[[], int], tx: Transaction) -> bool:
    return firing.end(tx.broadcasting, run_id, now())
