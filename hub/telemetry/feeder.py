"""Carries samples from the spool into the store, in a thread of its own, however long the store is away."""

import logging
import random
import threading
from collections.abc import Callable
from typing import Final

from hub.domain.errors import Unavailable
from hub.telemetry.port import SampleStore
from hub.telemetry.spool import SampleSpool

BATCH: Final = 5_000
FIRST_PAUSE_S: Final = 0.25
LONGEST_PAUSE_S: Final = 15.0
TEND_EVERY_S: Final = 5.0
log = logging.getLogger(__name__)


class Feeder:
    """Run `run` in a thread; `nudge` when the spool has something, `end` to make it return."""

    def __init__(
        self, spool: SampleSpool, open_store: Callable[[], SampleStore], name: str, now: Callable[[], int]
    ) -> None:
        self._spool = spool
        self._open_store = open_store
        self._now = now
        self._store: SampleStore | None = None
        self._work = threading.Event()
        self._ending = threading.Event()
        self._failures = 0
        self.name = name
        self.trouble: Unavailable | None = None
        self.stored = 0
        self.refused = 0

    def run(self) -> None:
        """Feed until `end`; then once more all that the store takes at once."""
        while not self._ending.is_set():
            self._work.clear()
            if self._feed():
                self._work.wait(TEND_EVERY_S)
            else:
                self._ending.wait(self._pause_s())
        self._feed()
        if self._store is not None:
            self._store.close()

    def nudge(self) -> None:
        """There is something to do."""
        self._work.set()

    def end(self) -> None:
        """Make `run` return soon."""
        self._ending.set()
        self._work.set()

    def _feed(self) -> bool:
        """Everything that waits; False when the store is away."""
        try:
            store = self._store = self._store or self._open_store()
            while (batch := self._spool.oldest(BATCH)) is not None:
                written = store.write(batch.samples)
                self._works()
                self._spool.advance(batch)
                self.stored += written.stored
                self.refused += written.refused
                store.tend(self._now())
            store.tend(self._now())
            self._works()
        except Unavailable as error:
            self._fails(error)
            return False
        except (
            Exception
        ) as error:  # nobody starts this thread again: whatever it is, the next try may go well
            log.exception("telemetry could not be fed")
            reason = str(error) or type(error).__name__
            self._fails(Unavailable("telemetry-unreachable", store=self.name, reason=reason))
            return False
        return True

    def _works(self) -> None:
        if self.trouble is not None:
            log.warning("%s takes telemetry again", self.name)
        self.trouble, self._failures = None, 0

    def _fails(self, error: Unavailable) -> None:
        if self.trouble is None or self.trouble.params != error.params:
            log.warning("telemetry waits on disk: %s", error)
        self.trouble = error
        self._failures += 1

    def _pause_s(self) -> float:
        longest = min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2.0 ** min(self._failures, 10))
        return random.uniform(FIRST_PAUSE_S, longest)  # noqa: S311 -- jitter, not a secret
