"""The way out when a press cannot be stored: show it, keep it, store it once the database is back.

No press is acknowledged to the broker before it is stored: the device and the broker keep it too. Of its copies
the broker keeps the newest; else the repeats of a few would fill the window of what the broker delivers without
an acknowledgement, and the next elder's press would not come at all.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable

import msgspec

from hub.domain.errors import HubError
from hub.domain.events import Event, EventType, PressSeen
from hub.domain.presses import is_late
from hub.domain.residents import Household
from hub.services.ingest import ALARMS, Ingested, PressArrived
from hub.spool import Spool, SpoolFull

RETRY_S = 1.0
PAGE = 256  # presses that are tried together and so share a commit
# a flush for each press would take all of a slow disk's time, and the next press would be shown late; the process may
# die without it, and what a power cut takes the broker and the button still have
SYNC_AFTER_S = 0.1
log = logging.getLogger(__name__)


class Unrecorded(msgspec.Struct, frozen=True, kw_only=True):
    """The `data:` of a `call.unrecorded` event: all that can be known without the database."""

    type: str
    at: int
    device: str
    resident: str | None
    resident_name: str | None
    area: str
    press: PressSeen


Copy = tuple[int, int]  # connection and packet id: what the broker calls one delivery


class _Waiting:
    """A press that is not stored yet, and what to do when it is."""

    __slots__ = ("arrived", "copy", "let_go", "slot", "when_stored")

    def __init__(self, arrived: PressArrived, slot: int | None) -> None:
        self.arrived = arrived
        self.slot = slot
        self.when_stored: Callable[[], None] | None = None
        self.copy: Copy | None = None
        self.let_go: set[Copy] = set()

    def keep(self, copy: Copy, when_stored: Callable[[], None]) -> None:
        """Of the copies keep this, the newest; a broker that sends one again on the same connection sends no other,
        and one that was let go is not the newest."""
        if copy in self.let_go:
            when_stored()
            return
        if self.when_stored is not None and self.copy is not None and self.copy != copy:
            self.when_stored()
            self.let_go = {one for one in (*self.let_go, self.copy) if one[0] == copy[0]}
        self.copy, self.when_stored = copy, when_stored


_Key = tuple[str, str, bool]


def _key(arrived: PressArrived) -> _Key:
    """Copies have the same; an emergency is never taken for a copy of a quiet press of its name."""
    return arrived.device, arrived.press.id, arrived.press.kind in ALARMS


class Ring:
    """Presses that wait for the database. One per (device, press), however many copies come."""

    def __init__(
        self,
        *,
        spool: Spool,
        store: Callable[[PressArrived], Awaitable[Ingested]],
        show: Callable[[Event], None],
        household: Callable[[str], Household],
    ) -> None:
        self._spool = spool
        self._store = store
        self._show = show
        self._household = household
        self._waiting: dict[_Key, _Waiting] = {}
        self._some = asyncio.Event()
        self._sync_is_due = False

    def recover(self) -> int:
        """Take up what an earlier process could not store; how many there are.

        What this version cannot read (another one wrote it) stays in its slot for the version that can, and is shouted
        about: it must not keep the readable ones, and every new press, from being taken up.
        """
        for slot, data in self._spool.read():
            try:
                arrived = msgspec.json.decode(data, type=PressArrived)
            except msgspec.MsgspecError:
                log.exception("a press in the spool cannot be read, and stays there: %r", data)
                continue
            self._waiting.setdefault(_key(arrived), _Waiting(arrived, slot))
        if self._waiting:
            self._some.set()
        return len(self._waiting)

    @property
    def waiting(self) -> int:
        """How many presses are shown and not stored."""
        return len(self._waiting)

    def unrecorded(self) -> list[Event]:
        """What a screen that connects now must show."""
        return [self._event(waiting.arrived) for waiting in self._waiting.values()]

    def add(
        self,
        arrived: PressArrived,
        when_stored: Callable[[], None] | None = None,
        copy: Copy = (0, 0),
    ) -> None:
        """Show the press, keep it in the spool, try to store it until it is; `when_stored` acknowledges `copy`."""
        key = _key(arrived)
        waiting = self._waiting.get(key)
        if waiting is None:
            waiting = _Waiting(arrived, None)
            self._waiting[key] = waiting
            self._show(self._event(arrived))  # people first, the disk may be slow or dead
            waiting.slot = self._keep(arrived)
            self._some.set()
        if when_stored is not None:
            waiting.keep(copy, when_stored)

    def settle(self, arrived: PressArrived) -> None:
        """It is stored, by whatever way; nothing when it does not wait here."""
        waiting = self._waiting.pop(_key(arrived), None)
        if waiting is None:
            return
        if waiting.slot is not None:
            self._spool.clear(waiting.slot)
        if waiting.when_stored is not None:
            waiting.when_stored()

    async def run(self) -> None:
        """Try to store what waits, each second, until cancelled."""
        while True:
            await self._some.wait()
            await self._try_all()
            if not self._waiting:
                self._some.clear()
            else:
                await asyncio.sleep(RETRY_S)

    async def _try_all(self) -> None:
        """One goes ahead and feels whether the database is there; the others follow, many to a commit."""
        if not self._waiting:  # what waited was stored on another way meanwhile
            return
        first, *others = list(self._waiting.values())
        if not await self._try(first):
            return
        for start in range(0, len(others), PAGE):
            if not all(await asyncio.gather(*map(self._try, others[start : start + PAGE]))):
                return

    async def _try(self, waiting: _Waiting) -> bool:
        """False when it is no use to try the others now."""
        try:
            await self._store(waiting.arrived)
        except HubError as error:
            return error.code != "store-away"  # "store-busy" is this press alone
        except Exception:
            log.exception("press %s of %s cannot be stored", waiting.arrived.press.id, waiting.arrived.device)
            return True
        self.settle(waiting.arrived)
        return True

    def _keep(self, arrived: PressArrived) -> int | None:
        if not self._sync_is_due:
            self._sync_is_due = True
            asyncio.get_running_loop().call_later(SYNC_AFTER_S, self._sync)
        try:
            return self._spool.write(msgspec.json.encode(arrived))
        except (SpoolFull, OSError) as error:
            log.error("press %s of %s is in memory only: %s", arrived.press.id, arrived.device, error)  # noqa: TRY400
            return None

    def _sync(self) -> None:
        self._sync_is_due = False
        try:
            self._spool.sync()
        except OSError as error:
            log.error("presses that wait may not outlive a power cut: %s", error)  # noqa: TRY400

    def _event(self, arrived: PressArrived) -> Event:
        household, press = self._household(arrived.device), arrived.press
        body = Unrecorded(
            type=EventType.CALL_UNRECORDED.value,
            at=arrived.received_at,
            device=arrived.device,
            resident=household.resident,
            resident_name=household.resident_name,
            area=household.area,
            press=PressSeen(
                id=press.id,
                kind=press.kind.value,
                received_at=arrived.received_at,
                device=arrived.device,
                at=press.at,
                battery=press.battery,
                decoded=press.decoded,
                late=is_late(press, arrived.received_at),
                via=arrived.via,
            ),
        )
        return Event(
            id=0,
            type=body.type,
            at=body.at,
            call_id=None,
            area=household.area,
            clinic=household.clinic,
            data=msgspec.json.encode(body),
        )
