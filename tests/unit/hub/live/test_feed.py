"""The live feed is a cursor over consecutive ids: no gap, no double, whatever order commits are told in."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing

import pytest

from hub.domain.errors import Unavailable
from hub.domain.events import Event
from hub.live.feed import RESET, Feed


def event(event_id: int, area: str = "990421101201") -> Event:
    return Event(id=event_id, type="call.pressed", at=0, call_id="c", area=area, clinic=None, data=b"{}")


class Table:
    """The events table, as far as the feed knows it."""

    def __init__(self, last: int = 0, first: int = 1) -> None:
        self.rows = [event(n) for n in range(first, last + 1)]
        self.reads = 0

    async def read_after(self, after: int, limit: int) -> Sequence[Event]:
        self.reads += 1
        return [row for row in self.rows if row.id > after][:limit]

    async def bounds(self) -> tuple[int, int]:
        return (self.rows[0].id, self.rows[-1].id) if self.rows else (0, 0)

    def commit(self, *ids: int) -> list[Event]:
        new = [event(n) for n in ids]
        self.rows = sorted((*self.rows, *new), key=lambda row: row.id)
        return new


async def started(table: Table) -> Feed:
    feed = Feed(table.read_after, table.bounds)
    await feed.start()
    return feed


def everything(_event: Event) -> bool:
    return True


async def take(stream: AsyncIterator[list[Event]], count: int) -> list[int]:
    seen: list[int] = []
    while len(seen) < count:
        async with asyncio.timeout(10):
            seen += [e.id for e in await anext(stream)]
    return seen


async def test_a_follower_sees_what_is_committed_after_it_came() -> None:
    table = Table(last=5)
    feed = await started(table)
    async with aclosing(feed.follow_batches(everything, None)) as stream:
        waiting = asyncio.create_task(take(stream, 3))
        await asyncio.sleep(0)
        feed.extend(table.commit(6))
        feed.extend(table.commit(7, 8))
        assert await waiting == [6, 7, 8]


async def test_commits_told_out_of_order_are_shown_in_order() -> None:
    table = Table(last=5)
    feed = await started(table)
    first, second = table.commit(6, 7), table.commit(8)
    async with aclosing(feed.follow_batches(everything, 5)) as stream:
        feed.extend(second)
        feed.extend(first)
        assert await take(stream, 3) == [6, 7, 8]


async def test_what_another_hub_commits_is_read_from_the_table() -> None:
    table = Table(last=5)
    feed = await started(table)
    running = asyncio.create_task(feed.run())
    async with aclosing(feed.follow_batches(everything, 5)) as stream:
        table.commit(6, 7)  # by another hub
        feed.extend(table.commit(8))
        assert await take(stream, 3) == [6, 7, 8]
        table.commit(9)
        feed.nudge()
        assert await take(stream, 1) == [9]
    running.cancel()


async def test_a_follower_resumes_where_it_was_however_far_behind() -> None:
    table = Table(last=1300)
    feed = await started(table)
    async with aclosing(feed.follow_batches(everything, 10)) as stream:
        feed.extend(table.commit(1301))
        assert await take(stream, 1291) == list(range(11, 1302))


async def test_the_same_commit_told_twice_is_shown_once() -> None:
    table = Table(last=5)
    feed = await started(table)
    async with aclosing(feed.follow_batches(everything, 5)) as stream:
        new = table.commit(6)
        feed.extend(new)
        feed.extend(new)
        feed.extend(table.commit(7))
        assert await take(stream, 2) == [6, 7]


async def test_an_id_older_than_what_is_kept_or_from_elsewhere_resets() -> None:
    table = Table(first=100, last=200)
    feed = await started(table)
    for stranger in (3, 98, 999):
        async with aclosing(feed.follow_batches(everything, stranger)) as stream:
            [reset] = await anext(stream)
            assert (reset.type, reset.id) == (RESET, 200)
    async with aclosing(feed.follow_batches(everything, 99)) as stream:
        assert await take(stream, 1) == list(range(100, 201))


async def test_what_a_follower_may_not_see_is_passed_over_and_never_sent_later() -> None:
    table = Table(last=0)
    feed = await started(table)
    mine = "990421101201"
    async with aclosing(feed.follow_batches(lambda e: e.area == mine, 0)) as stream:
        feed.extend([event(1, "990421102201"), event(2, mine), event(3, "990421102201"), event(4, mine)])
        assert await take(stream, 2) == [2, 4]


async def test_an_event_without_a_row_reaches_who_follows_now_and_moves_no_cursor() -> None:
    table = Table(last=5)
    feed = await started(table)
    async with aclosing(feed.follow_batches(everything, 5)) as stream:
        waiting = asyncio.create_task(take(stream, 1))
        await asyncio.sleep(0)
        feed.publish_transient(event(0))
        assert await waiting == [0]
        feed.extend(table.commit(6))
        assert await take(stream, 1) == [6]


async def test_hundreds_that_are_no_rows_at_once_are_all_shown() -> None:
    feed = await started(Table())
    async with aclosing(feed.follow_batches(everything, None)) as stream:
        waiting = asyncio.create_task(take(stream, 1_000))
        await asyncio.sleep(0)
        for _ in range(1_000):  # a batch that failed, settled in one turn of the loop
            feed.publish_transient(event(0))
        assert await waiting == [0] * 1_000


@pytest.mark.parametrize("turns", range(6))
async def test_an_end_in_the_instant_of_a_nudge_is_an_end(turns: int) -> None:
    feed = await started(Table())
    running = asyncio.create_task(feed.run())
    await asyncio.sleep(0)
    feed.nudge()
    for _ in range(turns):
        await asyncio.sleep(0)
    running.cancel()
    ended, _ = await asyncio.wait([running], timeout=10)
    assert ended


class HangingTable(Table):
    """A table that answers nobody until it `may_answer`, and refuses everybody while it is `away`."""

    def __init__(self, last: int) -> None:
        super().__init__(last)
        self.may_answer = asyncio.Event()
        self.may_answer.set()
        self.refused: asyncio.Queue[None] | None = None

    async def _wait(self) -> None:
        await self.may_answer.wait()
        if self.refused is not None:
            self.refused.put_nowait(None)
            raise Unavailable("store-away")

    async def read_after(self, after: int, limit: int) -> Sequence[Event]:
        await self._wait()
        return await super().read_after(after, limit)

    async def bounds(self) -> tuple[int, int]:
        await self._wait()
        return await super().bounds()


async def test_a_stream_opened_while_the_table_hangs_shows_what_is_no_row_and_finds_its_place_later() -> None:
    table, waits = HangingTable(last=5), [event(0, "waits")]
    feed = Feed(table.read_after, table.bounds, lambda: waits)
    await feed.start()
    table.may_answer.clear()
    async with aclosing(feed.follow_batches(everything, 3)) as stream:
        async with asyncio.timeout(10):
            assert [e.area for e in await anext(stream)] == ["waits"]
        waiting = asyncio.create_task(take(stream, 1))
        await asyncio.sleep(0)
        feed.publish_transient(event(0))
        assert await waiting == [0]
        feed.extend(table.commit(6))  # what this hub had under way
        table.may_answer.set()
        assert await take(stream, 3) == [4, 5, 6]
        feed.extend(table.commit(7))
        assert await take(stream, 1) == [7]


async def test_a_stream_that_reads_on_in_a_table_that_hangs_shows_what_is_no_row() -> None:
    table = HangingTable(last=1300)
    feed = await started(table)
    async with aclosing(feed.follow_batches(everything, 10)) as stream:
        assert await take(stream, 500) == list(range(11, 511))
        table.may_answer.clear()
        waiting = asyncio.create_task(take(stream, 1))
        await asyncio.sleep(0)
        feed.publish_transient(event(0))
        assert await waiting == [0]
        table.may_answer.set()
        assert await take(stream, 790) == list(range(511, 1301))


async def test_a_stream_outlives_a_table_that_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hub.live.feed.POLL_S", 0.001)
    table = HangingTable(last=5)
    feed = await started(table)
    table.refused = asyncio.Queue()
    async with aclosing(feed.follow_batches(everything, 3)) as stream:
        waiting = asyncio.create_task(take(stream, 3))
        for _ in range(3):
            await table.refused.get()
        feed.publish_transient(event(0))
        table.refused = None
        assert await waiting == [0, 4, 5]


async def test_who_comes_back_within_memory_asks_the_table_nothing() -> None:
    table = HangingTable(last=5)
    feed = await started(table)
    feed.extend(table.commit(6, 7))
    table.may_answer.clear()
    for after, missed in ((5, [6, 7]), (6, [7])):
        async with aclosing(feed.follow_batches(everything, after)) as stream:
            assert await take(stream, len(missed)) == missed


async def test_what_this_hub_commits_while_a_page_is_on_its_way_is_not_waited_for() -> None:
    table = HangingTable(last=5)
    feed = await started(table)
    table.may_answer.clear()
    async with aclosing(feed.follow_batches(everything, 4)) as stream:
        waiting = asyncio.create_task(take(stream, 3))
        await asyncio.sleep(0)
        feed.extend(table.commit(6))
        table.may_answer.set()
        feed.extend(table.commit(7))
        assert await waiting == [5, 6, 7]
