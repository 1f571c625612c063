"""Tells the broker of every device that comes, goes or gets a new password, within two seconds.

1. Learn where the tale of events stands. 2. Write the accounts of all devices in service. 3. Follow the feed:
whatever changes a device, here or in another process, has the accounts written again and the broker told.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Generic, Protocol, TypeVar

from broker_config.errors import BrokerConfigError
from hub.domain.errors import Unavailable
from hub.domain.events import Event, EventType

RETRY_S = 2.0
CHANGES = frozenset(
    {
        EventType.DEVICE_ADDED.value,
        EventType.DEVICE_CREDENTIALS.value,
        EventType.DEVICE_REMOVED.value,
        EventType.REGISTER_IMPORTED.value,  # of devices, perhaps
    }
)
RESET = "reset"
log = logging.getLogger(__name__)
A = TypeVar("A")


class Feed(Protocol):
    """`hub.live.feed.Feed`."""

    def follow_batches(
        self, sees: Callable[[Event], bool], after: int | None
    ) -> AsyncIterator[list[Event]]: ...


class Provision(Generic[A]):
    """`read` gives the accounts, `write` (blocking) whether anything changed, `reload` (blocking) tells."""

    def __init__(
        self,
        *,
        feed: Feed,
        last_event_id: Callable[[], Awaitable[int]],
        read: Callable[[], Awaitable[Sequence[A]]],
        write: Callable[[Sequence[A]], bool],
        reload: Callable[[], bool],
    ) -> None:
        self._feed = feed
        self._last_event_id = last_event_id
        self._read = read
        self._write = write
        self._reload = reload

    async def run(self) -> None:
        """Until cancelled; what cannot be written now is tried again."""
        while True:
            try:
                after = await self._last_event_id()
                await self._provision()
                async for _ in self._feed.follow_batches(_changes_a_device, after):
                    await self._provision()
            except (Unavailable, BrokerConfigError, OSError) as error:
                log.warning("the broker's accounts could not be written and will be: %s", error)
            await asyncio.sleep(RETRY_S)

    async def _provision(self) -> None:
        accounts = await self._read()
        if await asyncio.to_thread(self._write, accounts):
            await asyncio.to_thread(self._reload)
            log.info("the broker knows %d devices", len(accounts))


def _changes_a_device(event: Event) -> bool:
    return event.type in CHANGES or event.type == RESET
