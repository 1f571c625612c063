"""Calls over HTTP: who sees which, one winner, strict bodies, requests that come twice."""

import asyncio

from tests.stores import CLINIC_STAFF, COUNTY_OPERATOR, OPERATOR, OTHER_OPERATOR, VILLAGE_ADMIN
from tests.web import ADMIN, RunningHub, problem


async def test_each_sees_the_calls_of_their_town_or_clinic_and_no_others(hub: RunningHub) -> None:
    here, there = await hub.press("b-1"), await hub.press("b-2")
    seen = {}
    for user in (OPERATOR, OTHER_OPERATOR, COUNTY_OPERATOR, CLINIC_STAFF, VILLAGE_ADMIN):
        page = (await (await hub.sign_in(user)).get("/calls", state="open")).json()
        seen[user.username] = {call["id"] for call in page["items"]}
    assert seen == {"op": {here}, "op2": {there}, "county": {here, there}, "dr": {here}, "va": set()}


async def test_a_call_of_another_town_does_not_exist(hub: RunningHub) -> None:
    call = await hub.press("b-2")
    desk = await hub.sign_in(OPERATOR)
    assert problem(await desk.get(f"/calls/{call}"), 404)["type"] == "call-unknown"
    assert problem(await desk.post(f"/calls/{call}/answer"), 404)["type"] == "call-unknown"
    assert problem(await desk.get("/calls/c-no-such"), 404)["type"] == "call-unknown"


async def test_two_hundred_answers_have_one_winner(hub: RunningHub) -> None:
    call = await hub.press()
    desks = [await hub.sign_in(user) for user in (OPERATOR, COUNTY_OPERATOR, CLINIC_STAFF)]
    answers = await asyncio.gather(*(desks[n % 3].post(f"/calls/{call}/answer") for n in range(200)))
    won = [answer for answer in answers if answer.status_code == 200]
    lost = [problem(answer, 409) for answer in answers if answer.status_code != 200]
    holders = {answer.json()["holder"]["id"] for answer in won}
    assert len(holders) == 1
    assert len(won) in (66, 67), "the holder's own copies are no conflict"
    assert {p["type"] for p in lost} == {"held"}
    assert {p["holder"] for p in lost} == {won[0].json()["holder"]["name"]}
    told = await hub.store.read(lambda read: [event.type for event in read.timeline(call)])
    assert told.count("call.answered") == 1


async def test_two_hubs_have_one_winner_too(hub: RunningHub, second_hub: RunningHub) -> None:
    call = await hub.press()
    desks = [await hub.sign_in(OPERATOR), await second_hub.sign_in(COUNTY_OPERATOR)]
    answers = await asyncio.gather(*(desks[n % 2].post(f"/calls/{call}/answer") for n in range(40)))
    assert sorted(answer.status_code for answer in answers) == [200] * 20 + [409] * 20


async def test_a_call_goes_its_way_and_its_timeline_tells_it(hub: RunningHub) -> None:
    call = await hub.press()
    desk = await hub.sign_in(OPERATOR)
    await desk.post(f"/calls/{call}/answer")
    await desk.post(f"/calls/{call}/note", {"note": "老人说胸口疼"})
    dialled = {"number": "120", "promised_at": hub.clock.now() + 900_000, "note": "十五分钟到"}
    await desk.post(f"/calls/{call}/dial", dialled)
    await desk.post(f"/calls/{call}/callback", {"outcome": "spoke", "note": ""})
    resolved = await desk.post(f"/calls/{call}/resolve", {"outcome": "ambulance", "note": "已送医"})
    assert resolved.json()["state"] == "resolved"
    closed = await desk.post(f"/calls/{call}/feedback", {"rating": 5, "note": ""})
    assert closed.json()["state"] == "closed"
    told = (await desk.get(f"/calls/{call}")).json()
    assert [item["type"] for item in told["timeline"]] == [
        "call.raised", "call.rung", "call.answered", "call.noted", "call.dialled", "call.called_back",
        "call.resolved", "call.closed",
    ]  # fmt: skip
    assert told["timeline"][0]["press"]["device"] == "b-1"
    assert told["timeline"][4]["number"] == "120"
    assert told["timeline"][4]["by"] == {"id": OPERATOR.id, "name": OPERATOR.name}
    assert told["card"]["resident"]["name"] == "刘桂兰"
    assert told["card"]["area_path"] == ["清溪县", "石桥镇", "上坪村"]
    assert [contact["kind"] for contact in told["card"]["contacts"]] == ["contact", "grid_worker", "clinic"]


async def test_a_released_call_waits_again(hub: RunningHub) -> None:
    call = await hub.press()
    desk = await hub.sign_in(OPERATOR)
    await desk.post(f"/calls/{call}/answer")
    other = await hub.sign_in(CLINIC_STAFF)
    assert problem(await other.post(f"/calls/{call}/release"), 409)["type"] == "held"
    assert (await desk.post(f"/calls/{call}/release")).json()["state"] == "ringing"
    assert (await other.post(f"/calls/{call}/answer")).status_code == 200


async def test_what_cannot_be_says_why(sqlite_hub: RunningHub) -> None:
    call = await sqlite_hub.press()
    desk = await sqlite_hub.sign_in(OPERATOR)
    early = problem(await desk.post(f"/calls/{call}/resolve", {"outcome": "helped", "note": ""}), 409)
    assert early["type"] == "wrong-state"
    await desk.post(f"/calls/{call}/answer")
    await desk.post(f"/calls/{call}/resolve", {"outcome": "helped", "note": ""})
    await desk.post(f"/calls/{call}/feedback", {"rating": None, "note": ""})
    assert problem(await desk.post(f"/calls/{call}/note", {"note": "x"}), 409)["type"] == "closed"
    assert problem(await desk.post(f"/calls/{call}/answer"), 409)["type"] == "closed"


async def test_bodies_are_strict(sqlite_hub: RunningHub) -> None:
    call = await sqlite_hub.press()
    desk = await sqlite_hub.sign_in(OPERATOR)
    for action, body, field in (
        ("note", {"note": "x", "at": 1}, "at"),
        ("note", {}, "note"),
        ("answer", {"hold": True}, "hold"),
        ("resolve", {"outcome": "vanished"}, "outcome"),
        ("feedback", {"rating": "5"}, "rating"),
        ("dial", {"number": "120", "promised_at": 1.5}, "promised_at"),
    ):
        told = problem(await desk.post(f"/calls/{call}/{action}", body), 422)
        assert [error["field"] for error in told["errors"]] == [field], action
    assert problem(await desk.post(f"/calls/{call}/dial", {"number": "12345"}), 422)["type"] == "dial-number"
    assert problem(await desk.post(f"/calls/{call}/note", {"note": " "}), 422)["type"] == "note-empty"


async def test_only_operators_and_clinics_handle_calls(sqlite_hub: RunningHub) -> None:
    call = await sqlite_hub.press()
    admin = await sqlite_hub.sign_in(ADMIN)
    assert (await admin.get(f"/calls/{call}")).status_code == 200
    assert problem(await admin.post(f"/calls/{call}/answer"), 403)["type"] == "calls-not-yours"


async def test_pages_stay_put_while_calls_come(hub: RunningHub) -> None:
    first = [await hub.press("b-1", kind="test") for _ in range(7)]
    desk = await hub.sign_in(OPERATOR)
    seen, cursor = [], None
    while True:
        query: dict[str, str | int] = {"state": "all", "limit": 3}
        query |= {} if cursor is None else {"cursor": cursor}
        page = (await desk.get("/calls", **query)).json()
        seen += [call["id"] for call in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
        await hub.press("b-1", kind="test")
    assert seen == first[::-1]
    assert (await desk.get("/calls", state="open")).json()["items"] == [], "tests are no open calls"


async def test_limits_and_cursors_are_checked(sqlite_hub: RunningHub) -> None:
    desk = await sqlite_hub.sign_in(OPERATOR)
    for query in (
        {"limit": 0},
        {"limit": 501},
        {"state": "gone"},
        {"cursor": "%%"},
        {"cursor": "é"},
        {"cursor": "OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTphYmM"},
    ):
        problem(await desk.get("/calls", **query), 422)
    assert (await desk.get("/calls", limit=500)).status_code == 200


async def test_a_request_that_comes_twice_is_done_once(hub: RunningHub) -> None:
    call = await hub.press()
    desk = await hub.sign_in(OPERATOR)
    note = {"note": "只记一次"}
    answers = await asyncio.gather(*(desk.post(f"/calls/{call}/note", note, key="k1") for _ in range(20)))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.content for answer in answers}) == 1
    told = (await desk.get(f"/calls/{call}")).json()["timeline"]
    assert [item["type"] for item in told].count("call.noted") == 1


async def test_a_key_is_for_one_request_one_person_and_one_day(sqlite_hub: RunningHub) -> None:
    call = await sqlite_hub.press()
    desk, clinic = await sqlite_hub.sign_in(OPERATOR), await sqlite_hub.sign_in(CLINIC_STAFF)
    path = f"/calls/{call}/note"
    await desk.post(path, {"note": "一"}, key="k1")
    used = problem(await desk.post(path, {"note": "二"}, key="k1"), 422)
    assert used["type"] == "idempotency-key-used"
    assert (await clinic.post(path, {"note": "二"}, key="k1")).status_code == 200
    sqlite_hub.clock.move(86_400_001 - 43_200_000)
    desk = await sqlite_hub.sign_in(OPERATOR)
    problem(await desk.post(path, {"note": "二"}, key="k1"), 422)
    sqlite_hub.clock.move(43_200_001)
    desk = await sqlite_hub.sign_in(OPERATOR)
    assert (await desk.post(path, {"note": "二"}, key="k1")).status_code == 200


async def test_a_refused_request_may_be_sent_again_under_its_key(sqlite_hub: RunningHub) -> None:
    call = await sqlite_hub.press()
    desk, clinic = await sqlite_hub.sign_in(OPERATOR), await sqlite_hub.sign_in(CLINIC_STAFF)
    await clinic.post(f"/calls/{call}/answer")
    problem(await desk.post(f"/calls/{call}/answer", key="mine"), 409)
    await clinic.post(f"/calls/{call}/release")
    assert (await desk.post(f"/calls/{call}/answer", key="mine")).status_code == 200
