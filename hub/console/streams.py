"""The live connections of this process, so that a shutdown need not wait for them."""

import asyncio


class Streams:
    """Counts open streams and ends them all when the hub does."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()

    def __len__(self) -> int:
        return len(self._tasks)

    def add(self, task: asyncio.Task[None]) -> None:
        """`task` lives as long as its stream; cancelling it ends the stream."""
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def end_all(self) -> None:
        """Close every stream; browsers connect again, here or elsewhere, and resume."""
        for task in self._tasks:
            task.cancel()
