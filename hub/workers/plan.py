"""Writes down the runs of every rule, two days ahead.

Rules are expanded outside any transaction. Each slot is unique in its broadcast, so any number of hubs may do
this at the same time; slots that passed while no hub was up are written as skipped, and told.
"""

import asyncio
import contextlib
import logging
from collections.abc import Callable
from functools import partial

from broadcast.domain import schedule
from broadcast.domain.broadcasts import Broadcast
from broadcast.errors import BroadcastError
from broadcast.service import planning
from hub.domain.errors import Unavailable
from hub.ports import Store, Transaction

EVERY_S = 60.0
RENEW_BEFORE_MS = 24 * 3_600_000
log = logging.getLogger(__name__)


class PlanWorker:
    """`trusted`: whether the clock is; schedules wait while it is not."""

    def __init__(self, *, store: Store, now: Callable[[], int], trusted: Callable[[], bool]) -> None:
        self._store = store
        self._now = now
        self._trusted = trusted
        self._wake = asyncio.Event()

    def nudge(self) -> None:
        """A rule may have been written (in the loop's thread)."""
        self._wake.set()

    async def run(self) -> None:
        """Plan what comes, until cancelled."""
        while True:
            self._wake.clear()
            if self._trusted():
                await self.plan_all()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(EVERY_S):
                    await self._wake.wait()

    async def plan_all(self) -> None:
        """Plan every rule whose runs are not written down for the coming day."""
        until = self._now() + RENEW_BEFORE_MS
        try:
            waiting = await self._store.read(lambda read: read.broadcasts.to_plan(until))
        except Unavailable:
            log.warning("what is to be planned cannot be read")
            return
        for broadcast in waiting:
            try:
                await self._plan(broadcast)
            except Unavailable:
                log.warning("the runs of broadcast %s wait for the database", broadcast.id)
            except Exception:
                log.exception("the runs of broadcast %s could not be planned", broadcast.id)

    async def _plan(self, broadcast: Broadcast) -> None:
        now = self._now()
        begin = now if broadcast.planned_until is None else broadcast.planned_until
        try:
            slots = await asyncio.to_thread(schedule.slots, broadcast.timing, begin, now)
        except BroadcastError as error:
            log.error("the rule of broadcast %s is none: %s", broadcast.id, error)  # noqa: TRY400
            return
        await self._store.run(partial(_write, broadcast, tuple(slots), now))


def _write(broadcast: Broadcast, slots: tuple[int, ...], now: int, tx: Transaction) -> int:
    return planning.plan_slots(tx.broadcasting, broadcast, slots, now + schedule.HORIZON_MS, now)
