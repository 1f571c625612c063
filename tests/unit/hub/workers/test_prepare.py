"""The studio is asked for what is most urgent; what kills it is given up, and what cannot be made says why."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Any, TypeVar, cast

import msgspec
import pytest

from broadcast.domain.broadcasts import Broadcast, BroadcastState
from broadcast.domain.priorities import Category
from broadcast.errors import BroadcastError, Problem
from hub.domain.errors import Unavailable
from hub.ports import Reader, Store, Transaction
from hub.studio.wire import Made, TextWanted, Wanted
from hub.workers.prepare import TRIES, PrepareWorker
from tests.village import AUDIO, blank_broadcast

T = TypeVar("T")
Outcome = Made | Exception
MADE = Made(spoken="读", audio=AUDIO)


class Rows:
    """Broadcasts in memory; as much of a store and of its transactions as the worker touches."""

    def __init__(self) -> None:
        self.broadcasts: dict[str, Broadcast] = {}
        self.claimed: dict[str, int] = {}
        self.now = 1_000
        self.away = False
        self.changed = asyncio.Event()

    def put(self, name: str, **different: Any) -> None:
        self.broadcasts[name] = msgspec.structs.replace(blank_broadcast(name), **different)

    async def run(self, command: Callable[[Transaction], T]) -> T:
        self._check()
        value = command(cast("Transaction", _Tx(self)))
        self.changed.set()
        return value

    async def read(self, query: Callable[[Reader], T]) -> T:
        self._check()
        return query(cast("Reader", _Read(self)))

    def _check(self) -> None:
        if self.away:
            raise Unavailable("store-away")

    async def until(self, condition: Callable[[], bool]) -> None:
        async with asyncio.timeout(10):
            while not condition():
                self.changed.clear()
                await self.changed.wait()


class _Read:
    def __init__(self, rows: Rows) -> None:
        self._rows = rows
        self.broadcasts = self

    def to_prepare(self, now: int, limit: int) -> Sequence[Broadcast]:
        waiting = [
            each
            for name, each in self._rows.broadcasts.items()
            if each.state is BroadcastState.PREPARING and self._rows.claimed.get(name, 0) <= now
        ]
        return sorted(waiting, key=lambda each: -each.priority)[:limit]


class _Tx:
    def __init__(self, rows: Rows) -> None:
        self.rows = rows
        self.broadcasting = self
        self.broadcasts = self
        self.runs = self

    def get(self, name: str) -> Broadcast | None:
        return self.rows.broadcasts.get(name)

    def claim(self, name: str, _rev: int, due_before: int, until: int) -> bool:
        if self.rows.claimed.get(name, 0) > due_before:
            return False
        self.rows.claimed[name] = until
        return True

    def swap(self, before: Broadcast, after: Broadcast) -> bool:
        self.rows.broadcasts[before.id] = after
        return True

    def insert(self, _run: object) -> bool:
        return True

    def tell(self, tale: object) -> None:
        """Nobody listens."""

    def new_id(self, prefix: str, now: int) -> str:
        return f"{prefix}{now}"


class FakeStudio:
    """Answers by text, and remembers in which order it was asked."""

    def __init__(self, changed: asyncio.Event) -> None:
        self._changed = changed
        self.outcomes: dict[str, list[Outcome]] = {}
        self.asked: list[str] = []
        self.gate = asyncio.Event()
        self.gate.set()

    async def prepare(self, wanted: Wanted) -> Made:
        assert isinstance(wanted, TextWanted)
        self.asked.append(wanted.before + wanted.text)
        self._changed.set()
        await self.gate.wait()
        outcome = self.outcomes.get(wanted.text, [MADE])
        found = outcome.pop(0) if len(outcome) > 1 else outcome[0]
        if isinstance(found, Exception):
            raise found
        return found


class Work:
    def __init__(self) -> None:
        self.rows = Rows()
        self.studio = FakeStudio(self.rows.changed)
        self.worker = PrepareWorker(
            store=cast("Store", self.rows), studio=self.studio, now=lambda: self.rows.now, said_first="演练。"
        )

    def state(self, name: str) -> BroadcastState:
        return self.rows.broadcasts[name].state


@pytest.fixture
async def work(monkeypatch: pytest.MonkeyPatch) -> Work:
    monkeypatch.setattr("hub.workers.prepare.POLL_S", 0.01)
    return Work()


async def running(work: Work, until: Callable[[], bool]) -> None:
    """Let the worker run until it is so; time passes each time that it waits."""
    task = asyncio.create_task(work.worker.run())
    try:
        await work.rows.until(until)
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_an_emergency_is_made_first_and_beside_a_routine_one(work: Work) -> None:
    for name in ("a", "b"):
        work.rows.put(name, text=name)
    work.rows.put("urgent", text="urgent", priority=240, category=Category.EMERGENCY)
    work.studio.gate.clear()
    task = asyncio.create_task(work.worker.run())
    await work.rows.until(lambda: len(work.studio.asked) == 2)
    assert work.studio.asked == ["urgent", "a"]  # the second routine one waits
    work.studio.gate.set()
    await work.rows.until(lambda: all(work.state(name) is not BroadcastState.PREPARING for name in "ab"))
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_a_drill_says_so_first(work: Work) -> None:
    work.rows.put("a", text="撤离", drill=True)
    await running(work, lambda: work.state("a") is BroadcastState.SCHEDULED)
    assert work.studio.asked == ["演练。撤离"]


async def test_what_cannot_be_made_as_it_is_written_fails_at_once_with_its_sentence(work: Work) -> None:
    work.rows.put("a", text="坏")
    work.studio.outcomes["坏"] = [BroadcastError(Problem.TEXT_TOO_LONG, length=9, limit=3)]
    await running(work, lambda: work.state("a") is BroadcastState.FAILED)
    failure = work.rows.broadcasts["a"].failure
    assert failure is not None
    assert (failure.problem, failure.values) == ("broadcast-text-too-long", {"length": 9, "limit": 3})
    assert len(work.studio.asked) == 1


async def test_a_studio_that_is_away_is_asked_again_and_no_more_than_so_often(work: Work) -> None:
    work.rows.put("a", text="毒")
    work.studio.outcomes["毒"] = [Unavailable("studio-away")]

    def later() -> bool:
        work.rows.now += 120_000
        return work.state("a") is BroadcastState.FAILED

    await running(work, later)
    assert len(work.studio.asked) == TRIES


async def test_a_studio_that_comes_back_makes_it(work: Work) -> None:
    work.rows.put("a", text="好")
    work.studio.outcomes["好"] = [Unavailable("studio-away"), Unavailable("studio-away"), MADE]

    def later() -> bool:
        work.rows.now += 120_000
        return work.state("a") is BroadcastState.SCHEDULED

    await running(work, later)
    assert len(work.studio.asked) == 3
