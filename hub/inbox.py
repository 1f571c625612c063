"""MQTT and the second path in: decode with the contract, store, and only then acknowledge."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from functools import partial
from typing import Protocol, cast

from devices import topics
from devices.codec import decode_status, read_press
from devices.errors import DeviceContractError, TopicError
from hub.domain.errors import Unavailable
from hub.mqtt.link import Delivery
from hub.ports import Transaction
from hub.ring import Ring
from hub.services.ingest import Ingested, PressArrived, ingest
from hub.services.replying import ANSWER_ONLINE_FOR_MS, tell_again

STALLED_S = 3.0  # a store that has stored nothing for so long, with presses waiting, is as good as away
LOOK_EVERY_S = 1.0
TELL_AGAIN_AFTER_S = 5.0
ANSWER_WITHIN_S = 8.0  # a device waits ten for the second path
log = logging.getLogger(__name__)


class Store(Protocol):
    """What the inbox needs of the store."""

    def send(self, command: Callable[[Transaction], object], /) -> "asyncio.Future[object]": ...


class RecentCallers:
    """Devices that pressed, or had a call open, in the last two days: the others' signs of life need no look.

    Presses that came to other hubs are learned with `learn`, each minute; until then the device's own repeat
    gets it the reply.
    """

    def __init__(self) -> None:
        self._pressed: dict[str, int] = {}

    def add(self, device: str, now: int) -> None:
        """`device` pressed."""
        self._pressed[device] = now

    def learn(self, pressed: Mapping[str, int], now: int) -> None:
        """Device → newest press, as the database has them; who is silent for as long is forgotten."""
        both = {**self._pressed, **pressed}
        self._pressed = {device: at for device, at in both.items() if now - at <= ANSWER_ONLINE_FOR_MS}

    def has(self, device: str, now: int) -> bool:
        """Whether `device` may have to be told again."""
        return now - self._pressed.get(device, 0) <= ANSWER_ONLINE_FOR_MS


class Inbox:
    """The one way in for presses, and for the signs of life that ask for a reply again."""

    def __init__(
        self,
        *,
        store: Store,
        ring: Ring,
        now: Callable[[], int],
        ack: Callable[[Delivery], None],
        recent: "RecentCallers",
        had_already: Callable[[], None] = lambda: None,
    ) -> None:
        """`had_already`: a press was stored before it came here, perhaps by another hub, and on no screen of ours."""
        self._store = store
        self._ring = ring
        self._now = now
        self._ack = ack
        self._recent = recent
        self._had_already = had_already
        self._untold: set[str] = set()
        self._told: dict[str, str] = {}  # device → the connection of its last sign of life that was answered
        self._unstored: dict[asyncio.Future[object], tuple[PressArrived, float]] = {}
        self._some = asyncio.Event()
        self._stored_s = 0.0
        self.presses = 0

    @property
    def pending(self) -> int:
        """How many presses have been handed to the store and not settled by it."""
        return len(self._unstored)

    def arrived(self, delivery: Delivery) -> None:
        """A message on `v1/d/{device}/call`. Never raises for what a device may have sent."""
        try:
            device = _sender(delivery.topic)
        except DeviceContractError as error:
            log.warning("a message nobody can have sent was let through: %s", error)
            self._ack(delivery)
            return
        press = read_press(delivery.payload)
        if delivery.retain and not press.decoded:
            # the broker's memory of something unreadable: it rang when it came, and would at every connect
            self._ack(delivery)
            return
        arrived = PressArrived(device=device, press=press, received_at=self._now())
        future = self._send(arrived)
        future.add_done_callback(partial(self._stored, arrived, delivery))

    async def take_press(self, device: str, payload: bytes, via: str = "http") -> Ingested:
        """A press over the second path. Unavailable: not stored by now, though shown on every screen."""
        arrived = PressArrived(device=device, press=read_press(payload), received_at=self._now(), via=via)
        future = self._send(arrived)
        await asyncio.wait({future}, timeout=ANSWER_WITHIN_S)
        error = future.exception() if future.done() else Unavailable("press-not-stored")
        if error is None:
            return cast("Ingested", future.result())
        self._ring.add(arrived)
        if isinstance(error, Unavailable):
            raise error
        log.error("press %s of %s could not be stored", arrived.press.id, device, exc_info=error)
        raise Unavailable("press-not-stored") from error

    async def watch(self) -> None:
        """Show what a store that hangs keeps to itself, neither taking nor refusing it; until cancelled.

        A database behind a broken network, or on a disk that does not answer, says nothing for minutes.
        """
        loop = asyncio.get_running_loop()
        while True:
            await self._some.wait()
            self._some.clear()
            while self._unstored:
                await asyncio.sleep(LOOK_EVERY_S)
                _, oldest_s = next(iter(self._unstored.values()), (None, loop.time()))
                if loop.time() - max(oldest_s, self._stored_s) >= STALLED_S:
                    await self._show_unstored()

    async def _show_unstored(self) -> None:
        for future, (arrived, _) in list(self._unstored.items()):
            if not future.done():
                self._ring.add(arrived)
                await asyncio.sleep(0)  # each costs a sync of the spool; others want their turn

    async def store_press(self, arrived: PressArrived) -> Ingested:
        """Store one press in a shared commit."""
        return cast("Ingested", await self._store.send(partial(_ingest, arrived, self._now)))

    def status_arrived(self, delivery: Delivery) -> None:
        """A sign of life: a device that is online (again) hears the newest truth of its call.

        The broker's memory of one counts here: the device may have come back while no hub was listening. Its memory
        of a connection that we know says nothing new: else a broker that is back for a moment would have us tell the
        whole county.
        """
        try:
            device = _sender(delivery.topic)
            status = decode_status(delivery.payload)
        except DeviceContractError as error:
            log.info("status on %s: %s", delivery.topic, error)
            return
        if not status.online or (delivery.retain and self._told.get(device) == status.session):
            return
        if self._recent.has(device, self._now()):
            self._tell_again(device, status.session)

    def _tell_again(self, device: str, session: str) -> None:
        if device not in self._untold:
            future = self._store.send(partial(_tell_again, device, self._now))
            future.add_done_callback(partial(self._told_again, device, session))

    def _told_again(self, device: str, session: str, future: "asyncio.Future[object]") -> None:
        """It will not ask a second time while its connection holds: what failed is tried until it is done."""
        if future.cancelled():
            return
        if future.exception() is None:
            self._told[device] = session
            return
        log.warning("a device could not be told again yet: %s", future.exception())
        if isinstance(future.exception(), Unavailable) and device not in self._untold:
            self._untold.add(device)
            asyncio.get_running_loop().call_later(TELL_AGAIN_AFTER_S, self._try_again, device, session)

    def _try_again(self, device: str, session: str) -> None:
        self._untold.discard(device)
        self._tell_again(device, session)

    def _send(self, arrived: PressArrived) -> "asyncio.Future[object]":
        self._recent.add(arrived.device, arrived.received_at)
        self.presses += 1
        future = self._store.send(partial(_ingest, arrived, self._now))
        self._unstored[future] = arrived, asyncio.get_running_loop().time()
        self._some.set()
        future.add_done_callback(partial(self._settled, arrived))
        return future

    def _settled(self, arrived: PressArrived, future: "asyncio.Future[object]") -> None:
        del self._unstored[future]
        if not future.cancelled() and future.exception() is None:
            self._stored_s = asyncio.get_running_loop().time()
            self._ring.settle(arrived)
            if cast("Ingested", future.result()).copy:
                self._had_already()

    def _stored(self, arrived: PressArrived, delivery: Delivery, future: "asyncio.Future[object]") -> None:
        if future.cancelled():
            return
        error = future.exception()
        if error is None:
            self._ack(delivery)
            return
        if not isinstance(error, Unavailable):
            log.error("press %s of %s could not be stored", arrived.press.id, arrived.device, exc_info=error)
        self._ring.add(arrived, partial(self._ack, delivery), (delivery.connection, delivery.mid))


def _sender(topic: str) -> str:
    device = topics.parse(topic).device
    if device is None:
        raise TopicError(f"topic {topic!r}: no device's own")
    return device


def _ingest(arrived: PressArrived, now: Callable[[], int], tx: Transaction) -> Ingested:
    return ingest(tx, arrived, now())


def _tell_again(device: str, now: Callable[[], int], tx: Transaction) -> None:
    tell_again(tx, device, now())
