"""The second path while the database is away or hangs: a press of a device that never came by it shows all the same."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator

import httpx
import pytest

from hub.domain.errors import Unavailable
from tests.stores import OPERATOR
from tests.web import ADMIN, DEVICE_PASSWORD, RunningHub, problem

Happen = Callable[[], None]


@pytest.fixture
def goes_away(sqlite_hub: RunningHub, monkeypatch: pytest.MonkeyPatch) -> Happen:
    """From the call on nothing can be read or stored."""

    def away(*_: object) -> None:
        raise Unavailable("store-away")

    def happen() -> None:
        monkeypatch.setattr(sqlite_hub.store, "read_sync", away)
        monkeypatch.setattr(sqlite_hub.store, "send", _refuse)

    return happen


@pytest.fixture
def hangs(sqlite_hub: RunningHub, monkeypatch: pytest.MonkeyPatch) -> Iterator[Happen]:
    """From the call on no question is answered until the test is over."""
    over = threading.Event()

    def hang(*_: object) -> None:
        over.wait()
        raise Unavailable("store-away")

    def happen() -> None:
        monkeypatch.setattr(sqlite_hub.context.known, "_patience_s", 0.05)
        monkeypatch.setattr(sqlite_hub.store, "read_sync", hang)
        monkeypatch.setattr(sqlite_hub.store, "send", _refuse)

    yield happen
    over.set()


def _refuse(_command: object) -> asyncio.Future[object]:
    future: asyncio.Future[object] = asyncio.get_running_loop().create_future()
    future.set_exception(Unavailable("store-away"))
    return future


async def press(
    hub: RunningHub, press_id: str, device: str = "b-1", password: str = DEVICE_PASSWORD
) -> httpx.Response:
    button = hub.client()
    button.http.auth = httpx.BasicAuth(device, password)
    return await button.post("/device/calls", {"id": press_id, "kind": "sos"})


def shown(hub: RunningHub) -> int:
    return hub.ring.waiting


async def test_a_press_of_a_device_that_never_came_this_way_is_shown(
    sqlite_hub: RunningHub, goes_away: Happen
) -> None:
    desk = await sqlite_hub.sign_in(OPERATOR)
    async with desk.listen() as listener:
        goes_away()
        assert problem(await press(sqlite_hub, "p-1"), 503)["type"] == "store-away"
        assert (await listener.until("call.unrecorded")).data["press"]["id"] == "p-1"


async def test_it_is_stored_when_the_database_is_back(
    sqlite_hub: RunningHub, goes_away: Happen, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = await sqlite_hub.sign_in(OPERATOR)
    async with desk.listen() as listener:
        goes_away()
        problem(await press(sqlite_hub, "p-1"), 503)
        monkeypatch.undo()
        assert (await listener.until("call.raised")).data["press"]["id"] == "p-1"


async def test_a_database_that_hangs_holds_no_press_back(sqlite_hub: RunningHub, hangs: Happen) -> None:
    desk = await sqlite_hub.sign_in(OPERATOR)
    async with desk.listen() as listener:
        hangs()
        for press_id in [f"p-{n}" for n in range(9)]:  # more than there are threads that read
            problem(await press(sqlite_hub, press_id), 503)
            assert (await listener.until("call.unrecorded")).data["press"]["id"] == press_id


@pytest.mark.parametrize(("device", "password"), [("b-1", "wrong"), ("b-none", DEVICE_PASSWORD)])
async def test_what_nobody_proves_is_not_shown(
    sqlite_hub: RunningHub, goes_away: Happen, device: str, password: str
) -> None:
    goes_away()
    problem(await press(sqlite_hub, "p-1", device, password), 503)
    assert shown(sqlite_hub) == 0


async def test_between_old_and_new_credentials_the_old_ring_until_the_new_are_used(
    sqlite_hub: RunningHub, goes_away: Happen
) -> None:
    admin = await sqlite_hub.sign_in(ADMIN)
    new = (await admin.post("/devices/b-1/credentials")).json()["credentials"]["password"]
    await sqlite_hub.context.known.refresh()
    goes_away()
    problem(await press(sqlite_hub, "p-1"), 503)
    assert shown(sqlite_hub) == 1
    problem(await press(sqlite_hub, "p-2", password=new), 503)
    assert shown(sqlite_hub) == 2
    problem(await press(sqlite_hub, "p-3"), 401)
    assert shown(sqlite_hub) == 2


async def test_that_the_old_are_over_is_written_when_the_database_is_back(
    sqlite_hub: RunningHub, goes_away: Happen, monkeypatch: pytest.MonkeyPatch
) -> None:
    admin = await sqlite_hub.sign_in(ADMIN)
    new = (await admin.post("/devices/b-1/credentials")).json()["credentials"]["password"]
    await sqlite_hub.context.known.refresh()
    goes_away()
    problem(await press(sqlite_hub, "p-1", password=new), 503)
    monkeypatch.undo()
    assert (await press(sqlite_hub, "p-2", password=new)).status_code == 200
    found = await sqlite_hub.store.read(lambda read: read.device_credentials("b-1"))
    assert found is not None
    assert found.former == ""
