"""Tells loudspeakers the time when they ask, and when they come online which keys to trust and where they stand.

Nothing here needs the database: a county whose hub has lost it still has clocks and keys, and so can be told
to be silent. Keys go before the time, because a device believes the time from a key of the list.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Protocol

import msgspec

from devices import topics
from devices.codec import decode_status, decode_time_request
from devices.errors import DeviceContractError
from devices.ids import new_press_id
from devices.messages import TimeRequest
from hub.domain.errors import HubError, Unavailable
from hub.domain.orders import Order
from hub.mqtt.link import LinkDown
from hub.signer.throttle import Throttle

AT_ONCE = 8
PER_DEVICE_A_MINUTE = 20  # keys and time together
SET_LIFE_S = 300
REGISTER = "register"  # whose order it is that a loudspeaker listens to where it stands
log = logging.getLogger(__name__)

Tell = Callable[[], Awaitable[None]]
Zones = tuple[str, ...] | None  # None: as it was enrolled


class Signer(Protocol):
    """`hub.signer.client.SignerClient`."""

    async def time(self, device: str, nonce: str, t1: int, t2: int) -> bytes: ...
    async def keys(self, device: str) -> bytes: ...
    async def sign(self, order: Order) -> bytes: ...


class Message(Protocol):
    """`hub.mqtt.link.Delivery`."""

    @property
    def topic(self) -> str: ...
    @property
    def payload(self) -> bytes: ...
    @property
    def retain(self) -> bool: ...


class DeviceTrust:
    """`publish(topic, payload)` raises LinkDown when the broker is away: the device asks again.

    `rev` reads the rev of today's key list; Unavailable when there is none yet.
    """

    def __init__(
        self,
        *,
        signer: Signer,
        publish: Callable[[str, bytes], Awaitable[None]],
        rev: Callable[[], int],
        now: Callable[[], int],
    ) -> None:
        self._signer = signer
        self._publish = publish
        self._rev = rev
        self._now = now
        self._loudspeakers: dict[str, Zones] = {}
        self._sessions: dict[str, str] = {}  # of those that were told the keys
        self._last: dict[str, asyncio.Task[None]] = {}
        self._at_once = asyncio.Semaphore(AT_ONCE)
        self._told_rev = 0
        self._admission = Throttle(PER_DEVICE_A_MINUTE)
        self.failed = 0

    def look(self, loudspeakers: Mapping[str, Zones]) -> None:
        """Learn of these, with their zones where those are not the enrolment's any more; to be called now and
        then. Tells the new and the moved ones, and everybody once the keys have changed."""
        known = self._loudspeakers.items()
        new = {device for device, zones in loudspeakers.items() if (device, zones) not in known}
        self._loudspeakers.update(loudspeakers)
        try:
            rev = self._rev()
        except Unavailable:
            return  # there are no keys yet
        tell = new if rev <= self._told_rev else self._loudspeakers.keys()
        for device in sorted(tell):
            self._tell(device, partial(self._greet, device))
        self._told_rev = max(rev, self._told_rev)

    def status_arrived(self, message: Message) -> None:
        """A sign of life; a loudspeaker that is online (again) is told the keys of today."""
        device = _sender(message)
        if device is None or device not in self._loudspeakers or message.retain:
            return
        try:
            status = decode_status(message.payload)
        except DeviceContractError:
            return  # the inbox says so
        if status.online and self._sessions.get(device) != status.session:
            self._sessions[device] = status.session
            self._asked(device, partial(self._greet, device))

    def time_asked(self, message: Message) -> None:
        """A question on `v1/d/{device}/time`; a copy that the broker kept asks nothing."""
        heard = self._now()
        device = _sender(message)
        if device is None or message.retain:
            return
        try:
            asked = decode_time_request(message.payload)
        except DeviceContractError as error:
            log.info("question on %s: %s", message.topic, error)
            return
        if device not in self._loudspeakers:
            self._loudspeakers[device] = None
            self._asked(device, partial(self._greet, device))
        self._asked(device, partial(self._tell_time, device, asked, heard))

    def _asked(self, device: str, tell: Tell) -> None:
        """A device that asks without end costs nothing but its own answers."""
        try:
            self._admission.admit(device, self._now())
        except Unavailable:
            self.failed += 1
            return
        self._tell(device, tell)

    def _tell(self, device: str, tell: Tell) -> None:
        """One device is told one thing after the other, in the order of its messages."""
        before = self._last.get(device)

        async def told() -> None:
            if before is not None:
                await asyncio.wait({before})
            async with self._at_once:
                await self._told(device, tell)

        task = self._last[device] = asyncio.get_running_loop().create_task(told())
        task.add_done_callback(lambda done: self._done(device, done))

    async def _told(self, device: str, tell: Tell) -> None:
        try:
            await tell()
        except (HubError, LinkDown) as error:
            self.failed += 1
            log.info("%s could not be told: %s", device, error)
        except Exception:
            self.failed += 1
            log.exception("%s could not be told", device)

    def _done(self, device: str, task: "asyncio.Task[None]") -> None:
        if self._last.get(device) is task:
            del self._last[device]

    async def _tell_time(self, device: str, asked: TimeRequest, heard: int) -> None:
        token = await self._signer.time(device, asked.nonce, asked.t1, heard)
        await self._publish(topics.command(device), token)

    async def _greet(self, device: str) -> None:
        """The keys of today, and the zones of one that was moved."""
        try:
            await self._publish(topics.command(device), await self._signer.keys(device))
            zones = self._loudspeakers.get(device)
            if zones is not None:
                order = _zones_order(device, zones, self._now())
                await self._publish(topics.command(device), await self._signer.sign(order))
        except (HubError, LinkDown):
            self._sessions.pop(device, None)  # its next sign of life is another chance
            raise


def _zones_order(device: str, zones: tuple[str, ...], now: int) -> Order:
    command = msgspec.json.encode({"type": "set", "zones": zones})
    return Order(
        id=f"z-{new_press_id()}",
        address=device,
        device=True,
        command=command,
        life_s=SET_LIFE_S,
        not_before=None,
        created_by=REGISTER,
        approved_by=None,
        until=now + SET_LIFE_S * 1000,
    )


def _sender(message: Message) -> str | None:
    try:
        return topics.parse(message.topic).device
    except DeviceContractError as error:
        log.warning("a message nobody can have sent was let through: %s", error)
        return None
