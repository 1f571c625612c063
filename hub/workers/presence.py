"""Carries changes of presence from the telemetry role's file into the main database, where they become events.

Only the calls role writes the main database on SQLite; so the telemetry role writes a file of its own, and this
worker reads it each second (docs/decisions, "How presence reaches the main database").
"""

import logging
from collections.abc import Callable, Sequence
from functools import partial
from typing import Final, Protocol

from hub.domain.errors import Unavailable
from hub.domain.telemetry import Change
from hub.ports import Transaction
from hub.services.presence import note_changes

LOOK_EVERY_S: Final = 1.0
PAGE: Final = 200  # no press waits long behind the first hour of a county
log = logging.getLogger(__name__)


class Store(Protocol):
    """What the worker needs of the store."""

    async def run(self, command: Callable[[Transaction], int], /) -> int: ...


class Board(Protocol):
    """What the worker needs of the telemetry role; Unavailable while it has left nothing to read."""

    async def look(self, after: int, limit: int, /) -> Sequence[Change]: ...


class PresenceWorker:
    """Begins with every device anew at each start: what is known already is not told again."""

    def __init__(self, *, board: Board, store: Store, now: Callable[[], int]) -> None:
        self._board = board
        self._store = store
        self._now = now
        self._after = 0

    async def look(self) -> None:
        """Take over all that is new. A chore: what fails now is there a second later."""
        try:
            while len(changes := await self._board.look(self._after, PAGE)) > 0:
                await self._store.run(partial(_note, changes, self._now))
                self._after = changes[-1].number
        except Unavailable as error:
            log.debug("presence waits: %s", error)


def _note(changes: Sequence[Change], now: Callable[[], int], tx: Transaction) -> int:
    return note_changes(tx, changes, now())
