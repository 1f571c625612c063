"""The outbox worker: sent in order, forgotten once sent, tried again when not, never stopped by one message."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

import pytest

from hub.ports import Outgoing, SendFailed
from hub.workers import outbox
from hub.workers.outbox import OutboxWorker


class Rows:
    """The outbox table, as the worker knows it."""

    def __init__(self) -> None:
        self.expired: list[Outgoing] = []
        self.sent: list[int] = []
        self.later: list[tuple[int, int]] = []
        self.away = False

    async def claim_expired(self, limit: int) -> Sequence[Outgoing]:
        taken, self.expired = self.expired[:limit], self.expired[limit:]
        return taken

    async def mark_sent(self, ids: Sequence[int]) -> None:
        if self.away:
            raise ConnectionError("the database is away")
        self.sent += ids

    async def put_off(self, ids: Sequence[int], until: int) -> None:
        self.later += [(each, until) for each in ids]


def message(number: int, address: str = "b-1", kind: str = "reply", attempts: int = 0) -> Outgoing:
    return Outgoing(id=number, kind=kind, address=address, body=b"%d" % number, attempts=attempts)


class World:
    """Where messages go: takes them, or refuses."""

    def __init__(self) -> None:
        self.got: list[int] = []
        self.refuses: Callable[[Outgoing], Exception | None] = lambda _message: None

    async def send(self, outgoing: Outgoing) -> None:
        await asyncio.sleep(0)
        if (error := self.refuses(outgoing)) is not None:
            raise error
        self.got.append(outgoing.id)


@asynccontextmanager
async def running(rows: Rows, world: World) -> AsyncIterator[OutboxWorker]:
    worker = OutboxWorker(store=rows, channels={"reply": world.send}, now=lambda: 1_000)
    task = asyncio.create_task(worker.run())
    yield worker
    task.cancel()


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not condition():  # noqa: ASYNC110 -- the worker tells nobody
            await asyncio.sleep(0.005)


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "CLAIM_EVERY_S", 0.01)
    monkeypatch.setattr(outbox, "FORGET_EVERY_S", 0.01)


async def test_what_one_device_is_told_goes_out_in_order_and_is_forgotten() -> None:
    rows, world = Rows(), World()
    async with running(rows, world) as worker:
        worker.queued([message(n) for n in range(50)])
        await until(lambda: len(rows.sent) == 50)

    assert world.got == list(range(50))


@pytest.mark.parametrize("error", [SendFailed("the broker is away"), ValueError("a bug")])
async def test_a_message_that_fails_is_put_off_and_blocks_no_other(error: Exception) -> None:
    rows, world = Rows(), World()
    world.refuses = lambda outgoing: error if outgoing.id == 1 else None
    async with running(rows, world) as worker:
        worker.queued([message(1, attempts=2), message(2)])
        await until(lambda: rows.sent == [2] and bool(rows.later))

    assert rows.later == [(1, 1_000 + 4_000)]


async def test_what_a_dead_hub_left_is_taken_over() -> None:
    rows, world = Rows(), World()
    rows.expired = [message(7), message(8, address="b-2")]
    async with running(rows, world):
        await until(lambda: sorted(rows.sent) == [7, 8])


async def test_a_message_of_a_kind_nobody_knows_is_put_off() -> None:
    rows, world = Rows(), World()
    async with running(rows, world) as worker:
        worker.queued([message(1, kind="telegram"), message(2)])
        await until(lambda: rows.sent == [2] and [each for each, _ in rows.later] == [1])


async def test_the_worker_goes_on_when_the_database_comes_back() -> None:
    rows, world = Rows(), World()
    rows.away = True
    async with running(rows, world) as worker:
        worker.queued([message(1)])
        await until(lambda: world.got == [1])
        rows.away = False
        worker.queued([message(2)])
        await until(lambda: 2 in rows.sent)
