"""Plans, rosters and coverage over HTTP: written, rehearsed, seen by those of the area, refused with every fault."""

from __future__ import annotations

from functools import partial
from typing import Any

import msgspec
import pytest

from hub.db.transaction import Tx
from hub.domain.desks import Desk as Screen
from tests.stores import (
    CLINIC_STAFF,
    COUNTY,
    COUNTY_OPERATOR,
    OPERATOR,
    OTHER_OPERATOR,
    OTHER_TOWN,
    OTHER_VILLAGE,
    TOWN,
    VILLAGE,
    VILLAGE_ADMIN,
)
from tests.web import ADMIN, Desk, RunningHub, problem
from tests.web_broadcasts import ok

STEPS = [
    {"after_s": 0, "whom": ["town", "clinic"]},
    {"after_s": 20, "whom": ["county", "grid_worker"]},
    {"after_s": 60, "whom": ["all"], "every_s": 60},
]
SHIFT = {
    "name": "全天",
    "start": "2026-01-01T00:00",
    "rrule": "FREQ=DAILY",
    "minutes": 1440,
    "people": [OPERATOR.id],
    "leader": OPERATOR.id,
    "phone": "13900000009",
}
ROSTER = {"place": f"center:{TOWN}", "name": "石桥镇中心", "shifts": [SHIFT]}


async def patch(desk: Desk, path: str, body: object) -> Any:
    return await desk.http.patch("/api/v1" + path, json=body)


async def delete(desk: Desk, path: str) -> Any:
    return await desk.http.delete("/api/v1" + path)


async def test_a_plan_is_written_changed_rehearsed_and_taken_out_of_force(hub: RunningHub) -> None:
    admin, town = await hub.sign_in(ADMIN), await hub.sign_in(OPERATOR)
    made = ok(await admin.post("/policies", {"area": TOWN, "name": "石桥", "steps": STEPS}), 201)
    assert (made["version"], made["by"]) == (1, ADMIN.name)
    changed = ok(await patch(admin, f"/policies/{made['id']}", {"name": "石桥（新）"}))
    assert (changed["version"], changed["steps"]) == (2, made["steps"])
    seen = ok(await town.get(f"/policies/{made['id']}"))
    assert [one["version"] for one in seen["versions"]] == [2, 1]
    body = {"resident": "r-1", "at": hub.clock.now()}
    rehearsed = ok(await town.post(f"/policies/{made['id']}/rehearse", body))
    assert [(step["step"], step["after_s"]) for step in rehearsed["steps"]][:2] == [(1, 0), (2, 0)], (
        "a dark town"
    )
    assert rehearsed["steps"][1]["people"] == [
        {"kind": "grid_worker", "name": "孙勇", "address": "sms:13900000001"}
    ]
    assert (await delete(admin, f"/policies/{made['id']}")).status_code == 204
    assert [one["id"] for one in ok(await town.get("/policies"))["items"]] == ["default"]
    call = await hub.press()
    assert ok(await town.get(f"/calls/{call}"))["rung"][0] == f"center:{TOWN}"


async def test_a_plan_that_cannot_be_is_refused_with_every_fault(hub: RunningHub) -> None:
    admin = await hub.sign_in(ADMIN)
    steps = [
        {"after_s": 0, "whom": []},
        {"after_s": 9, "whom": ["mayor"], "every_s": 60},
        {"after_s": 5, "whom": ["all"]},
    ]
    wrong = problem(await admin.post("/policies", {"area": TOWN, "name": "预案", "steps": steps}), 422)

    fields = {fault["field"] for fault in wrong["errors"]}
    assert {"steps", "steps.1", "steps.2", "steps.3"} <= fields
    said = [fault["reason"] for fault in wrong["errors"]]
    assert any("mayor" in sentence for sentence in said)
    assert all("plan-" not in sentence for sentence in said), "sentences, not their names"


@pytest.mark.parametrize("user", [OPERATOR, VILLAGE_ADMIN, CLINIC_STAFF])
async def test_only_the_county_writes_plans(hub: RunningHub, user: Any) -> None:
    desk = await hub.sign_in(user)
    problem(await desk.post("/policies", {"area": TOWN, "name": "石桥", "steps": STEPS}), 403)


async def test_another_town_hears_of_no_plan_roster_resident_or_village(hub: RunningHub) -> None:
    admin, other = await hub.sign_in(ADMIN), await hub.sign_in(OTHER_OPERATOR)
    plan = ok(await admin.post("/policies", {"area": TOWN, "name": "石桥", "steps": STEPS}), 201)["id"]
    ok(await admin.post("/rosters", ROSTER), 201)
    at = hub.clock.now()

    problem(await other.get(f"/policies/{plan}"), 404)
    problem(await other.post(f"/policies/{plan}/rehearse", {"area": OTHER_VILLAGE, "at": at}), 404)
    problem(await other.post("/policies/default/rehearse", {"resident": "r-1", "at": at}), 404)
    problem(await other.post("/policies/default/rehearse", {"area": VILLAGE, "at": at}), 404)
    problem(await other.get("/coverage", area=TOWN), 404)
    assert ok(await other.get("/rosters"))["items"] == []
    assert [one["id"] for one in ok(await other.get("/policies"))["items"]] == ["default"]


async def test_a_roster_is_written_changed_and_shows_its_gaps(hub: RunningHub) -> None:
    admin, town, clinic = (
        await hub.sign_in(ADMIN),
        await hub.sign_in(OPERATOR),
        await hub.sign_in(CLINIC_STAFF),
    )
    made = ok(await admin.post("/rosters", ROSTER), 201)
    assert (made["gaps"], made["duty"][0]["leader"]) == ([], OPERATOR.id)
    now = hub.clock.now()
    leave = {"since": now + 3_600_000, "until": now + 7_200_000, "out": OPERATOR.id}
    changed = ok(await patch(admin, f"/rosters/{made['id']}", {"changes": [leave]}))
    assert [(gap["since"], gap["until"]) for gap in changed["gaps"]] == [(leave["since"], leave["until"])]
    assert len(ok(await town.get("/rosters"))["items"]) == 1
    assert ok(await clinic.get("/rosters"))["items"] == []
    covered = ok(await town.get("/coverage"))
    assert covered["rosters"][0]["gaps"] == [{"since": leave["since"], "until": leave["until"]}]
    assert (await delete(admin, f"/rosters/{made['id']}")).status_code == 204
    assert ok(await town.get("/rosters"))["items"] == []


@pytest.mark.parametrize(
    ("different", "field"),
    [
        ({"shifts": []}, "shifts"),
        ({"shifts": [SHIFT | {"people": []}]}, "shifts.1"),
        ({"shifts": [SHIFT | {"people": [COUNTY_OPERATOR.id]}]}, "shifts.1"),
        ({"shifts": [SHIFT | {"phone": "nobody"}]}, "shifts.1"),
        ({"shifts": [SHIFT | {"rrule": "FREQ=NEVER"}]}, "shifts.1"),
        ({"place": "center:990421109000"}, "place"),
    ],
)
async def test_a_roster_that_cannot_be_is_refused(
    sqlite_hub: RunningHub, different: dict[str, Any], field: str
) -> None:
    admin = await sqlite_hub.sign_in(ADMIN)
    wrong = problem(await admin.post("/rosters", ROSTER | different), 422)

    assert field in {fault["field"] for fault in wrong["errors"]}


async def test_coverage_says_who_is_unprotected_and_to_whom(hub: RunningHub) -> None:
    county, town = await hub.sign_in(COUNTY_OPERATOR), await hub.sign_in(OPERATOR)
    seen = ok(await county.get("/coverage"))
    lacks = {one["id"]: one["lacks"] for one in seen["residents"]["items"]}
    assert lacks == {"r-2": ["contact", "grid_worker"], "r-3": ["clinic", "contact", "grid_worker"]}
    assert (seen["residents"]["total"], seen["residents"]["lacking"], seen["residents"]["clinic"]) == (
        3,
        2,
        1,
    )
    assert {one["place"] for one in seen["desks"]} == {
        f"center:{COUNTY}", f"center:{TOWN}", f"center:{OTHER_TOWN}", "clinic:clinic-1", "clinic:clinic-2",
    }  # fmt: skip
    here = ok(await town.get("/coverage"))
    assert [one["id"] for one in here["residents"]["items"]] == ["r-3"]
    assert {one["place"] for one in here["desks"]} == {f"center:{TOWN}", "clinic:clinic-1"}


async def test_coverage_counts_lost_buttons_and_open_screens(hub: RunningHub) -> None:
    town = await hub.sign_in(OPERATOR)
    screen = Screen(
        id="k-1",
        user=OPERATOR.id,
        targets=(f"center:{TOWN}",),
        audible=True,
        expires_at=hub.clock.now() + 60_000,
    )
    await hub.store.run(lambda tx: tx.desks.put(screen))
    for device in ("b-1", "b-1b"):
        before = ok(await town.get("/coverage"))["residents"]
        assert before["lost"] == 0
        await hub.store.run(partial(_lose, device=device, now=hub.clock.now()))
    seen = ok(await town.get("/coverage"))

    assert {"r-1": ["lost"]}.items() <= {
        one["id"]: one["lacks"] for one in seen["residents"]["items"]
    }.items()
    assert [one["place"] for one in seen["desks"]] == ["clinic:clinic-1"]


def _lose(tx: Tx, device: str, now: int) -> bool:
    return tx.presence.note(device, "lost", 1, now)


async def test_a_village_with_nobody_tonight_is_named(hub: RunningHub) -> None:
    admin = await hub.sign_in(ADMIN)
    days = SHIFT | {"start": "2026-01-01T08:00", "minutes": 720}
    ok(await admin.post("/rosters", ROSTER | {"shifts": [days]}), 201)
    nurse = days | {"people": [CLINIC_STAFF.id], "leader": None}
    ok(await admin.post("/rosters", {"place": "clinic:clinic-1", "name": "卫生院", "shifts": [nurse]}), 201)
    seen = ok(await admin.get("/coverage"))

    assert [one["area"] for one in seen["villages"]] == [VILLAGE]
    assert seen["villages"][0]["hours"] == [seen["night"]]


async def test_people_of_a_clinic_are_shown_no_coverage(sqlite_hub: RunningHub) -> None:
    clinic = await sqlite_hub.sign_in(CLINIC_STAFF)

    problem(await clinic.get("/coverage"), 404)


async def test_an_unknown_field_of_a_step_is_a_mistake(sqlite_hub: RunningHub) -> None:
    admin = await sqlite_hub.sign_in(ADMIN)
    steps = [msgspec.json.decode(msgspec.json.encode(STEPS[0])) | {"who": ["town"]}, *STEPS[1:]]

    problem(await admin.post("/policies", {"area": TOWN, "name": "石桥", "steps": steps}), 422)
