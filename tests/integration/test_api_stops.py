"""Silence over HTTP: at once, in one's own areas, and also while the database or the broker is away."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from devices import topics
from devices.codec import encode
from devices.messages import Clock, ReceiptState, Status
from hub.db.tables import outbox
from hub.mqtt.link import Delivery
from hub.ports import Outgoing
from hub.stops import AGAIN_MS
from tests.integration.test_api_broadcasts import WORDS
from tests.stores import OPERATOR, OTHER_OPERATOR, OTHER_VILLAGE, TOWN, VILLAGE, VILLAGE_ADMIN
from tests.web import Desk, problem
from tests.web_broadcasts import Air, ok


async def sounding(air: Air, desk: Desk, **different: Any) -> tuple[str, str]:
    """A broadcast that loudspeakers have, and its run."""
    before = len(air.commands("play"))
    broadcast = ok(await desk.post("/broadcasts", WORDS | different), 201)["id"]
    play = await air.until_published("play", before + 1)
    await air.until(desk, broadcast, lambda view: view["state"] == "running")
    return broadcast, play["run"]


async def test_a_stop_is_on_its_way_when_the_answer_comes(air: Air) -> None:
    admin = await air.hub.sign_in(VILLAGE_ADMIN)
    broadcast, run = await sounding(air, admin)
    answer = ok(await admin.post(f"/broadcasts/{broadcast}/stop"))
    assert answer == {"runs": [run], "unsent": [], "wider": [], "recorded": True}
    ((topic, stop),) = air.commands("stop")
    assert (topic, stop["run"]) == (f"v1/z/{VILLAGE}/command", run)
    view = ok(await admin.get(f"/broadcasts/{broadcast}"))
    assert (view["state"], view["runs"][0]["state"]) == ("stopped", "stopped")
    air.report("s-1", run, ReceiptState.STOPPED)
    await air.until(admin, broadcast, lambda view: view["runs"][0]["coverage"]["missing"] == ["s-2"])


async def test_what_has_not_begun_is_stopped_without_a_command(air: Air) -> None:
    admin = await air.hub.sign_in(VILLAGE_ADMIN)
    later = air.hub.clock.now() + 3_600_000
    broadcast = ok(await admin.post("/broadcasts", WORDS | {"at": later}), 201)["id"]
    assert ok(await admin.post(f"/broadcasts/{broadcast}/stop"))["runs"] == []
    assert air.published == []
    assert ok(await admin.get(f"/broadcasts/{broadcast}"))["state"] == "stopped"


async def test_nobody_silences_another_area(air: Air) -> None:
    admin, other = await air.hub.sign_in(VILLAGE_ADMIN), await air.hub.sign_in(OTHER_OPERATOR)
    broadcast, _ = await sounding(air, admin)
    problem(await other.post(f"/broadcasts/{broadcast}/stop"), 404)
    refused = problem(await other.post("/stop", {"areas": [VILLAGE]}), 403)
    assert refused["type"] == "broadcast-zone-not-yours"
    assert problem(await other.post("/stop", {"areas": []}), 422)["type"] == "broadcast-no-zones"
    assert problem(await other.post("/stop", {"areas": ["x"]}), 422)["type"] == "broadcast-zone-unknown"
    assert air.commands("stop") == []


async def test_a_towns_silence_reaches_every_address_in_it(air: Air) -> None:
    town = await air.hub.sign_in(OPERATOR)
    village, run = await sounding(air, town)
    answer = ok(await town.post("/stop", {"areas": [TOWN]}))
    assert answer["runs"] == [run]
    silenced = {(topic, stop["run"]) for topic, stop in air.commands("stop")}
    assert silenced == {(f"v1/z/{TOWN}/command", None), (f"v1/z/{VILLAGE}/command", None)}
    assert ok(await town.get(f"/broadcasts/{village}"))["state"] == "stopped"


async def test_a_village_cannot_silence_what_the_town_was_told_and_is_told_so(air: Air) -> None:
    town, village = await air.hub.sign_in(OPERATOR), await air.hub.sign_in(VILLAGE_ADMIN)
    broadcast, run = await sounding(air, town, areas=[TOWN])
    answer = ok(await village.post("/stop", {"areas": [VILLAGE]}))
    assert (answer["runs"], answer["wider"]) == ([], [run])
    assert ok(await town.get(f"/broadcasts/{broadcast}"))["state"] == "running"


async def test_silence_needs_no_database(air: Air) -> None:
    admin = await air.hub.sign_in(VILLAGE_ADMIN)
    broadcast, run = await sounding(air, admin)
    with air.database_away():
        problem(await admin.get("/broadcasts"), 503)
        answer = ok(await admin.post(f"/broadcasts/{broadcast}/stop"))
        assert (answer["runs"], answer["recorded"]) == ([run], False)
        assert [stop["run"] for _, stop in air.commands("stop")] == [run]
        everything = ok(await admin.post("/stop", {"areas": [VILLAGE]}))
        assert everything["recorded"] is False
        stranger = air.hub.client(authorization="Bearer nobody-knows-me")
        problem(await stranger.post("/stop", {"areas": [VILLAGE]}), 503)
    view = await air.until(admin, broadcast, lambda view: view["state"] == "stopped")
    assert view["runs"][0]["state"] == "stopped"


async def test_who_was_signed_out_silences_nothing_while_the_database_is_away(air: Air) -> None:
    admin = await air.hub.sign_in(VILLAGE_ADMIN)
    await sounding(air, admin)
    cookies = dict(admin.http.cookies)
    assert (await admin.http.delete("/api/v1/session")).status_code == 204
    admin.http.cookies.update(cookies)
    with air.database_away():
        problem(await admin.post("/stop", {"areas": [VILLAGE]}), 503)
    assert air.commands("stop") == []


async def test_a_stop_that_the_broker_did_not_take_goes_out_when_it_is_back(air: Air) -> None:
    admin = await air.hub.sign_in(VILLAGE_ADMIN)
    broadcast, _ = await sounding(air, admin)
    air.broker_away = True
    answer = ok(await admin.post(f"/broadcasts/{broadcast}/stop"))
    assert (answer["unsent"], answer["recorded"]) == ([VILLAGE], True)
    air.broker_away = False
    await air.until_published("stop")


async def test_a_play_that_still_waits_for_the_broker_is_not_sent_once_it_is_stopped(air: Air) -> None:
    admin = await air.hub.sign_in(VILLAGE_ADMIN)
    broadcast, _ = await sounding(air, admin)
    (play,) = queued_plays(air)
    await admin.post(f"/broadcasts/{broadcast}/stop")
    await air.parts.send(play)
    assert len(air.commands("play")) == 1


def queued_plays(air: Air) -> list[Outgoing]:
    """The plays as they stood in the outbox."""
    with air.hub.store.engine.connect() as conn:
        rows = conn.execute(select(outbox).where(outbox.c.kind == "command")).mappings()
        return [
            Outgoing(id=row["id"], kind=row["kind"], address=row["address"], body=row["body"], attempts=0)
            for row in rows
        ]


async def test_another_village_is_not_disturbed(air: Air) -> None:
    town = await air.hub.sign_in(OTHER_OPERATOR)
    broadcast, _ = await sounding(air, town, areas=[OTHER_VILLAGE])
    admin = await air.hub.sign_in(VILLAGE_ADMIN)
    ok(await admin.post("/stop", {"areas": [VILLAGE]}))
    assert ok(await town.get(f"/broadcasts/{broadcast}"))["state"] == "running"


async def test_a_loudspeaker_that_was_away_when_it_was_stopped_is_told_again(air: Air) -> None:
    admin = await air.hub.sign_in(VILLAGE_ADMIN)
    broadcast, run = await sounding(air, admin)
    ok(await admin.post(f"/broadcasts/{broadcast}/stop"))
    air.report("s-2", run, ReceiptState.PLAYING)
    again = await air.until_published("stop", 2)
    assert again["run"] == run
    assert again["id"] != air.commands("stop")[0][1]["id"]
    air.report("s-1", run, ReceiptState.PLAYING)  # at the same moment: the zone has just been told
    air.hub.clock.move(AGAIN_MS)
    air.report("s-1", run, ReceiptState.PLAYING)
    await air.until_published("stop", 3)
    assert len(air.commands("stop")) == 3


async def told_late(air: Air, desk: Desk) -> tuple[str, str]:
    """A broadcast whose run went to the village, and later to s-1 by itself: it had no clock at first."""
    broadcast, run = await sounding(air, desk)
    air.report("s-1", run, ReceiptState.REFUSED, "no_clock")
    await air.until(desk, broadcast, lambda view: view["runs"][0]["coverage"]["failed"] == 0)
    alive = encode(Status(online=True, session="a", clock=Clock.OK))
    air.parts.chance.status_arrived(Delivery(topics.status("s-1"), alive, 1, False, 99, 1))
    await air.until_published("play", 2)
    return broadcast, run


ADDRESSES = {f"v1/z/{VILLAGE}/command", "v1/d/s-1/command"}


async def test_a_loudspeaker_that_was_told_late_and_by_itself_is_silenced_by_itself(air: Air) -> None:
    admin = await air.hub.sign_in(VILLAGE_ADMIN)
    broadcast, run = await told_late(air, admin)
    ok(await admin.post(f"/broadcasts/{broadcast}/stop"))
    assert {topic for topic, stop in air.commands("stop") if stop["run"] == run} == ADDRESSES


async def test_it_is_silenced_with_its_area_too_and_while_the_database_is_away(air: Air) -> None:
    admin = await air.hub.sign_in(VILLAGE_ADMIN)
    await told_late(air, admin)
    with air.database_away():
        ok(await admin.post("/stop", {"areas": [VILLAGE]}))
        assert {topic for topic, _ in air.commands("stop")} == ADDRESSES
