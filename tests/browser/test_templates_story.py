"""A warning is written from a template: its blanks are filled in, the text follows, and nothing open is sent."""

from __future__ import annotations

import re

from playwright.async_api import expect

from tests.browser.test_broadcasts_story import Office, office, send
from tests.stores import VILLAGE_ADMIN
from tests.web import ADMIN

__all__ = ["office"]  # the fixture


def containing(words: str) -> re.Pattern[str]:
    """A value with these words in it."""
    return re.compile(re.escape(words))


async def test_the_blanks_of_a_template_become_a_text_that_sounds(office: Office) -> None:
    page = await office.at(VILLAGE_ADMIN, "/broadcasts/new")
    await page.locator(".template-picker").get_by_text("防盗提醒").click()
    text, blanks = page.locator("#text"), page.locator("#blanks input")
    await expect(blanks).to_have_count(4)
    await expect(page.locator("[name=category][value=theft]")).to_be_checked()
    for at, words in enumerate(("11月29日夜里", "二组", "3起入户盗窃", "0571-86001234")):
        await blanks.nth(at).fill(words)
        await expect(text).to_have_value(containing(words))
    await expect(page.locator("#spoken")).to_have_value(containing("二组发生3起入户盗窃"))
    broadcast = await send(page)
    play = await office.air.until_published("play")
    assert play["broadcast"] == broadcast
    assert "二组发生3起入户盗窃" in play["text"]


async def test_a_blank_left_open_is_named_and_nothing_sounds(office: Office) -> None:
    page = await office.at(VILLAGE_ADMIN, "/broadcasts/new")
    await page.locator(".template-picker").get_by_text("防火提醒").click()
    await page.locator("#blanks input").first.fill("12月1日")
    await page.get_by_role("button", name="立即播出").click()
    await expect(page.locator("#wrong-text")).to_contain_text("还有空没有填：地点、等级、村委会电话")
    assert office.air.published == []


async def test_a_text_that_was_changed_by_hand_is_not_replaced(office: Office) -> None:
    page = await office.at(VILLAGE_ADMIN, "/broadcasts/new")
    picker, text = page.locator(".template-picker"), page.locator("#text")
    await picker.get_by_text("防诈骗提醒").click()
    await text.fill("我自己的话")
    await expect(page.locator("#blanks-over")).to_be_visible()
    await expect(page.locator("#blanks input").first).to_be_disabled()
    page.once("dialog", lambda dialog: dialog.dismiss())
    await picker.get_by_text("防火提醒").click()
    await expect(text).to_have_value("我自己的话")
    await expect(picker.locator("[value=fraud]")).to_be_checked()
    page.once("dialog", lambda dialog: dialog.accept())
    await picker.get_by_text("防火提醒").click()
    await expect(text).to_have_value(containing("{日期}"))


async def test_the_county_writes_a_template_of_its_own(office: Office) -> None:
    page = await office.at(ADMIN, "/broadcasts")
    await page.get_by_role("link", name="广播模板").click()
    new = page.locator(".template").last
    await new.get_by_text("新模板").click()
    await new.get_by_label("名称").fill("停水通知")
    await new.get_by_label("内容").fill("{时间}停水，请储水。")
    await new.get_by_role("button", name="保存").click()
    await expect(page.get_by_text("已保存")).to_be_visible()
    await page.goto(page.url.replace(page.url[page.url.index("/broadcasts") :], "/broadcasts/new"))
    await page.locator(".template-picker").get_by_text("停水通知").click()
    await page.locator("#blanks input").fill("明天上午")
    await expect(page.locator("#text")).to_have_value("明天上午停水，请储水。")
