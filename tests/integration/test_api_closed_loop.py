"""The whole loop over HTTP, three people and a button: report, dispatch, handle, feedback, rate."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import msgspec

from devices.codec import decode_reply
from devices.messages import Reply, ReplyState
from hub.db.transaction import Tx
from hub.domain.notices import NoticeDraft
from tests.stores import CLINIC_STAFF, COUNTY_OPERATOR, OPERATOR, Moved
from tests.web import DEVICE_PASSWORD, Desk, RunningHub, problem


class Button:
    """The elder's button, over the second path."""

    def __init__(self, hub: RunningHub, name: str = "b-1") -> None:
        self._desk = hub.client()
        self._desk.http.auth = httpx.BasicAuth(name, DEVICE_PASSWORD)

    async def press(self, press: str, kind: str = "sos") -> Reply:
        body = msgspec.json.encode({"id": press, "kind": kind, "at": None})
        return decode_reply((await self._desk.http.post("/api/v1/device/calls", content=body)).content)

    async def hears(self, press: str) -> Reply:
        return decode_reply((await self._desk.get(f"/device/calls/{press}")).content)


async def post(desk: Desk, path: str, body: object | None = None) -> dict[str, Any]:
    answer = await desk.post(path, body)
    assert answer.status_code in (200, 201), answer.text
    told: dict[str, Any] = answer.json()
    return told


async def test_from_the_press_to_the_rating(hub: RunningHub, clock: Moved) -> None:
    button = Button(hub)
    center, clinic = await hub.sign_in(OPERATOR), await hub.sign_in(CLINIC_STAFF)
    call = (await button.press("p-1")).call
    assert (await button.hears("p-1")).state is ReplyState.RECEIVED

    await post(center, f"/calls/{call}/answer")
    assert ((await button.hears("p-1")).state, (await button.hears("p-1")).by) == (
        ReplyState.ANSWERED,
        "王值班员",
    )
    sent = await post(center, f"/calls/{call}/dispatch", {"to": "clinic-1", "note": "说胸口疼"})
    assert sent["state"] == "dispatched"
    [line] = (await center.get(f"/calls/{call}")).json()["responders"]
    assert (line["state"], line["kind"], line["name"], line["note"]) == (
        "asked",
        "clinic",
        "石桥镇卫生院",
        "说胸口疼",
    )
    for step, state, heard in (
        ("accept", "dispatched", ReplyState.COMING),
        ("on-the-way", "dispatched", ReplyState.COMING),
        ("arrived", "on_scene", ReplyState.COMING),
        ("done", "on_scene", ReplyState.COMING),
    ):
        clock.move(1_000)
        moved = await post(clinic, f"/calls/{call}/responders/{line['id']}/{step}")
        assert moved["state"] == state
        reply = await button.hears("p-1")
        assert (reply.state, reply.by) == (heard, "石桥镇卫生院")
        assert "石桥镇卫生院" in reply.say
    resolved = await post(center, f"/calls/{call}/resolve", {"outcome": "ambulance", "note": "已送医"})
    assert (resolved["state"], resolved["outcome"]) == ("resolved", "ambulance")
    assert (await button.hears("p-1")).state is ReplyState.CLOSED

    asked = await post(center, f"/calls/{call}/ask-feedback", {"by": "device"})
    assert (asked["state"], (await button.hears("p-1")).ask) == ("feedback", "rate")
    await button.press("p-ok", "ok")
    closed = (await center.get(f"/calls/{call}")).json()
    assert (closed["state"], closed["rating"]) == ("closed", 5)
    assert [item["type"] for item in closed["timeline"]] == [
        "call.raised", "call.rung", "call.answered", "call.dispatched", *["call.responder"] * 4, "call.resolved",
        "call.feedback_asked", "call.closed",
    ]  # fmt: skip


async def test_somebody_asked_on_behalf_of_the_elder_is_told_by_their_role(sqlite_hub: RunningHub) -> None:
    button, desk = Button(sqlite_hub), await sqlite_hub.sign_in(OPERATOR)
    call = (await button.press("p-1")).call
    await post(desk, f"/calls/{call}/answer")
    for to, by in (("p-grid", "网格员"), ("120", "120急救人员")):
        await post(desk, f"/calls/{call}/dispatch", {"to": to, "note": ""})
        lines = (await desk.get(f"/calls/{call}")).json()["responders"]
        line = next(line for line in lines if line["to"] == to)
        if line["state"] == "asked":
            await post(desk, f"/calls/{call}/responders/{line['id']}/accept")
        reply = await button.hears("p-1")
        if to == "120":  # the first who accepted is said, until somebody is nearer
            await post(desk, f"/calls/{call}/responders/{line['id']}/on-the-way")
            reply = await button.hears("p-1")
        assert (reply.state, reply.by) == (ReplyState.COMING, by)
        assert reply.say.startswith(by)


async def test_the_link_of_the_message_rates_without_signing_in_and_once(hub: RunningHub) -> None:
    desk = await hub.sign_in(OPERATOR)
    call = await hub.press()
    await post(desk, f"/calls/{call}/answer")
    await post(desk, f"/calls/{call}/resolve", {"outcome": "helped"})
    await post(desk, f"/calls/{call}/ask-feedback", {"by": "link"})
    url = await _link(hub)
    assert url.startswith(f"{hub.url}/f/")
    token = url.rsplit("/", 1)[1]
    nobody = hub.client()

    assert set((await nobody.get(f"/feedback/{token}")).json()) == {"raised_at", "until"}
    problem(await nobody.post(f"/feedback/{token}", {"rating": 6}), 422)
    problem(await nobody.post(f"/feedback/{token}", {"rating": "5"}), 422)
    ratings = await asyncio.gather(*(nobody.post(f"/feedback/{token}", {"rating": n}) for n in (1, 2, 3, 4)))
    assert sorted(answer.status_code for answer in ratings) == [200, 409, 409, 409]
    given = next(answer.json()["rating"] for answer in ratings if answer.status_code == 200)
    assert (await desk.get(f"/calls/{call}")).json()["rating"] == given
    assert problem(await nobody.get(f"/feedback/{token}"), 409)["type"] == "feedback-given"
    assert problem(await nobody.get("/feedback/no-such"), 404)["type"] == "feedback-link-over"
    stored = await hub.store.run(
        lambda tx: tx.conn.exec_driver_sql("SELECT token_hash FROM feedback_links").all()
    )
    assert token not in str(stored)


async def _link(hub: RunningHub) -> str:
    def read(tx: Tx) -> list[NoticeDraft]:
        rows = tx.conn.exec_driver_sql("SELECT body FROM outbox WHERE kind = 'notice' ORDER BY id")
        return [msgspec.json.decode(bytes(body), type=NoticeDraft) for (body,) in rows]

    drafts = await hub.store.run(read)
    return next(draft.params["url"] for draft in drafts if draft.message == "notice-feedback")


async def test_what_is_entered_by_hand_rings_and_is_one_with_the_press(hub: RunningHub) -> None:
    desk = await hub.sign_in(OPERATOR)
    entered = await desk.post("/calls", {"kind": "telephone", "resident": "r-1", "note": "说头晕"}, key="k-1")
    assert entered.status_code == 201
    call = entered.json()
    assert (call["state"], call["kind"], call["device"]) == ("ringing", "telephone", "")
    again = await desk.post("/calls", {"kind": "telephone", "resident": "r-1", "note": "说头晕"}, key="k-1")
    assert again.json()["id"] == call["id"]
    there = problem(await desk.post("/calls", {"resident": "r-1"}), 409)
    assert (there["type"], there["call"]) == ("call-there", call["id"])
    assert await hub.press("b-1") == call["id"]
    for body, kind in (
        ({"resident": "r-2"}, "resident-unknown"),
        ({"area": "990421102201"}, "entry-place"),
        ({}, "entry-place"),
        ({"resident": "r-3", "phone": "没有"}, "entry-phone"),
    ):
        assert problem(await desk.post("/calls", body), 422)["type"] == kind
    problem(await desk.post("/calls", {"resident": "r-3", "at": 1}), 422)


async def test_two_calls_become_one(hub: RunningHub) -> None:
    one, other = await hub.press("b-1"), await hub.press("b-2")
    county = await hub.sign_in(COUNTY_OPERATOR)
    await post(county, f"/calls/{one}/answer")
    whole = await post(county, f"/calls/{other}/merge", {"into": one})
    assert (whole["id"], whole["presses"]) == (one, 2)
    gone = (await county.get(f"/calls/{other}")).json()
    assert (gone["state"], gone["merged_into"]) == ("closed", one)
    assert (await county.get(f"/calls/{one}")).json()["merged"] == [other]
    assert problem(await county.post(f"/calls/{other}/answer"), 409)["type"] == "closed"
    for into, kind in ((one, "merge-itself"), ("c-none", "merge-unknown")):
        assert problem(await county.post(f"/calls/{one}/merge", {"into": into}), 422)["type"] == kind


async def test_409_says_which_and_who(hub: RunningHub) -> None:
    call = await hub.press()
    desk, clinic = await hub.sign_in(OPERATOR), await hub.sign_in(CLINIC_STAFF)
    waits = problem(await desk.post(f"/calls/{call}/dispatch", {"to": "120"}), 409)
    assert waits["type"] == "wrong-state"
    await post(desk, f"/calls/{call}/answer")
    for path, body in (
        ("answer", None),
        ("release", None),
        ("extend", None),
        ("handover", {"to": CLINIC_STAFF.id}),
        ("dispatch", {"to": "120", "note": ""}),
        ("resolve", {"outcome": "helped"}),
    ):
        held = problem(await clinic.post(f"/calls/{call}/{path}", body), 409)
        assert (held["type"], held["holder"]) == ("held", "王芳"), path
    await post(desk, f"/calls/{call}/resolve", {"outcome": "false_alarm"})
    over = problem(await clinic.post(f"/calls/{call}/answer"), 409)
    assert (over["type"], over["holder"]) == ("closed", "王芳")
    early = problem(await desk.post(f"/calls/{call}/dispatch", {"to": "120"}), 409)
    assert (early["type"], early["holder"]) == ("wrong-state", "王芳")


async def test_one_click_keeps_the_call(hub: RunningHub, clock: Moved) -> None:
    call = await hub.press()
    desk = await hub.sign_in(OPERATOR)
    first = await post(desk, f"/calls/{call}/answer")
    clock.move(200_000)
    kept = await post(desk, f"/calls/{call}/extend")
    assert kept["lapses_at"] - first["lapses_at"] == 200_000


async def test_a_handover_goes_to_whoever_could_take_it(hub: RunningHub) -> None:
    call = await hub.press()
    desk = await hub.sign_in(OPERATOR)
    await post(desk, f"/calls/{call}/answer")
    nobody = problem(await desk.post(f"/calls/{call}/handover", {"to": "u-village"}), 422)
    assert (nobody["type"], nobody["field"]) == ("handover-nobody", "to")
    over = await post(desk, f"/calls/{call}/handover", {"to": CLINIC_STAFF.id, "note": "换班"})
    assert over["holder"]["name"] == CLINIC_STAFF.name


async def test_a_cancel_is_confirmed_and_a_closed_case_reopened(hub: RunningHub) -> None:
    call = await hub.press()
    desk = await hub.sign_in(OPERATOR)
    assert problem(await desk.post(f"/calls/{call}/confirm-cancel"), 409)["type"] == "cancel-not-asked"
    await hub.press(kind="cancel")
    done = await post(desk, f"/calls/{call}/confirm-cancel", {"note": "说按错了"})
    assert (done["state"], done["outcome"]) == ("closed", "cancelled")
    again = await post(desk, f"/calls/{call}/reopen", {"note": "又按了"})
    assert (again["state"], again["holder"], again["outcome"]) == ("ringing", None, None)
