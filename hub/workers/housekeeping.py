"""What has to be done now and then: learn the register by heart, forget what is old, watch the clock."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from hub.domain.errors import Unavailable

log = logging.getLogger(__name__)


class Chore:
    """A piece of work and how often it is due."""

    def __init__(self, name: str, every_s: float, work: Callable[[], Awaitable[None]]) -> None:
        self.name = name
        self.every_s = every_s
        self._work = work

    async def run(self) -> None:
        """Do it every `every_s`, until cancelled; a failure is reported and waits for the next turn."""
        while True:
            await asyncio.sleep(self.every_s)
            try:
                await self._work()
            except Unavailable:
                log.warning("%s waits: the database is away", self.name)
            except Exception:
                log.exception("%s failed", self.name)
