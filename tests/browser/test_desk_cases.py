"""What else a case may need at a real screen: entered by hand, joined with another, kept in its last minute."""

from __future__ import annotations

import re

from playwright.async_api import expect

from hub.domain.cases import LAPSE_MS
from tests.browser.conftest import Room
from tests.stores import OPERATOR


async def test_a_telephone_call_is_entered_by_hand_while_the_desk_goes_on(room: Room) -> None:
    page = await room.seat(OPERATOR)
    await page.get_by_role("button", name="登记来电、来访").click()
    await page.get_by_role("searchbox").fill("刘桂")
    await expect(page.locator("#enter-found")).to_contain_text("上坪村")
    await page.keyboard.press("Enter")  # whoever searches has not decided yet
    await page.get_by_placeholder("病情、位置、要什么帮助").fill("孙女来电：奶奶摔倒了")
    other = await room.hub.press("b-3")
    await expect(page.locator(f"#row-{other}")).to_be_visible()
    await expect(page.get_by_placeholder("病情、位置、要什么帮助")).to_have_value("孙女来电：奶奶摔倒了")
    await page.get_by_role("button", name="登记，由我处置").click()
    card = page.locator(".card-call")
    await expect(card).to_contain_text("电话求助")
    await expect(card.locator(".card-state")).to_contain_text("我在处置")
    await expect(card.locator(".timeline")).to_contain_text("孙女来电：奶奶摔倒了")
    await expect(page).to_have_url(re.compile(r"/desk\?call=c"))


async def test_two_calls_of_one_emergency_become_one(room: Room) -> None:
    page = await room.seat(OPERATOR)
    call, other = await room.hub.press("b-1"), await room.hub.press("b-3")
    await page.locator(f"#answer-{call}").click()
    await page.locator("summary", has_text="合并").click()
    await page.locator(f".choice:has([value={other}])").click()
    await page.get_by_role("button", name="确认合并").click()
    await page.get_by_role("button", name="已并入另一个呼叫").click()
    await expect(page.locator(f"#card-{other} .card-state")).to_contain_text("我在处置")
    await expect(page.locator(f"#row-{call}")).to_have_count(0)


async def test_in_the_last_minute_one_click_keeps_the_call(room: Room) -> None:
    page = await room.seat(OPERATOR)
    call = await room.hub.press("b-1")
    await page.locator(f"#answer-{call}").click()
    await expect(page.locator(f"#card-{call} .card-state")).to_contain_text("我在处置")
    lapse = page.locator(".actions .lapse")
    await expect(lapse).to_be_hidden()
    room.hub.clock.move(LAPSE_MS - 30_000)
    await page.reload()
    await page.wait_for_selector("body.desk[data-link=up]")  # before that no script hears a click
    await expect(lapse).to_contain_text("放回等待列表")
    await expect(lapse.locator("b")).to_have_text(re.compile(r"0:[0-3]\d"))
    await lapse.get_by_role("button", name="仍在处置").click()
    await expect(lapse).to_be_hidden()
    await expect(page.locator(".timeline")).to_contain_text("续时")
