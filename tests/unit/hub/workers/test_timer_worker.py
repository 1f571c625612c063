"""The timer worker: fires what is due, wakes for what was armed earlier, and one bad timer blocks no other."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

import pytest

from hub.domain.errors import Unavailable
from hub.ports import Timer, Transaction
from hub.services import escalate
from hub.workers import timers
from hub.workers.timers import TimerWorker
from tests.stores import Moved


class Rows:
    """The timers table, and the escalation over it."""

    def __init__(self, clock: Moved) -> None:
        self.clock = clock
        self.waiting: list[Timer] = []
        self.fired: list[str] = []
        self.deferred: list[str] = []
        self.bad: set[str] = set()
        self.away = False
        self.looked_far: list[bool] = []

    def arm(self, call: str, due_at: int) -> None:
        self.waiting.append(Timer(id=len(self.waiting), call=call, step="county", due_at=due_at, attempts=0))

    async def due(self, now: int, limit: int) -> Sequence[Timer]:
        if self.away:
            raise Unavailable("store-away")
        return [timer for timer in self.waiting if timer.due_at <= now][:limit]

    async def run(self, command: Callable[[Transaction], object]) -> object:
        return command(self)  # type: ignore[arg-type]

    def fire(self, _tx: Transaction, timer: Timer, _now: int) -> bool:
        if timer.call in self.bad:
            raise RuntimeError("a bug in a rule")
        self.waiting.remove(timer)
        self.fired.append(timer.call)
        return True

    def hasten(self, _tx: Transaction, _now: int, *, was_set: bool) -> int:
        self.looked_far.append(was_set)
        if self.away:
            raise Unavailable("store-away")
        return 0

    def push_ahead(self, _tx: Transaction, timer: Timer, now: int) -> None:
        self.deferred.append(timer.call)
        self.waiting.remove(timer)
        self.arm(timer.call, now + 5_000)


@pytest.fixture
def rows(monkeypatch: pytest.MonkeyPatch) -> Rows:
    made = Rows(Moved())
    monkeypatch.setattr(escalate, "fire", made.fire)
    monkeypatch.setattr(escalate, "push_ahead", made.push_ahead)
    monkeypatch.setattr(escalate, "hasten", made.hasten)
    monkeypatch.setattr(timers, "POLL_S", 0.02)
    return made


@asynccontextmanager
async def running(rows: Rows) -> AsyncIterator[TimerWorker]:
    worker = TimerWorker(store=rows, due=rows.due, now=rows.clock.now)
    task = asyncio.create_task(worker.run())
    yield worker
    task.cancel()


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not condition():  # noqa: ASYNC110 -- the worker tells nobody
            await asyncio.sleep(0.005)


async def test_what_is_due_fires_and_what_is_not_waits(rows: Rows) -> None:
    rows.arm("c-due", rows.clock.now())
    rows.arm("c-later", rows.clock.now() + 30_000)
    async with running(rows):
        await until(lambda: rows.fired == ["c-due"])
        rows.clock.move(30_000)
        await until(lambda: rows.fired == ["c-due", "c-later"])


async def test_a_timer_whose_work_fails_is_pushed_ahead_and_blocks_no_other(rows: Rows) -> None:
    rows.bad = {"c-bad"}
    rows.arm("c-bad", rows.clock.now() - 1)
    rows.arm("c-good", rows.clock.now())
    async with running(rows) as worker:
        await until(lambda: rows.fired == ["c-good"] and rows.deferred == ["c-bad"])
        assert worker.failures == 1
        rows.bad = set()
        rows.clock.move(5_000)
        await until(lambda: "c-bad" in rows.fired)


async def test_a_database_that_was_away_delays_and_loses_nothing(rows: Rows) -> None:
    rows.away = True
    rows.arm("c-1", rows.clock.now())
    async with running(rows):
        await asyncio.sleep(0)
        rows.away = False
        await until(lambda: rows.fired == ["c-1"])


async def test_when_the_time_was_set_what_lies_too_far_is_looked_for_at_once(rows: Rows) -> None:
    async with running(rows) as worker:
        await until(lambda: rows.looked_far == [False])
        worker.clock_was_set()
        await until(lambda: rows.looked_far == [False, True])


async def test_what_lies_too_far_is_looked_for_again_after_an_outage(rows: Rows) -> None:
    rows.away = True
    async with running(rows):
        await until(lambda: len(rows.looked_far) > 1)
        rows.away = False
        seen = len(rows.looked_far)
        await until(lambda: len(rows.looked_far) > seen)
