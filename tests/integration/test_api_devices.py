"""Devices over HTTP: how they are, what they measured, and who may know."""

from __future__ import annotations

from sqlalchemy import insert

from hub.db import tables as t
from hub.domain.errors import Unavailable
from hub.domain.presence import Heard, Presence
from hub.domain.telemetry import DAY_MS, HOUR_MS, MINUTE_MS, Bucket, DeviceState, Latest
from tests.stores import COUNTY_OPERATOR, OTHER_VILLAGE, TOWN, VILLAGE, VILLAGE_ADMIN
from tests.web import RunningHub, problem

ONLINE = DeviceState(
    presence=Presence.ONLINE,
    since=1,
    heard=Heard(seen_at=2, every_s=60),
    telemetry_at=3,
    metrics={"battery": Latest(88.0, 3)},
)
GONE = Unavailable("telemetry-unreachable", store="InfluxDB http://x", reason="Connection refused")


def shown(answer: object) -> list[str]:
    assert isinstance(answer, dict)
    return [item["id"] for item in answer["items"]]


async def test_a_list_tells_how_each_device_is(hub: RunningHub) -> None:
    hub.telemetry.known["b-1"] = ONLINE
    desk = await hub.sign_in(COUNTY_OPERATOR)

    page = (await desk.get("/devices")).json()

    assert shown(page) == ["b-1", "b-1b", "b-2", "b-3"]
    first, second = page["items"][:2]
    assert first["now"] | {"metrics": {}} == {
        "presence": "online", "since": 1, "seen_at": 2, "every_s": 60, "fw": None,
        "telemetry_at": 3, "clock_off_ms": 0, "rejected": 0, "metrics": {},
    }  # fmt: skip
    assert first["now"]["metrics"] == {"battery": {"value": 88.0, "at": 3}}
    assert second["now"] is None
    assert page["last_event_id"] == 0


async def test_pages_follow_each_other(hub: RunningHub) -> None:
    desk = await hub.sign_in(COUNTY_OPERATOR)
    first = (await desk.get("/devices", limit=3)).json()
    second = (await desk.get("/devices", limit=3, cursor=first["next_cursor"])).json()
    assert (shown(first), shown(second), second["next_cursor"]) == (["b-1", "b-1b", "b-2"], ["b-3"], None)


async def test_everybody_sees_the_devices_of_their_own_area_alone(hub: RunningHub) -> None:
    row = {"id": "l-1", "kind": "loudspeaker", "area": OTHER_VILLAGE, "password_hash": "", "created_at": 0}
    await hub.store.run(lambda tx: tx.conn.execute(insert(t.devices), row))
    county, village = await hub.sign_in(COUNTY_OPERATOR), await hub.sign_in(VILLAGE_ADMIN)

    assert shown((await county.get("/devices", area=TOWN)).json()) == ["b-1", "b-1b", "b-3"]
    assert shown((await county.get("/devices", area=OTHER_VILLAGE)).json()) == ["b-2", "l-1"]
    assert shown((await village.get("/devices")).json()) == ["b-1", "b-1b", "b-3"]
    assert shown((await village.get("/devices", area=VILLAGE)).json()) == ["b-1", "b-1b", "b-3"]
    for elsewhere in (TOWN, OTHER_VILLAGE, "nowhere", "990421"):
        problem(await village.get("/devices", area=elsewhere), 404)
    for device in ("b-2", "l-1", "never"):
        problem(await village.get(f"/devices/{device}"), 404)
        problem(await village.get(f"/devices/{device}/telemetry", metric="battery"), 404)
    assert (await county.get("/devices/l-1")).json()["id"] == "l-1"
    problem(await hub.client().get("/devices"), 401)


async def test_the_last_day_comes_when_nothing_else_is_asked(sqlite_hub: RunningHub) -> None:
    hub = sqlite_hub
    now = hub.clock.now_ms
    hub.telemetry.buckets["b-1", "battery"] = (Bucket(now - HOUR_MS, 80.0, 79.0, 81.0, 3),)
    desk = await hub.sign_in(COUNTY_OPERATOR)

    chart = (await desk.get("/devices/b-1/telemetry", metric="battery")).json()

    assert chart == {
        "device": "b-1", "metric": "battery", "from": now - DAY_MS - (now - DAY_MS) % (2 * MINUTE_MS), "to": now,
        "step_ms": 2 * MINUTE_MS,
        "items": [{"at": now - HOUR_MS, "value": 80.0, "min": 79.0, "max": 81.0, "n": 3}],
    }  # fmt: skip


async def test_a_month_comes_in_hours(sqlite_hub: RunningHub) -> None:
    now = sqlite_hub.clock.now_ms
    desk = await sqlite_hub.sign_in(COUNTY_OPERATOR)
    asked: dict[str, str | int] = {"metric": "signal", "from": now - 30 * DAY_MS, "to": now}
    chart = (await desk.get("/devices/b-1/telemetry", **asked)).json()
    assert (chart["step_ms"], chart["items"]) == (HOUR_MS, [])


async def test_what_cannot_be_asked_is_said(sqlite_hub: RunningHub) -> None:
    desk = await sqlite_hub.sign_in(COUNTY_OPERATOR)
    path = "/api/v1/devices/b-1/telemetry"
    wrong = ("from=2&to=1", "from=1", "from=tomorrow", "to=-1", "from=9007199254740992", "to=")
    for query in ("", "?metric=a b", *(f"?metric=x&{part}" for part in wrong)):
        problem(await desk.http.get(path + query), 422)
    problem(await desk.get("/devices/%20"), 422)
    problem(await desk.get("/devices", limit=501), 422)


async def test_a_store_that_is_away_costs_the_chart_and_not_the_list(sqlite_hub: RunningHub) -> None:
    sqlite_hub.telemetry.away = GONE
    desk = await sqlite_hub.sign_in(COUNTY_OPERATOR)

    away = problem(await desk.get("/devices/b-1/telemetry", metric="battery"), 503)

    assert away["type"] == "telemetry-unreachable"
    page = (await desk.get("/devices")).json()
    assert [item["now"] for item in page["items"]] == [None] * 4
