"""Receipts in, over a connection of their own: a few to a transaction, acknowledged after its commit.

A county-wide run brings thousands within seconds. They are written in short transactions, one after another,
so that a press never waits behind more than one of them.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from typing import NamedTuple

from broadcast.service import reporting
from devices import topics
from devices.codec import decode_receipt
from devices.errors import DeviceContractError
from devices.messages import Receipt
from hub.domain.errors import Unavailable
from hub.mqtt.link import Delivery
from hub.ports import Store, Transaction

BATCH = 40
RETRY_S = 1.0
log = logging.getLogger(__name__)


class _Arrived(NamedTuple):
    device: str
    receipt: Receipt
    delivery: Delivery


class ReceiptInbox:
    """`noticed` is told of every receipt before it is written. `received` counts all that came, `strange` those
    of runs that were not addressed to their device."""

    def __init__(
        self,
        *,
        store: Store,
        ack: Callable[[Delivery], None],
        now: Callable[[], int],
        noticed: Callable[[str, Receipt], None],
    ) -> None:
        self._store = store
        self._ack = ack
        self._now = now
        self._noticed = noticed
        self._waiting: asyncio.Queue[_Arrived] = asyncio.Queue()
        self.received = 0
        self.strange = 0

    def arrived(self, delivery: Delivery) -> None:
        """A message on `v1/d/{device}/receipt`. Never raises for what a device may have sent."""
        self.received += 1
        try:
            device = topics.parse(delivery.topic).device
            receipt = decode_receipt(delivery.payload)
        except DeviceContractError as error:
            log.info("receipt on %s: %s", delivery.topic, error)
            device = None
        if device is None or delivery.retain:
            self.strange += 1
            self._ack(delivery)
            return
        self._noticed(device, receipt)
        self._waiting.put_nowait(_Arrived(device, receipt, delivery))

    async def run(self) -> None:
        """Write what comes, until cancelled; what the database does not take stays unacknowledged."""
        while True:
            batch = [await self._waiting.get()]
            while len(batch) < BATCH and not self._waiting.empty():
                batch.append(self._waiting.get_nowait())
            await self._store_all(batch)
            for each in batch:
                self._ack(each.delivery)

    async def _store_all(self, batch: Sequence[_Arrived]) -> None:
        while True:
            try:
                self.strange += await self._store.run(lambda tx: self._take(tx, batch))
            except Unavailable:
                await asyncio.sleep(RETRY_S)
            except Exception:
                if len(batch) == 1:
                    log.exception("a receipt of %s could not be stored", batch[0].device)
                    return
                for each in batch:  # one of them is at fault: the others shall not suffer
                    await self._store_all([each])
                return
            else:
                return

    def _take(self, tx: Transaction, batch: Sequence[_Arrived]) -> int:
        now = self._now()
        used = [reporting.report(tx.broadcasting, each.device, each.receipt, now) for each in batch]
        return used.count(False)
