"""The live connections of this process: counted, bounded for each user, and ended when the hub ends."""

import asyncio
from typing import Final

MOST_PER_USER: Final = 100
"""Pages without a desk. Each costs work at every event, and a script may open thousands."""


class Streams:
    """Counts open streams and ends them all when the hub does."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()
        self._of: dict[str, dict[asyncio.Task[None], None]] = {}

    def __len__(self) -> int:
        return len(self._tasks)

    def add(self, task: asyncio.Task[None], user: str, *, is_desk: bool) -> None:
        """`task` lives as long as its stream; cancelling it ends the stream.

        One too many of a user ends the oldest. A desk rings: it is never ended, and does not count.
        """
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        if is_desk:
            return
        mine = self._of.setdefault(user, {})
        mine[task] = None
        task.add_done_callback(lambda done: self._left(user, done))
        if len(mine) > MOST_PER_USER:
            oldest = next(iter(mine))
            del mine[oldest]
            oldest.cancel()

    def end_all(self) -> None:
        """Close every stream; browsers connect again, here or elsewhere, and resume."""
        for task in self._tasks:
            task.cancel()

    def _left(self, user: str, task: asyncio.Task[None]) -> None:
        mine = self._of.get(user, {})
        mine.pop(task, None)
        if not mine:
            self._of.pop(user, None)
