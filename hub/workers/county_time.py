"""One time for all hubs of a county: that of the database they share.

Steps of plans, leases and the minutes of a holder are written by one hub and judged by another. Two hubs whose clocks
lay minutes apart took calls from each other and skipped what the other had just begun; so each counts by the
database's clock, and only compares the one of its own machine with it.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Final

from hub.clock import STEP_MS, Clock

LOOK_EVERY_S: Final = 10.0
SURE_MS: Final = 1_000  # an answer that took longer says too little about now
TRIES: Final = 3
log = logging.getLogger(__name__)


class CountyTime:
    """Keeps the clock of one hub at the time that all share; a hub with a database of its own has no other."""

    def __init__(
        self, *, clock: Clock, shared_now: Callable[[], Awaitable[int | None]], stepped: Callable[[], None]
    ) -> None:
        """`shared_now`: Unix ms, or None (`hub.db.store.Store.shared_now`); `stepped`: the time has jumped."""
        self._clock = clock
        self._shared_now = shared_now
        self._stepped = stepped

    async def begin(self) -> None:
        """Take it over before anything is judged by it. Unavailable."""
        for _ in range(TRIES):
            now, took_ms = await self._ask()
            if now is None:
                return
            self._clock.follow(now)
            if took_ms <= SURE_MS:
                break
        if self._clock.check():
            log.warning(
                "this machine's clock is %.0f s ahead of the database's, which counts",
                self._clock.step_ms / 1000,
            )

    async def look(self) -> None:
        """Follow it, also when it was set: then all hubs follow within one `LOOK_EVERY_S`. Unavailable."""
        now, took_ms = await self._ask()
        if now is not None and took_ms <= SURE_MS and abs(moved := self._clock.follow(now)) > STEP_MS:
            log.warning("the database's clock was set by %.0f s", moved / 1000)
            self._stepped()
        self._clock.check()

    async def _ask(self) -> tuple[int | None, float]:
        loop = asyncio.get_running_loop()
        began_s = loop.time()
        now = await self._shared_now()
        took_ms = (loop.time() - began_s) * 1000
        return (None if now is None else now + round(took_ms / 2)), took_ms
