"""Two hubs on one database: each firing goes out once, and either hub silences what the other has sent."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from devices.messages import ReceiptState
from hub.db.store import open_store
from tests.integration.test_api_broadcasts import written
from tests.stores import VILLAGE, VILLAGE_ADMIN, Moved
from tests.village import hang_loudspeakers
from tests.web import give_passwords
from tests.web_broadcasts import Air, ok, on_air


@pytest.fixture
async def hubs(
    settled_postgres_url: str, clock: Moved, tmp_path: Path, hashed_password: str
) -> AsyncIterator[tuple[Air, Air]]:
    """Two hubs that both prepare, plan and send."""
    stores = [open_store(settled_postgres_url, owner=f"hub-{n}", now=clock.now) for n in (1, 2)]
    try:
        await stores[0].run(lambda tx: give_passwords(tx, hashed_password))
        await stores[0].run(hang_loudspeakers)
        async with AsyncExitStack() as stack:
            first, second = [
                await stack.enter_async_context(on_air(store, clock, tmp_path / store.owner))
                for store in stores
            ]
            yield first, second
    finally:
        for store in stores:
            store.close()


async def test_ten_broadcasts_go_out_once_each_whichever_hub_takes_them(hubs: tuple[Air, Air]) -> None:
    first, second = hubs
    at_first, at_second = await first.hub.sign_in(VILLAGE_ADMIN), await second.hub.sign_in(VILLAGE_ADMIN)
    broadcasts = [await written((at_first, at_second)[number % 2]) for number in range(10)]
    for broadcast in broadcasts:
        await first.until(at_first, broadcast["id"], lambda view: view["state"] == "running")
    plays = [command for air in hubs for _, command in air.commands("play")]
    assert sorted(play["broadcast"] for play in plays) == sorted(each["id"] for each in broadcasts)


async def test_a_receipt_that_reaches_both_hubs_counts_once(hubs: tuple[Air, Air]) -> None:
    first, second = hubs
    admin = await first.hub.sign_in(VILLAGE_ADMIN)
    async with admin.listen() as told:
        broadcast = await written(admin)
        running = await first.until(admin, broadcast["id"], lambda view: view["state"] == "running")
        (run,) = running["runs"]
        for device in ("s-1", "s-2"):
            for air in (first, second):
                air.report(device, run["id"], ReceiptState.PLAYED)
        await first.until(admin, broadcast["id"], lambda view: view["state"] == "done")
        names: list[str] = []
        while not names or names[-1] != "broadcast.ended":
            names.append((await told.next()).event)
    assert names.count("broadcast.run.receipt") == 2
    assert names.count("broadcast.run.ended") == 1


async def test_what_one_hub_sent_the_other_silences_even_without_the_database(hubs: tuple[Air, Air]) -> None:
    first, second = hubs
    admin = await second.hub.sign_in(VILLAGE_ADMIN)
    broadcast = await written(await first.hub.sign_in(VILLAGE_ADMIN))
    async with admin.listen(after=0) as told:
        await told.until("broadcast.run.sent")
    ok(await admin.get("/broadcasts"))
    with second.database_away():
        answer = ok(await admin.post(f"/broadcasts/{broadcast['id']}/stop"))
    assert len(answer["runs"]) == 1
    assert [topic for topic, _ in second.commands("stop")] == [f"v1/z/{VILLAGE}/command"]
    await first.until(
        await first.hub.sign_in(VILLAGE_ADMIN), broadcast["id"], lambda view: view["state"] == "stopped"
    )
