"""Carries changes of presence from the telemetry role's board into the main database, and its report to whoever asks.

Only the calls role writes the main file on SQLite, so the telemetry role writes what it sees into a file of its
own, and this worker reads it, a second later at most (docs/decisions/0012).
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from functools import partial
from typing import Final, Protocol

from hub.domain.errors import Unavailable
from hub.domain.telemetry import Change, Report
from hub.ports import Transaction
from hub.services.presence import note_changes

POLL_S: Final = 1.0
PAGE: Final = 200  # so that no press waits long behind the first start of a county
log = logging.getLogger(__name__)


class Store(Protocol):
    """What the worker needs of the store."""

    async def run(self, command: Callable[[Transaction], int], /) -> int: ...


class Board(Protocol):
    """What the worker needs of the telemetry role; both Unavailable while it has left nothing to read."""

    def changes(self, after: int, limit: int, /) -> Sequence[Change]: ...
    def report(self) -> Report | None: ...


class PresenceWorker:
    """`report` is the telemetry role's newest word, None before the first."""

    def __init__(self, *, board: Board, store: Store, now: Callable[[], int]) -> None:
        self._board = board
        self._store = store
        self._now = now
        self._after = 0  # from the first: what is known already is not told again
        self.report: Report | None = None

    async def run(self) -> None:
        """Look each second, until cancelled."""
        while True:
            try:
                while await self.look() == PAGE:
                    pass
            except Unavailable as error:
                log.debug("presence waits: %s", error)
            except Exception:
                log.exception("changes of presence could not be told; the next try is in a second")
            await asyncio.sleep(POLL_S)

    async def look(self) -> int:
        """Take over what is new; how much it was. Unavailable."""
        self.report = await asyncio.to_thread(self._board.report)
        changes = await asyncio.to_thread(self._board.changes, self._after, PAGE)
        if changes:
            await self._store.run(partial(_note, changes, self._now))
            self._after = changes[-1].number
        return len(changes)


def _note(changes: Sequence[Change], now: Callable[[], int], tx: Transaction) -> int:
    return note_changes(tx, changes, now())
