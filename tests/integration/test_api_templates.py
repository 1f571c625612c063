"""Templates over HTTP: every county has four, changes them, and broadcasts from them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.stores import CLINIC_STAFF, VILLAGE, VILLAGE_ADMIN
from tests.web import ADMIN, problem
from tests.web_broadcasts import Air, ok

RAIN = {"id": "rain", "name": "暴雨", "category": "weather", "text": "今晚{地点}有{雨量}毫米的雨"}
FILLED = {"template": "rain", "vars": {"地点": "上坪村", "雨量": 50}, "areas": [VILLAGE]}


async def test_every_county_begins_with_warnings_of_fraud_fire_theft_and_weather(air: Air) -> None:
    admin = await air.hub.sign_in(VILLAGE_ADMIN)
    items = ok(await admin.get("/templates"))["items"]
    assert {(one["id"], one["category"]) for one in items} == {
        (name, name) for name in ("fraud", "fire", "theft", "weather")
    }
    for one in items:
        assert one["vars"]
        sent = {"template": one["id"], "vars": dict.fromkeys(one["vars"], "某处"), "areas": [VILLAGE]}
        made = ok(await admin.post("/broadcasts", sent), 201)
        assert (made["title"], made["category"]) == (one["name"], one["category"])
        assert "某处" in made["text"]
        assert "{" not in made["text"]


async def test_a_template_is_written_filled_in_and_sounds(air: Air) -> None:
    county, village = await air.hub.sign_in(ADMIN), await air.hub.sign_in(VILLAGE_ADMIN)
    assert ok(await county.post("/templates", RAIN), 201)["vars"] == ["地点", "雨量"]
    made = ok(await village.post("/broadcasts", FILLED), 201)
    assert (made["text"], made["title"], made["category"]) == ("今晚上坪村有50毫米的雨", "暴雨", "weather")
    assert (await air.until_published("play"))["text"].endswith("今晚上坪村有50毫米的雨")
    named = ok(await village.post("/broadcasts", FILLED | {"title": "雨", "category": "notice"}), 201)
    assert (named["title"], named["category"]) == ("雨", "notice")


async def test_a_broadcast_that_waits_is_changed_to_a_template(air: Air) -> None:
    village = await air.hub.sign_in(VILLAGE_ADMIN)
    words = {"text": "开会", "areas": [VILLAGE], "at": air.hub.clock.now() + 3_600_000}
    made = ok(await village.post("/broadcasts", words), 201)
    path = f"/api/v1/broadcasts/{made['id']}"
    changed = ok(await village.http.patch(path, json={"template": "fraud", "vars": await _all(village)}))
    assert changed["text"].startswith("各位村民请注意")
    assert changed["category"] == "notice"  # named when it was written, and left as it is
    problem(await village.http.patch(path, json={"template": "fraud"}), 422)


@pytest.mark.parametrize(
    ("different", "wrong", "told"),
    [
        ({"template": "storm"}, "broadcast-template-unknown", "storm"),
        ({"vars": {}}, "broadcast-template-unfilled", "地点、雨量"),
        ({"vars": {"地点": "上坪村"}}, "broadcast-template-unfilled", "雨量"),
        ({"vars": {"地点": "上坪村", "雨量": "5", "风": "6"}}, "broadcast-template-unasked", "风"),
        ({"vars": {"地点": "上" * 201, "雨量": "5"}}, "broadcast-template-value", "地点"),
        ({"text": "有雨"}, "broadcast-source", "模板"),
        ({"template": None}, "broadcast-template-none", "template"),
        ({"vars": {"地点": True}}, "request-invalid", ""),
        ({"vars": [1]}, "request-invalid", ""),
    ],
)
async def test_what_cannot_be_filled_in_is_named_and_nothing_sounds(
    air: Air, different: dict[str, Any], wrong: str, told: str
) -> None:
    county = await air.hub.sign_in(ADMIN)
    ok(await county.post("/templates", RAIN), 201)
    refused = problem(await county.post("/broadcasts", FILLED | different), 422)
    assert refused["type"] == wrong
    assert told in refused["title"]
    assert ok(await county.get("/broadcasts"))["items"] == []


async def test_a_repeated_request_is_the_same_broadcast_though_its_template_is_gone(air: Air) -> None:
    county = await air.hub.sign_in(ADMIN)
    ok(await county.post("/templates", RAIN), 201)
    key = {"idempotency-key": "once"}
    first = await county.http.post("/api/v1/broadcasts", json=FILLED, headers=key)
    assert (await county.http.delete("/api/v1/templates/rain")).status_code == 204
    again = await county.http.post("/api/v1/broadcasts", json=FILLED, headers=key)
    assert ok(again, 201)["id"] == ok(first, 201)["id"]


async def test_the_county_changes_its_templates_and_everybody_else_reads_them(air: Air) -> None:
    county, village = await air.hub.sign_in(ADMIN), await air.hub.sign_in(VILLAGE_ADMIN)
    text = "接到{来电}请挂断"
    changed = ok(await county.http.patch("/api/v1/templates/fraud", json={"text": text}))
    assert (changed["text"], changed["vars"], changed["changed_by"]) == (text, ["来电"], ADMIN.name)
    seen = next(one for one in ok(await village.get("/templates"))["items"] if one["id"] == "fraud")
    assert seen == changed
    ok(await (await air.hub.sign_in(CLINIC_STAFF)).get("/templates"))
    problem(await village.http.patch("/api/v1/templates/fraud", json={"text": "x"}), 403)
    problem(await village.post("/templates", RAIN), 403)
    problem(await village.http.delete("/api/v1/templates/fraud"), 403)
    problem(await county.http.patch("/api/v1/templates/rain", json={"text": "x"}), 404)
    problem(await county.http.delete("/api/v1/templates/rain"), 404)


@pytest.mark.parametrize(
    ("different", "status", "wrong"),
    [
        ({"id": "Rain!"}, 422, "template-id"),
        ({"id": "fraud"}, 409, "template-there"),
        ({"name": ""}, 422, "broadcast-template-name"),
        ({"text": " "}, 422, "broadcast-text-empty"),
        ({"text": "今晚{地点有雨"}, 422, "broadcast-template-blank"),
        ({"category": "rain"}, 422, "request-invalid"),
    ],
)
async def test_a_template_that_cannot_be_is_refused(
    air: Air, different: dict[str, Any], status: int, wrong: str
) -> None:
    county = await air.hub.sign_in(ADMIN)
    assert problem(await county.post("/templates", RAIN | different), status)["type"] == wrong


async def _all(desk: Any) -> dict[str, str]:
    items = ok(await desk.get("/templates"))["items"]
    blanks = next(one["vars"] for one in items if one["id"] == "fraud")
    return dict.fromkeys(blanks, "某处")
