"""A database that takes nothing: the press is shown, marked, not acknowledged, and recorded once it is back."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec
import pytest

from devices.messages import Press, PressKind
from hub.db.store import Store, open_store
from hub.domain.errors import Unavailable
from hub.domain.events import Event
from hub.domain.residents import Household
from hub.inbox import Inbox, RecentCallers
from hub.mqtt.link import Delivery
from hub.ring import Ring, Unrecorded
from hub.services.ingest import Ingested, PressArrived
from hub.spool import Spool
from tests.disks import SmallDisk
from tests.stores import VILLAGE, Moved, copy_sqlite


class Screens:
    """Every connected screen, and what it was shown."""

    def __init__(self) -> None:
        self.shown: list[Unrecorded] = []

    def show(self, event: Event) -> None:
        assert event.id == 0
        self.shown.append(msgspec.json.decode(event.data, type=Unrecorded))


def household(device: str) -> Household:
    return Household(
        device=device, known=True, resident="r-1", resident_name="刘桂兰", area=VILLAGE, clinic="clinic-1"
    )


def delivery(payload: bytes, mid: int = 1) -> Delivery:
    return Delivery("v1/d/b-1/call", payload, 1, False, mid, 1)


class Hub:
    """An inbox with its ring, on a store."""

    def __init__(self, store: Store, spool: Spool, clock: Moved) -> None:
        self.screens = Screens()
        self.acknowledged: list[int] = []
        self.ring = Ring(
            spool=spool,
            store=lambda arrived: self.inbox.store_press(arrived),  # noqa: PLW0108
            show=self.screens.show,
            household=household,
        )
        self.inbox = Inbox(
            store=store,
            ring=self.ring,
            now=clock.now,
            ack=lambda message: self.acknowledged.append(message.mid),
            recent=RecentCallers(),
        )

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        task = asyncio.create_task(self.ring.run())
        yield
        task.cancel()


async def wait_until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(30):
        while not condition():  # noqa: ASYNC110 -- what is waited for tells nobody
            await asyncio.sleep(0.01)


PRESS = b'{"id":"press-1","kind":"sos","at":null}'


@pytest.fixture
def disk_store(settled_sqlite: Path, small_disk: SmallDisk, clock: Moved) -> Iterator[Store]:
    """A store on the small disk."""
    url = copy_sqlite(settled_sqlite, small_disk.folder / "xiangyin.db")
    opened = open_store(url, owner="hub-1", now=clock.now)
    yield opened
    opened.close()


def calls(store: Store) -> int:
    """How many calls are recorded."""
    return int(store.run_sync(lambda tx: tx.conn.exec_driver_sql("SELECT count(*) FROM calls").scalar_one()))


async def test_a_full_disk_rings_on_the_screens_and_is_recorded_once_when_there_is_room(
    disk_store: Store, small_disk: SmallDisk, clock: Moved
) -> None:
    hub = Hub(disk_store, Spool(small_disk.folder / "spool", slots=8), clock)
    small_disk.fill()
    async with hub.running():
        for mid in (1, 2, 3):  # the device repeats
            hub.inbox.arrived(delivery(PRESS, mid))
        await wait_until(lambda: hub.ring.waiting == 1 and hub.inbox.pending == 0)

        assert [(s.type, s.resident_name, s.press.id) for s in hub.screens.shown] == [
            ("call.unrecorded", "刘桂兰", "press-1")
        ]
        assert hub.acknowledged == [1, 2], "of the copies the broker keeps the newest"

        small_disk.make_room()
        await wait_until(lambda: hub.ring.waiting == 0)

    assert hub.acknowledged == [1, 2, 3]
    assert await asyncio.to_thread(calls, disk_store) == 1


async def test_a_delivery_that_comes_again_is_no_other_copy(tmp_path: Path, clock: Moved) -> None:
    """Found by simulation: some brokers send what is not acknowledged once more on the same connection, under the same
    packet id; it was acknowledged as the older of two copies, and the broker had none left."""

    async def away(_arrived: PressArrived) -> Ingested:
        raise Unavailable("store-away")

    ring = Ring(
        spool=Spool(tmp_path / "spool", slots=8), store=away, show=lambda _: None, household=household
    )
    arrived = PressArrived(device="b-1", press=Press(id="p-1", kind=PressKind.SOS), received_at=clock.now())
    acknowledged: list[int] = []

    def comes(mid: int, connection: int = 1) -> None:
        ring.add(arrived, lambda: acknowledged.append(mid), (connection, mid))

    comes(1)
    comes(1)
    assert acknowledged == []
    comes(2)
    assert acknowledged == [1]
    comes(1)  # sent again before the broker heard that it need not
    assert acknowledged == [1, 1], "the newest stays"
    comes(3, connection=2)
    assert acknowledged == [1, 1, 2]
    comes(1, connection=2)  # another, after the broker was away
    assert acknowledged == [1, 1, 2, 3]
    ring.settle(arrived)
    assert acknowledged == [1, 1, 2, 3, 1]


async def test_a_press_kept_in_the_spool_survives_a_crash_of_the_hub(
    disk_store: Store, small_disk: SmallDisk, clock: Moved
) -> None:
    spool = Spool(small_disk.folder / "spool", slots=8)
    hub = Hub(disk_store, spool, clock)
    small_disk.fill()
    hub.inbox.arrived(delivery(PRESS))
    await wait_until(lambda: hub.ring.waiting == 1)
    spool.close()
    small_disk.make_room()

    after = Hub(disk_store, Spool(small_disk.folder / "spool", slots=8), clock)
    assert after.ring.recover() == 1
    async with after.running():
        await wait_until(lambda: after.ring.waiting == 0)

    assert await asyncio.to_thread(calls, disk_store) == 1
    assert list(Spool(small_disk.folder / "spool", slots=8).read()) == []


async def test_the_second_path_says_not_stored_and_rings_all_the_same(
    disk_store: Store, small_disk: SmallDisk, clock: Moved
) -> None:
    hub = Hub(disk_store, Spool(small_disk.folder / "spool", slots=8), clock)
    small_disk.fill()

    with pytest.raises(Unavailable):
        await hub.inbox.take_press("b-1", PRESS)

    assert [shown.press.via for shown in hub.screens.shown] == ["http"]


async def test_a_press_that_no_try_can_store_holds_no_other_back(tmp_path: Path, clock: Moved) -> None:
    stored: list[str] = []

    async def store(arrived: PressArrived) -> Ingested:
        if arrived.press.id == "stuck":
            raise Unavailable("store-busy")
        stored.append(arrived.press.id)
        return Ingested(call=None, replies=())

    ring = Ring(
        spool=Spool(tmp_path / "spool", slots=8), store=store, show=lambda _: None, household=household
    )
    for name in ("stuck", "press-1"):
        ring.add(
            PressArrived(device="b-1", press=Press(id=name, kind=PressKind.SOS), received_at=clock.now())
        )
    task = asyncio.create_task(ring.run())
    await wait_until(lambda: stored == ["press-1"])
    task.cancel()

    assert ring.waiting == 1


async def test_an_emergency_under_the_name_of_a_quiet_press_shows_too(
    disk_store: Store, small_disk: SmallDisk, clock: Moved
) -> None:
    hub = Hub(disk_store, Spool(small_disk.folder / "spool", slots=8), clock)
    small_disk.fill()
    hub.inbox.arrived(delivery(PRESS.replace(b"sos", b"cancel"), 1))
    hub.inbox.arrived(delivery(PRESS, 2))
    await wait_until(lambda: hub.inbox.pending == 0)

    assert [shown.press.kind for shown in hub.screens.shown] == ["cancel", "sos"]


async def test_a_store_that_hangs_shows_its_presses_all_the_same(
    disk_store: Store, small_disk: SmallDisk, clock: Moved, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hub.inbox.LOOK_EVERY_S", 0.01)
    monkeypatch.setattr("hub.inbox.STALLED_S", 0.05)
    hub, held = Hub(disk_store, Spool(small_disk.folder / "spool", slots=8), clock), threading.Event()
    busy = disk_store.send(lambda _: held.wait(30))
    watching = asyncio.create_task(hub.inbox.watch())
    async with hub.running():
        hub.inbox.arrived(delivery(PRESS))
        await wait_until(lambda: len(hub.screens.shown) == 1)
        assert (hub.ring.waiting, hub.acknowledged) == (1, [])

        held.set()
        await busy
        await wait_until(lambda: hub.ring.waiting == 0)

    watching.cancel()
    assert hub.acknowledged == [1]
    assert len(hub.screens.shown) == 1
    assert await asyncio.to_thread(calls, disk_store) == 1


async def test_the_second_path_answers_in_time_though_the_store_hangs(
    disk_store: Store, small_disk: SmallDisk, clock: Moved, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hub.inbox.ANSWER_WITHIN_S", 0.05)
    hub, held = Hub(disk_store, Spool(small_disk.folder / "spool", slots=8), clock), threading.Event()
    busy = disk_store.send(lambda _: held.wait(30))

    with pytest.raises(Unavailable):
        await hub.inbox.take_press("b-1", PRESS)

    assert len(hub.screens.shown) == 1
    held.set()
    await busy
    await wait_until(lambda: hub.ring.waiting == 0)


async def test_what_waited_is_stored_many_at_a_time_and_one_goes_ahead(tmp_path: Path, clock: Moved) -> None:
    is_away, tried, together = True, 0, 0
    under_way: set[str] = set()

    async def store(arrived: PressArrived) -> Ingested:
        nonlocal tried, together
        tried += 1
        under_way.add(arrived.press.id)
        together = max(together, len(under_way))
        await asyncio.sleep(0)
        under_way.remove(arrived.press.id)
        if is_away:
            raise Unavailable("store-away")
        return Ingested(call=None, replies=())

    ring = Ring(
        spool=Spool(tmp_path / "spool", slots=8), store=store, show=lambda _: None, household=household
    )
    for n in range(50):
        ring.add(PressArrived(device="b-1", press=Press(id=f"p-{n}", kind=PressKind.SOS), received_at=n))
    task = asyncio.create_task(ring.run())
    await wait_until(lambda: tried == 1)
    assert (ring.waiting, together) == (50, 1)
    is_away = False
    await wait_until(lambda: ring.waiting == 0)
    task.cancel()

    assert together == 49
