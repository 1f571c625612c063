"""The chore of shift change: it writes only for those whose shift is over, each in a commit of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from hub.ports import Reader, Transaction
from hub.workers.shifts import ShiftWorker


class Books:
    """A store that knows whose shifts are over, and counts what is written."""

    def __init__(self, *over: str) -> None:
        self.over = over
        self.written = 0

    async def read(self, query: Callable[[Reader], Sequence[str]], /) -> Sequence[str]:  # noqa: ARG002
        return self.over

    async def run(self, command: Callable[[Transaction], bool], /) -> bool:  # noqa: ARG002
        self.written += 1
        return True


async def test_nothing_is_written_while_nobody_goes_home() -> None:
    books = Books()
    await ShiftWorker(store=books, now=lambda: 1).look()

    assert books.written == 0


async def test_each_call_goes_along_in_a_commit_of_its_own() -> None:
    books = Books("c-1", "c-2")
    await ShiftWorker(store=books, now=lambda: 1).look()

    assert books.written == 2
