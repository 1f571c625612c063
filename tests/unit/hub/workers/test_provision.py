"""The broker is told of every change to a device, and of nothing else; a fault now is tried again."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence

import pytest

from broker_config.errors import BrokerConfigError
from hub.domain.errors import Unavailable
from hub.domain.events import Event
from hub.workers import provision
from hub.workers.provision import Provision


def event(number: int, kind: str) -> Event:
    return Event(id=number, type=kind, at=0, call_id=None, area="", clinic=None, data=b"{}")


class FakeFeed:
    """Hands over what a test puts in, to those who see it."""

    def __init__(self) -> None:
        self.waiting: asyncio.Queue[Event] = asyncio.Queue()
        self.after: list[int | None] = []

    async def follow_batches(
        self, sees: Callable[[Event], bool], after: int | None
    ) -> AsyncIterator[list[Event]]:
        self.after.append(after)
        while True:
            told = await self.waiting.get()
            if sees(told):
                yield [told]
            self.waiting.task_done()


class Broker:
    """What was written, and how often the broker was told."""

    def __init__(self) -> None:
        self.devices = ["b-1"]
        self.written: list[Sequence[str]] = []
        self.told = 0
        self.fault: Exception | None = None
        self.news = asyncio.Event()

    async def read(self) -> Sequence[str]:
        return list(self.devices)

    def write(self, accounts: Sequence[str]) -> bool:
        if self.fault is not None:
            fault, self.fault = self.fault, None
            raise fault
        changed = not self.written or self.written[-1] != accounts
        self.written.append(accounts)
        return changed

    def reload(self) -> bool:
        self.told += 1
        return True


async def seven() -> int:
    return 7


async def run(feed: FakeFeed, broker: Broker) -> "asyncio.Task[None]":
    worker = Provision(
        feed=feed, last_event_id=seven, read=broker.read, write=broker.write, reload=broker.reload
    )
    task = asyncio.create_task(worker.run())
    while not feed.after:  # noqa: ASYNC110 - threads are at work
        await asyncio.sleep(0.001)
    return task


async def end(task: "asyncio.Task[None]") -> None:
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_it_begins_with_all_devices_and_goes_on_from_where_the_tale_stood() -> None:
    feed, broker = FakeFeed(), Broker()

    task = await run(feed, broker)

    assert broker.written == [["b-1"]]
    assert broker.told == 1
    assert feed.after == [7]
    await end(task)


@pytest.mark.parametrize(
    "kind", ["device.added", "device.credentials", "device.removed", "register.imported", "reset"]
)
async def test_a_change_is_written_and_the_broker_told(kind: str) -> None:
    feed, broker = FakeFeed(), Broker()
    task = await run(feed, broker)

    broker.devices.append("b-2")
    feed.waiting.put_nowait(event(8, kind))
    await feed.waiting.join()

    assert broker.written[-1] == ["b-1", "b-2"]
    assert broker.told == 2
    await end(task)


async def test_a_call_is_no_reason_to_write() -> None:
    feed, broker = FakeFeed(), Broker()
    task = await run(feed, broker)

    feed.waiting.put_nowait(event(8, "call.raised"))
    await feed.waiting.join()

    assert len(broker.written) == 1
    await end(task)


async def test_a_broker_that_knows_already_is_left_in_peace() -> None:
    feed, broker = FakeFeed(), Broker()
    task = await run(feed, broker)

    feed.waiting.put_nowait(event(8, "device.added"))
    await feed.waiting.join()

    assert len(broker.written) == 2
    assert broker.told == 1
    await end(task)


@pytest.mark.parametrize(
    "fault", [Unavailable("store-away"), BrokerConfigError("no folder"), OSError(28, "No space left")]
)
async def test_what_cannot_be_written_now_is_written_later(
    monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    monkeypatch.setattr(provision, "RETRY_S", 0.0)
    feed, broker = FakeFeed(), Broker()
    broker.fault = fault

    task = await run(feed, broker)

    assert broker.written == [["b-1"]]
    await end(task)
