"""Sends what commits have queued, at least once.

1. What this hub commits comes over in memory, leased to it at birth, and goes out at once.
2. A sent message's row is deleted; many deletions share a commit.
3. Each second, rows whose lease ran out (their hub died, or sending failed) are taken over.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Protocol

from hub.ports import Outgoing, SendFailed

CLAIM_EVERY_S = 1.0
CLAIM_PAGE = 200
FORGET_EVERY_S = 0.1
RETRY_FIRST_MS = 1_000
RETRY_MAX_MS = 60_000
log = logging.getLogger(__name__)

Send = Callable[[Outgoing], Awaitable[None]]


class OutboxStore(Protocol):
    """The rows, as the worker needs them."""

    async def claim_expired(self, limit: int) -> Sequence[Outgoing]: ...
    async def mark_sent(self, ids: Sequence[int]) -> None: ...
    async def put_off(self, ids: Sequence[int], until: int) -> None: ...


class OutboxWorker:
    """Sends by `kind`: each kind has one channel, looked up when a message goes out."""

    def __init__(self, *, store: OutboxStore, channels: Mapping[str, Send], now: Callable[[], int]) -> None:
        self._store = store
        self._channels = channels
        self._now = now
        self._sent: list[int] = []
        self._some_sent = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()

    def queued(self, messages: Sequence[Outgoing]) -> None:
        """Take what this hub has just committed (in the loop's thread)."""
        by_address: dict[str, list[Outgoing]] = {}
        for message in messages:
            by_address.setdefault(message.address, []).append(message)
        for ordered in by_address.values():
            task = asyncio.get_running_loop().create_task(self._send_in_order(ordered))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def run(self) -> None:
        """Take over what others left, and forget what was sent, until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._claim())
            group.create_task(self._forget_sent())

    async def _send_in_order(self, messages: Sequence[Outgoing]) -> None:
        for message in messages:
            await self._send(message)

    async def _send(self, message: Outgoing) -> None:
        try:
            await self._channels[message.kind](message)
        except Exception as error:
            if not isinstance(error, SendFailed):
                log.exception("message %d (%s) failed", message.id, message.kind)
            await self._put_off(message)
            return
        self._sent.append(message.id)
        self._some_sent.set()

    async def _put_off(self, message: Outgoing) -> None:
        wait = min(RETRY_FIRST_MS * 2 ** min(message.attempts, 10), RETRY_MAX_MS)
        try:
            await self._store.put_off([message.id], self._now() + wait)
        except Exception as error:  # noqa: BLE001 -- a worker outlives whatever one message brings
            log.warning("message %d stays leased until its lease ends: %s", message.id, error)

    async def _claim(self) -> None:
        while True:
            try:
                self.queued(await self._store.claim_expired(CLAIM_PAGE))
            except Exception as error:  # noqa: BLE001 -- a worker outlives whatever one message brings
                log.warning("the outbox cannot be read: %s", error)
            await asyncio.sleep(CLAIM_EVERY_S)

    async def _forget_sent(self) -> None:
        while True:
            await self._some_sent.wait()
            await asyncio.sleep(
                FORGET_EVERY_S
            )  # one commit for many; a crash in between sends them once more
            self._some_sent.clear()
            ids, self._sent = self._sent, []
            try:
                await self._store.mark_sent(ids)
            except Exception as error:  # noqa: BLE001 -- a worker outlives whatever one message brings
                log.warning("%d messages will be sent once more: %s", len(ids), error)
