"""Groups of loudspeakers over HTTP: made, changed, spoken to, taken away."""

from __future__ import annotations

from typing import Any

import pytest

from tests.integration.test_api_broadcasts import WORDS
from tests.stores import OPERATOR, OTHER_OPERATOR, OTHER_VILLAGE, TOWN, VILLAGE, VILLAGE_ADMIN
from tests.web import problem
from tests.web_broadcasts import Air, ok

RIVER = {"id": "g-river", "name": "沿河", "area": TOWN, "members": ["s-2", "s-1"]}


async def test_a_group_is_made_and_each_of_its_loudspeakers_is_told(air: Air) -> None:
    town = await air.hub.sign_in(OPERATOR)
    made = ok(await town.post("/groups", RIVER), 201)
    assert made["members"] == ["s-1", "s-2"]
    ok(await town.post("/broadcasts", WORDS | {"areas": [], "zones": ["g-river"]}), 201)
    await air.until_published("play", 2)
    assert {topic for topic, _ in air.published} == {"v1/d/s-1/command", "v1/d/s-2/command"}


async def test_a_group_is_changed_and_taken_away(air: Air) -> None:
    town, other = await air.hub.sign_in(OPERATOR), await air.hub.sign_in(OTHER_OPERATOR)
    ok(await town.post("/groups", RIVER), 201)
    changed = ok(await town.http.patch("/api/v1/groups/g-river", json={"members": ["s-1"]}))
    assert (changed["name"], changed["members"]) == ("沿河", ["s-1"])
    assert ok(await other.get("/groups"))["items"] == []
    problem(await other.http.delete("/api/v1/groups/g-river"), 404)
    assert (await town.http.delete("/api/v1/groups/g-river")).status_code == 204
    assert ok(await town.get("/groups"))["items"] == []


@pytest.mark.parametrize(
    ("different", "status", "wrong"),
    [
        ({"id": "river"}, 422, "group-id"),
        ({"id": VILLAGE}, 422, "group-id"),
        ({"name": " "}, 422, "group-name"),
        ({"area": "990421109000"}, 422, "area-unknown"),
        ({"area": OTHER_VILLAGE}, 403, "area-not-yours"),
        ({"members": ["s-3"]}, 422, "group-members"),
        ({"members": ["b-1"]}, 422, "group-members"),
    ],
)
async def test_a_group_that_cannot_be_is_refused(
    air: Air, different: dict[str, Any], status: int, wrong: str
) -> None:
    town = await air.hub.sign_in(OPERATOR)
    assert problem(await town.post("/groups", RIVER | different), status)["type"] == wrong


async def test_a_name_is_used_once_and_a_village_speaks_to_no_group_of_the_town(air: Air) -> None:
    town, village = await air.hub.sign_in(OPERATOR), await air.hub.sign_in(VILLAGE_ADMIN)
    ok(await town.post("/groups", RIVER), 201)
    assert problem(await town.post("/groups", RIVER), 409)["type"] == "group-there"
    body = WORDS | {"areas": [], "zones": ["g-river"]}
    assert problem(await village.post("/broadcasts", body), 403)["type"] == "broadcast-zone-not-yours"
