"""Loudspeakers that refused a run because they did not know the time: told once more when they do.

A loudspeaker that was switched on a moment ago has no clock until signed time has come; its own question for it,
or our answer, may be lost. When its sign of life says that it knows the time, the run is ordered again for it
alone, unless it is too late by then.
"""

import asyncio
import logging
from collections.abc import Callable
from functools import partial
from typing import Final, Protocol

from broadcast.domain.receipts import waits_for_time
from broadcast.service import firing
from devices import topics
from devices.codec import decode_status
from devices.errors import DeviceContractError
from devices.messages import Clock, Receipt
from hub.domain.errors import Unavailable
from hub.ports import Store, Transaction

MOST_RUNS: Final = 16  # as many as a loudspeaker takes on
MOST_DEVICES: Final = 20_000
log = logging.getLogger(__name__)


class Message(Protocol):
    """`hub.mqtt.link.Delivery`."""

    @property
    def topic(self) -> str: ...
    @property
    def payload(self) -> bytes: ...


class SecondChance:
    """Both ways in are called in the loop's thread, and cost nothing while nobody waits."""

    def __init__(self, *, store: Store, now: Callable[[], int]) -> None:
        self._store = store
        self._now = now
        self._waiting: dict[str, list[str]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def reported(self, device: str, receipt: Receipt) -> None:
        """A loudspeaker reports; one that waits for the time is remembered with its run."""
        if not waits_for_time(receipt) or len(self._waiting) >= MOST_DEVICES:
            return
        waiting = self._waiting.setdefault(device, [])
        if receipt.run not in waiting:
            waiting.append(receipt.run)
            del waiting[:-MOST_RUNS]

    def status_arrived(self, message: Message) -> None:
        """A sign of life: has somebody who waits been told the time?"""
        if not self._waiting:
            return
        try:
            device = topics.parse(message.topic).device
            if device not in self._waiting or decode_status(message.payload).clock is not Clock.OK:
                return
        except DeviceContractError:
            return
        for run in self._waiting.pop(device):
            task = asyncio.get_running_loop().create_task(self._again(run, device))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _again(self, run: str, device: str) -> None:
        try:
            if await self._store.run(partial(_send_again, run, device, self._now)):
                log.info("run %s is sent to %s once more: it knows the time now", run, device)
        except Unavailable:
            log.warning("run %s cannot be sent to %s once more: the database is away", run, device)
        except Exception:
            log.exception("run %s could not be sent to %s once more", run, device)


def _send_again(run: str, device: str, now: Callable[[], int], tx: Transaction) -> bool:
    return firing.send_again(tx.broadcasting, run, device, now())
