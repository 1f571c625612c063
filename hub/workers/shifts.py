"""Lets calls go along at shift change. Looks first without writing: nearly always there is nothing."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Protocol

from hub.ports import Reader, Transaction
from hub.services import relieving

LOOK_EVERY_S = 5.0


class Store(Protocol):
    """What the worker needs of the store."""

    async def run(self, command: Callable[[Transaction], bool], /) -> bool: ...
    async def read(self, query: Callable[[Reader], Sequence[str]], /) -> Sequence[str]: ...


class ShiftWorker:
    """A chore: a call that cannot go along now does so at the next look."""

    def __init__(self, *, store: Store, now: Callable[[], int]) -> None:
        self._store = store
        self._now = now

    async def look(self) -> None:
        """Relieve everybody whose shift is over."""
        now = self._now()
        for call in await self._store.read(lambda read: relieving.over(read, now)):
            await self._store.run(partial(_relieve, call=call, now=now))


def _relieve(tx: Transaction, *, call: str, now: int) -> bool:
    return relieving.relieve(tx, call, now)
