"""Receipts in: acknowledged after their commit, kept while the database is away, and a bad one costs only itself."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import TypeVar, cast

import pytest

from devices.codec import encode
from devices.messages import Receipt, ReceiptState
from hub.domain.errors import Unavailable
from hub.mqtt.link import Delivery
from hub.ports import Store, Transaction
from hub.receipts import BATCH, ReceiptInbox

T = TypeVar("T")


class Commits:
    """A store that knows the runs rn1 and rn2, and breaks at receipts of rn-bad."""

    def __init__(self) -> None:
        self.away = 0
        self.sizes: list[int] = []
        self.stored: list[str] = []

    async def run(self, command: Callable[[Transaction], T]) -> T:
        await asyncio.sleep(0)
        if self.away:
            self.away -= 1
            raise Unavailable("store-away")
        before = len(self.stored)
        value = command(cast("Transaction", self))
        self.sizes.append(len(self.stored) - before)
        return value

    @property
    def broadcasting(self) -> Commits:
        return self

    @property
    def runs(self) -> Commits:
        return self

    def progress(self, run: str, device: str) -> None:
        if run == "rn-bad":
            raise ValueError("as the test wants it")
        self.stored.append(device)


class In:
    def __init__(self) -> None:
        self.store = Commits()
        self.acked: list[int] = []
        self.heard: list[str] = []
        self.some = asyncio.Event()
        self.inbox = ReceiptInbox(
            store=cast("Store", self.store), ack=self._ack, now=lambda: 5, noticed=self._noticed
        )

    def _noticed(self, device: str, receipt: Receipt) -> None:
        self.heard.append(f"{device} {receipt.run}")

    def _ack(self, delivery: Delivery) -> None:
        self.acked.append(delivery.mid)
        self.some.set()

    def arrive(self, mid: int, device: str = "s-1", run: str = "rn1", payload: bytes | None = None) -> None:
        if payload is None:
            payload = encode(Receipt(run=run, state=ReceiptState.PLAYING))
        self.inbox.arrived(Delivery(f"v1/d/{device}/receipt", payload, 1, False, mid, 1))

    async def until_acked(self, count: int) -> None:
        async with asyncio.timeout(10):
            while len(self.acked) < count:
                self.some.clear()
                await self.some.wait()


@pytest.fixture
async def into() -> AsyncIterator[In]:
    made = In()
    task = asyncio.create_task(made.inbox.run())
    yield made
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_many_at_once_are_written_a_few_to_a_commit(into: In) -> None:
    for mid in range(3 * BATCH):
        into.arrive(mid, f"s-{mid}")
    assert into.acked == []
    await into.until_acked(3 * BATCH)
    assert into.store.sizes == [BATCH] * 3
    assert into.acked == list(range(3 * BATCH))


async def test_a_bad_one_costs_only_itself(into: In, caplog: pytest.LogCaptureFixture) -> None:
    into.arrive(1)
    into.arrive(2, "s-2", "rn-bad")
    into.arrive(3, "s-3")
    await into.until_acked(3)
    assert set(into.store.stored) == {"s-1", "s-3"}
    assert "a receipt of s-2 could not be stored" in caplog.text


async def test_what_nobody_can_read_is_counted_and_not_kept_at_the_broker(into: In) -> None:
    into.arrive(1, payload=b"{")
    into.arrive(2, "s 2")
    assert (into.inbox.received, into.inbox.strange, into.acked) == (2, 2, [1, 2])


async def test_nothing_is_acknowledged_before_the_database_has_it(
    into: In, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hub.receipts.RETRY_S", 0)
    into.store.away = 3
    into.arrive(1)
    await asyncio.sleep(0)
    assert into.acked == []
    await into.until_acked(1)
    assert into.store.stored == ["s-1"]


async def test_a_receipt_is_noticed_before_it_is_written(into: In) -> None:
    into.arrive(1, run="rn7")
    assert (into.heard, into.store.stored) == (["s-1 rn7"], [])
