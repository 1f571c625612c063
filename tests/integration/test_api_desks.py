"""Desks: a screen is awake while its stream is open, it may sound and its page answers; not a moment longer."""

import asyncio

import pytest

from hub.console.api import events as stream
from hub.domain.desks import TTL_MS
from hub.domain.routing import center_of, clinic_target, county_center
from tests.stores import CLINIC_STAFF, COUNTY, OPERATOR, OTHER_OPERATOR, TOWN, VILLAGE_ADMIN
from tests.web import PATIENCE_S, RunningHub, problem


async def is_live(hub: RunningHub, target: str) -> bool:
    return await hub.store.run(lambda tx: tx.desks.is_live(target, hub.clock.now()))


async def becomes(hub: RunningHub, target: str, *, live: bool) -> None:
    """Wait until `target` is live, or is not."""
    async with asyncio.timeout(PATIENCE_S):
        while await is_live(hub, target) is not live:  # noqa: ASYNC110 -- a row wakes nobody
            await asyncio.sleep(0.01)


async def test_an_audible_desk_keeps_the_county_from_being_rung_at_once(hub: RunningHub) -> None:
    desk = await hub.sign_in(OPERATOR)
    async with desk.listen(desk=1, audible=1) as listener:
        await listener.until("desk")
        assert await is_live(hub, center_of(TOWN))
        await hub.press("b-1")
        rung = (await listener.until("call.rung")).data["targets"]
        assert county_center(COUNTY) not in rung
    await becomes(hub, center_of(TOWN), live=False)
    await hub.press("b-3")
    timeline = await hub.store.read(lambda read: read.events_after(0, 100))
    assert county_center(COUNTY).encode() in timeline[-1].data


async def test_a_desk_is_silent_until_its_browser_may_sound(hub: RunningHub, second_hub: RunningHub) -> None:
    desk = await hub.sign_in(OPERATOR)
    async with desk.listen(desk=1, audible=0) as listener:
        name = (await listener.until("desk")).data["id"]
        assert not await is_live(hub, center_of(TOWN))
        elsewhere = second_hub.client()
        elsewhere.http.cookies.update(desk.http.cookies)
        elsewhere.http.headers["X-CSRF-Token"] = desk.csrf
        told = await elsewhere.post(f"/desks/{name}", {"audible": True})
        assert told.json() == {"id": name, "audible": True}
        assert await is_live(hub, center_of(TOWN))
        other = await hub.sign_in(OTHER_OPERATOR)
        problem(await other.post(f"/desks/{name}", {"audible": False}), 404)
        problem(await desk.post(f"/desks/{name}", {"audible": "no"}), 422)


async def test_a_desk_is_awake_for_as_long_as_its_page_answers(
    sqlite_hub: RunningHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "ASK_EVERY_S", 0.02)
    clinic = clinic_target("clinic-1")
    desk = await sqlite_hub.sign_in(CLINIC_STAFF)
    async with desk.listen(desk=1, audible=1) as listener:
        for _ in range(3):
            asked = await listener.until("desk")
            sqlite_hub.clock.move(TTL_MS - 1)
            assert await is_live(sqlite_hub, clinic)
            await desk.post(f"/desks/{asked.data['id']}", {"audible": True})
        sqlite_hub.clock.move(TTL_MS)
        for _ in range(3):  # the connection lives, and the hub goes on asking
            await listener.until("desk")
        assert not await is_live(sqlite_hub, clinic)


async def test_a_desk_whose_row_is_lost_is_told_to_open_another_stream(sqlite_hub: RunningHub) -> None:
    desk = await sqlite_hub.sign_in(OPERATOR)
    async with desk.listen(desk=1, audible=1) as listener:
        name = str((await listener.until("desk")).data["id"])
        await sqlite_hub.store.run(lambda tx: tx.desks.remove(name))
        problem(await desk.post(f"/desks/{name}", {"audible": True}), 404)


async def test_who_is_never_rung_has_no_desk(sqlite_hub: RunningHub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "PING_S", 0.05)
    desk = await sqlite_hub.sign_in(VILLAGE_ADMIN)
    async with desk.listen(desk=1, audible=1) as listener:
        await listener.pinged()
        count = await sqlite_hub.store.read(
            lambda read: read.conn.exec_driver_sql("SELECT count(*) FROM desks").scalar()
        )
        assert count == 0
