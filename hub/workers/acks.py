"""Answers of devices to commands: what they refused or failed at is stored, and only then acknowledged."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from devices import topics
from devices.codec import decode_ack
from devices.errors import DeviceContractError
from devices.messages import Ack, AckState
from hub.domain.errors import Unavailable
from hub.mqtt.link import Delivery
from hub.ports import Transaction
from hub.services.refusals import device_refused
from hub.signer.throttle import Throttle

TOLD_A_MINUTE = 6  # of one device; the contract allows one in 10 s for what cannot be trusted
PENDING_MAX = 2_000
RETRY_S = 2.0
log = logging.getLogger(__name__)


class Acks:
    """`run` is the store's, `ack` acknowledges a delivery to the broker. `counted` refusals, told or not."""

    def __init__(
        self,
        *,
        run: Callable[[Callable[[Transaction], None]], Awaitable[None]],
        ack: Callable[[Delivery], None],
        now: Callable[[], int],
    ) -> None:
        self._run = run
        self._ack = ack
        self._now = now
        self._throttle = Throttle(TOLD_A_MINUTE)
        self._pending: set[asyncio.Task[None]] = set()
        self.counted = 0

    def arrived(self, delivery: Delivery) -> None:
        """A message on `v1/d/{device}/ack`. Never raises for what a device may have sent."""
        told = self._read(delivery)
        if told is None or len(self._pending) >= PENDING_MAX:
            self._ack(delivery)
            return
        device, ack = told
        task = asyncio.get_running_loop().create_task(self._store(device, ack, delivery))
        self._pending.add(task)
        task.add_done_callback(self._pending.discard)

    def _read(self, delivery: Delivery) -> tuple[str, Ack] | None:
        """Who refused what; None when there is nothing to tell."""
        try:
            device = topics.parse(delivery.topic).device
            ack = decode_ack(delivery.payload)
        except DeviceContractError as error:
            log.info("ack on %s: %s", delivery.topic, error)
            return None
        if device is None or ack.state is AckState.DONE or delivery.retain:
            return None
        self.counted += 1
        log.warning("%s: command %s %s: %s", device, ack.id or ack.digest, ack.state, ack.reason)
        try:
            self._throttle.admit(device, self._now())
        except Unavailable:
            return None  # counted, and in the log
        return device, ack

    async def _store(self, device: str, ack: Ack, delivery: Delivery) -> None:
        """While the database is away the broker keeps the message as ours to acknowledge."""
        while True:
            try:
                await self._run(lambda tx: device_refused(tx, device, ack, self._now()))
                break
            except Unavailable:
                await asyncio.sleep(RETRY_S)
            except Exception:
                log.exception("the refusal of %s could not be stored", device)
                break
        self._ack(delivery)
