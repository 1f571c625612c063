"""An event loop whose time is not ours: it never waits, it jumps to whatever is due next.

asyncio's own scheduling runs unchanged on top, in one thread and in one order, so that the same seed gives the
same run, and a day without events costs nothing.
"""

import asyncio
from collections.abc import Callable, Coroutine
from typing import TypeVar

T = TypeVar("T")
Handler = Callable[[asyncio.AbstractEventLoop, dict[str, object]], object]


class _Nothing:
    """Stands where asyncio asks the operating system for news: there is none, only time passes."""

    def __init__(self) -> None:
        self.now = 0.0
        self.stuck = False

    def select(self, timeout: float | None) -> tuple[()]:
        """Let `timeout` seconds pass; None means that nobody waits for anything any more."""
        if timeout is None:
            self.stuck = True
            raise RuntimeError("nothing is due, ever: somebody waits for what never comes")
        self.now += timeout
        return ()


class VirtualLoop(asyncio.BaseEventLoop):
    """No sockets, no threads, no signals: timers and callbacks alone."""

    def __init__(self) -> None:
        super().__init__()
        self._selector = _Nothing()
        self._clock_resolution = 1e-9

    def time(self) -> float:
        """Seconds since the run began."""
        return self._selector.now

    def _process_events(self, event_list: tuple[()]) -> None:
        """There are none."""

    def _write_to_self(self) -> None:
        """Nobody sleeps in a system call that would have to be ended."""


def run(main: Callable[[VirtualLoop], Coroutine[None, None, T]]) -> T:
    """Run `main(loop)` to its end in virtual time, and leave nothing behind."""
    loop = VirtualLoop()
    loop.set_exception_handler(_ignore)
    try:
        return loop.run_until_complete(main(loop))
    finally:
        _end(loop)


def _end(loop: VirtualLoop) -> None:
    tasks = sorted(asyncio.all_tasks(loop), key=lambda task: task.get_name())
    for task in tasks:
        task.cancel()
    if tasks:
        loop.run_until_complete(asyncio.wait(tasks, timeout=1))
    loop.close()


def _ignore(_loop: asyncio.AbstractEventLoop, _context: dict[str, object]) -> None:
    """What dead processes leave unread is no news; the living are watched by the oracle."""
