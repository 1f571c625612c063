"""The main job at a real screen: a press appears, is answered, the elder is told, the case is closed."""

from __future__ import annotations

import re

import httpx
from playwright.async_api import expect

from devices.codec import decode_reply
from devices.messages import Reply, ReplyState
from tests.browser.conftest import Room
from tests.stores import CLINIC_STAFF, OPERATOR
from tests.web import DEVICE_PASSWORD, PATIENCE_S

PRESS = "p-browser-1"


async def press_button(room: Room, press: str = PRESS) -> Reply:
    """The button of r-1 calls over its second path; what it is told at once."""
    body = {"id": press, "kind": "sos", "at": None, "battery": 71}
    async with _button(room) as button:
        answer = await button.post("/api/v1/device/calls", json=body)
    assert answer.status_code == 200, answer.text
    return decode_reply(answer.content)


async def heard(room: Room, press: str = PRESS) -> Reply:
    """The newest that the button can hear of its press."""
    async with _button(room) as button:
        return decode_reply((await button.get(f"/api/v1/device/calls/{press}")).content)


def _button(room: Room) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=room.hub.url, auth=("b-1", DEVICE_PASSWORD), timeout=PATIENCE_S)


async def test_a_press_is_answered_with_enter_the_elder_is_told_and_the_case_is_closed(room: Room) -> None:
    page = await room.seat(OPERATOR)
    told = await press_button(room)
    assert told.state is ReplyState.RECEIVED
    row = page.locator("#rows-waiting .row-call")
    await expect(row).to_contain_text("刘桂兰")
    await expect(row).to_contain_text("85 岁")
    await expect(row).to_contain_text("上坪村")
    await expect(row.locator(".timer")).to_have_text(re.compile(r"\d+:\d\d"))
    await expect(page).to_have_title(re.compile(r"^\(1\)"))

    await page.keyboard.press("Enter")
    card = page.locator(f"#card-{told.call}")
    await expect(card.locator(".state").first).to_contain_text("我在处置")
    answered = await heard(room)
    assert (answered.state, answered.by) == (ReplyState.ANSWERED, "王值班员")
    assert "王值班员" in answered.say
    await expect(row).to_have_count(0)
    await expect(page.locator("#rows-held .row-call.is-mine")).to_have_count(1)

    await card.locator("summary", has_text="处置完毕").click()
    await card.get_by_text("已帮到").click()
    await card.get_by_role("button", name="确认处置完毕").click()
    await expect(page.locator("#rows-follow-up .row-call")).to_contain_text("由王芳处置")
    assert (await heard(room)).state is ReplyState.CLOSED

    await card.locator("summary", has_text="回访结案").click()
    await card.get_by_text("5 分", exact=True).click()
    await card.get_by_role("button", name="确认结案").click()
    await expect(page.locator("#queue .row-call")).to_have_count(0)
    await expect(card.locator(".timeline")).to_contain_text("回访结案，5 分")


async def test_the_others_see_who_has_it_and_who_was_late_is_told_so(room: Room) -> None:
    first, late = await room.seat(OPERATOR), await room.seat(CLINIC_STAFF)
    call = (await press_button(room)).call
    await expect(late.locator(f"#answer-{call}")).to_be_visible()
    await late.route("**/desk/queue*", lambda route: route.abort())  # as if their click were a moment earlier
    await first.locator(f"#answer-{call}").click()
    await expect(first.locator(f"#card-{call}")).to_contain_text("我在处置")
    await late.locator(f"#answer-{call}").click()
    await expect(late.locator("#toast")).to_contain_text("这个呼叫已由王芳接听")
    await expect(late.locator(f"#card-{call} .card-state")).to_contain_text("王芳")
    await late.unroute("**/desk/queue*")
    await press_button(room, "p-browser-2")
    await expect(late.locator(f"#row-{call}")).to_contain_text("王芳正在处置")
    await expect(late.locator(f"#answer-{call}")).to_have_count(0)


async def test_a_dialled_number_a_call_back_and_a_note_stand_in_the_timeline(room: Room) -> None:
    page = await room.seat(OPERATOR)
    call = (await press_button(room)).call
    await page.locator(f"#answer-{call}").click()
    panel = page.locator(f"#emergency-{call}-120")
    await panel.locator("summary").click()
    await expect(panel.locator(".script")).to_contain_text("清溪县石桥镇上坪村")
    await expect(panel.locator(".script")).to_contain_text("刘桂兰，85 岁")
    await panel.locator("[name=promised_in_min]").fill("12")
    await panel.get_by_role("button", name="登记：120 已拨打").click()
    timeline = page.locator(".timeline")
    await expect(timeline).to_contain_text("登记已拨打 120，对方说约")
    await expect(panel.locator(".dialled")).to_be_visible()
    await expect(panel.locator("[name=promised_in_min]")).to_have_value("")
    await page.locator(".note textarea").fill("邻居已在门口")
    await page.get_by_role("button", name="保存").click()
    await expect(timeline.locator("li").first).to_contain_text("邻居已在门口")


async def test_a_call_given_back_waits_and_rings_again(room: Room) -> None:
    page = await room.seat(OPERATOR)
    call = (await press_button(room)).call
    await page.locator(f"#answer-{call}").click()
    await expect(page.locator("#rows-waiting .row-call")).to_have_count(0)
    await page.get_by_role("button", name="放回").click()
    await expect(page.locator(f"#card-{call} .card-state")).to_contain_text("等待接听")
    await expect(page.locator(f"#rows-waiting #row-{call}[data-rings]")).to_be_visible()
    assert (await heard(room)).state is ReplyState.RECEIVED
