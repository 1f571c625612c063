"""A few threads for the one thing that blocks: opening a connection (name look-up, TCP, TLS)."""

import asyncio
import logging
import queue
import threading
from collections.abc import Callable

log = logging.getLogger(__name__)

THREADS = 4


class Connectors:
    """Runs openings in daemon threads and reports each back to the loop.

    Daemon threads, so that an unreachable broker's time-out does not hold up the end of the process.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, threads: int = THREADS) -> None:
        self._loop = loop
        self._jobs: queue.SimpleQueue[tuple[Callable[[], object], Callable[[str | None], None]]] = (
            queue.SimpleQueue()
        )
        for number in range(threads):
            threading.Thread(target=self._work, name=f"connect-{number}", daemon=True).start()

    def submit(self, opening: Callable[[], object], done: Callable[[str | None], None]) -> None:
        """Run `opening` in a thread, then `done` in the loop with None, or with what went wrong."""
        self._jobs.put((opening, done))

    def _work(self) -> None:
        while True:
            opening, done = self._jobs.get()
            try:
                opening()
            except (OSError, ValueError) as error:  # ValueError: a host name that cannot be one
                failure: str | None = str(error) or type(error).__name__
            else:
                failure = None
            if self._loop.is_closed():
                return
            self._loop.call_soon_threadsafe(done, failure)
