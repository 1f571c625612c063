"""A center and a clinic keep their own rosters: who may write which, over HTTP and on the pages; 404 beyond."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from hub.db.transaction import Tx
from hub.domain.people import User
from tests.integration.test_api_plans import ROSTER, SHIFT, delete, patch
from tests.stores import (
    CLINIC_STAFF,
    COUNTY_OPERATOR,
    OPERATOR,
    OTHER_OPERATOR,
    OTHER_TOWN,
    TOWN,
    VILLAGE_ADMIN,
    add_user,
)
from tests.web import ADMIN, Desk, RunningHub, give_passwords, problem
from tests.web_broadcasts import ok

COLLEAGUE = msgspec.structs.replace(OPERATOR, id="u-op3", username="op3", name="钱进")
NURSE = {**SHIFT, "people": [CLINIC_STAFF.id], "leader": None, "phone": ""}
CLINIC_ROSTER = {"place": "clinic:clinic-1", "name": "卫生院", "shifts": [NURSE]}


async def sign_in_colleague(hub: RunningHub, hashed: str) -> Desk:
    """Another operator of the town, who leads no shift."""

    def enter(tx: Tx) -> None:
        add_user(tx, COLLEAGUE)
        give_passwords(tx, hashed)

    await hub.store.run(enter)
    return await hub.sign_in(COLLEAGUE)


async def test_a_town_writes_its_first_roster_and_then_its_leaders_keep_it(
    sqlite_hub: RunningHub, hashed_password: str
) -> None:
    leader, other = await sqlite_hub.sign_in(OPERATOR), await sign_in_colleague(sqlite_hub, hashed_password)
    made = ok(await leader.post("/rosters", ROSTER), 201)
    path = f"/rosters/{made['id']}"
    assert problem(await patch(other, path, {"name": "别人的"}), 403)["type"] == "rosters-leaders"
    problem(await delete(other, path), 403)
    assert [one["id"] for one in ok(await other.get("/rosters"))["items"]] == [made["id"]], "to be read"
    both = {**SHIFT, "people": [OPERATOR.id, COLLEAGUE.id], "leader": COLLEAGUE.id}
    assert ok(await patch(leader, path, {"shifts": [both]}))["shifts"][0]["leader"] == COLLEAGUE.id
    problem(await patch(leader, path, {"name": "x"}), 403)
    assert ok(await patch(other, path, {"name": "石桥（夜）"}))["name"] == "石桥（夜）"
    assert (await delete(other, path)).status_code == 204


async def test_a_clinic_keeps_its_own_roster(sqlite_hub: RunningHub) -> None:
    clinic, town = await sqlite_hub.sign_in(CLINIC_STAFF), await sqlite_hub.sign_in(OPERATOR)
    made = ok(await clinic.post("/rosters", CLINIC_ROSTER), 201)
    assert [one["id"] for one in ok(await clinic.get("/rosters"))["items"]] == [made["id"]]
    assert ok(await patch(clinic, f"/rosters/{made['id']}", {"name": "卫生院值班"}))["name"] == "卫生院值班"
    problem(await patch(town, f"/rosters/{made['id']}", {"name": "x"}), 403)
    problem(await clinic.post("/rosters", ROSTER), 422)
    assert (await delete(clinic, f"/rosters/{made['id']}")).status_code == 204


async def test_a_county_administrator_keeps_them_all(sqlite_hub: RunningHub) -> None:
    admin, town = await sqlite_hub.sign_in(ADMIN), await sqlite_hub.sign_in(OPERATOR)
    made = ok(await town.post("/rosters", ROSTER), 201)
    assert ok(await patch(admin, f"/rosters/{made['id']}", {"name": "县里改的"}))["name"] == "县里改的"


@pytest.mark.parametrize(
    "user", [OTHER_OPERATOR, VILLAGE_ADMIN, CLINIC_STAFF], ids=lambda user: user.username
)
async def test_whose_it_is_not_finds_no_roster_on_any_route(sqlite_hub: RunningHub, user: User) -> None:
    town = await sqlite_hub.sign_in(OPERATOR)
    made = ok(await town.post("/rosters", ROSTER), 201)
    stranger, path = await sqlite_hub.sign_in(user), f"/rosters/{made['id']}"

    assert problem(await patch(stranger, path, {"name": "x"}), 404)["type"] == "roster-unknown"
    problem(await delete(stranger, path), 404)
    for method, page in (
        ("GET", path),
        ("POST", path),
        ("DELETE", path),
        ("GET", f"/rosters/new?place=center:{TOWN}"),
        ("GET", "/rosters/new?place=center:nowhere"),
    ):
        answer = await stranger.http.request(method, page, data={"name": "x"} if method == "POST" else None)
        assert answer.status_code == 404, (method, page, answer.status_code)
    assert problem(await stranger.post("/rosters", ROSTER), 422)["errors"][0]["field"] == "place"
    assert ok(await stranger.get("/rosters"))["items"] == []
    assert ok(await town.get("/rosters"))["items"][0]["name"] == ROSTER["name"]


async def test_a_county_operator_reads_a_towns_roster_and_does_not_write_it(sqlite_hub: RunningHub) -> None:
    county, town = await sqlite_hub.sign_in(COUNTY_OPERATOR), await sqlite_hub.sign_in(OPERATOR)
    elsewhere = {**ROSTER, "place": f"center:{OTHER_TOWN}"}
    problem(await county.post("/rosters", elsewhere), 403)
    made = ok(await town.post("/rosters", ROSTER), 201)
    problem(await patch(county, f"/rosters/{made['id']}", {"name": "x"}), 403)
    assert len(ok(await county.get("/rosters"))["items"]) == 1


async def test_who_leads_a_shift_elsewhere_keeps_that_roster(sqlite_hub: RunningHub) -> None:
    admin, other = await sqlite_hub.sign_in(ADMIN), await sqlite_hub.sign_in(OTHER_OPERATOR)
    led = {**SHIFT, "leader": OTHER_OPERATOR.id}
    made = ok(await admin.post("/rosters", {**ROSTER, "shifts": [led]}), 201)
    assert [one["id"] for one in ok(await other.get("/rosters"))["items"]] == [made["id"]]
    assert ok(await patch(other, f"/rosters/{made['id']}", {"name": "代管"}))["name"] == "代管"
    page = (await other.http.get(f"/rosters/{made['id']}")).text
    assert OTHER_OPERATOR.name in page, "by name, though they do not belong to the place"


@pytest.mark.parametrize("user", [OPERATOR, CLINIC_STAFF], ids=lambda user: user.username)
async def test_the_page_offers_the_form_to_those_who_keep_the_place_alone(
    sqlite_hub: RunningHub, user: User, hashed_password: str
) -> None:
    desk = await sqlite_hub.sign_in(user)
    own = f"clinic:{user.clinic}" if user.clinic else f"center:{user.area}"
    page = (await desk.http.get("/rosters")).text
    assert [line for line in page.splitlines() if "/rosters/new?place=" in line and own not in line] == []
    assert f"/rosters/new?place={own}" in page
    form = (await desk.http.get(f"/rosters/new?place={own}")).text
    assert user.name in form
    shift: dict[str, Any] = {
        "shift-0-name": "白班",
        "shift-0-begins": "08:00",
        "shift-0-ends": "20:00",
        "shift-0-days": ["MO", "TU"],
        "shift-0-people": [user.id],
    }
    made = await desk.http.post("/rosters/new", data={"place": own, "name": "值班表", **shift})
    assert made.status_code == 204, made.text
    [roster] = ok(await desk.get("/rosters"))["items"]
    assert (roster["place"], roster["shifts"][0]["rrule"]) == (own, "FREQ=WEEKLY;BYDAY=MO,TU")
