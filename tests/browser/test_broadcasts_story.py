"""Writing a broadcast, and watching it: what is corrected stays, what is wrong is shown where, coverage fills."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from devices.messages import ReceiptState
from hub.domain.people import User
from tests.browser.chromium import chromium
from tests.browser.conftest import Room
from tests.stores import COUNTY_OPERATOR, OPERATOR, VILLAGE, VILLAGE_ADMIN
from tests.web import ADMIN
from tests.web_broadcasts import Air

WORDS = "明天上午停水，请提前储水。"


class Office:
    """People at the pages of broadcasts, around a hub that broadcasts."""

    def __init__(self, room: Room, air: Air) -> None:
        self.room = room
        self.air = air

    async def at(self, user: User, path: str = "/broadcasts") -> Page:
        """`user` with a page open."""
        return await self.room.visit(user, path)


@pytest.fixture
async def office(air: Air) -> AsyncIterator[Office]:
    """An office with nobody in it yet."""
    async with chromium() as browser:
        room = Room(browser, air.hub)
        yield Office(room, air)
        assert not room.complaints, "\n".join(room.complaints)


async def send(page: Page, name: str = "立即播出") -> str:
    """Press the button; the id of what was sent."""
    await page.get_by_role("button", name=name).click()
    await page.wait_for_url("**/broadcasts/bc*")
    return page.url.rpartition("/")[2]


async def test_the_reading_follows_the_words_until_somebody_corrects_it(office: Office) -> None:
    page = await office.at(VILLAGE_ADMIN, "/broadcasts/new")
    text, reading = page.locator("#text"), page.locator("#spoken")
    await text.fill("拨打96110")
    await expect(reading).to_have_value("读：拨打96110")
    await reading.fill("拨打九六幺幺零")
    await text.fill("请拨打96110")
    await expect(page.locator("[data-count=text]")).to_have_text("8")
    await expect(page.locator(".hint-corrected")).to_be_visible()
    await page.get_by_role("button", name="试听").click()
    await expect(page.locator("#preview")).to_be_attached()  # the answer is there: nothing else is under way
    await expect(reading).to_have_value("拨打九六幺幺零")
    await page.get_by_role("button", name="按内容重新生成").click()
    await expect(reading).to_have_value("读：请拨打96110")
    await expect(page.locator(".hint-stale")).to_be_visible()


async def test_what_is_wrong_stands_where_it_is_and_what_was_written_stays(office: Office) -> None:
    page = await office.at(VILLAGE_ADMIN, "/broadcasts/new")
    await page.fill("#text", "……")
    await page.get_by_text("每周", exact=True).click()
    await page.get_by_role("button", name="保存，到时播出").click()
    await expect(page.locator("#toast")).to_contain_text("有 2 处要改")
    await expect(page.locator("#wrong-text")).to_contain_text("没有能读出来的字")
    await expect(page.locator("#wrong-when")).to_contain_text("请选星期几播")
    await expect(page.locator("#text")).to_have_value("……")
    await page.fill("#text", WORDS)
    await expect(page.locator("#wrong-text")).to_be_hidden()
    await page.fill("#time", "07:30")
    await page.get_by_text("周三", exact=True).click()
    await expect(page.locator("#when-place")).to_contain_text("每周三 07:30")
    await expect(page.locator("#when-place")).to_contain_text(
        "9月23日 周三 07:30；9月30日 周三 07:30；10月7日"
    )
    await expect(page.locator("#wrong-when")).to_be_hidden()
    await send(page, "保存，到时播出")
    await expect(page.locator(".whole-head .state")).to_have_text("到时播出")
    await page.get_by_role("link", name="广播", exact=True).first.click()
    await expect(page.locator("#rows-coming")).to_contain_text("每周三 07:30")
    assert office.air.published == []


async def test_a_recording_is_sent_looked_at_and_played(office: Office, tmp_path: Path) -> None:
    song, junk, huge = (tmp_path / name for name in ("song.wav", "junk.mp3", "huge.wav"))
    song.write_bytes(b"RIFF of a sort")
    junk.write_bytes(b"no sound at all")
    page = await office.at(VILLAGE_ADMIN, "/broadcasts/new")
    await page.get_by_text("录音", exact=True).click()
    await page.set_input_files("#file", junk)
    await expect(page.locator("#wrong-recording")).to_contain_text("这个文件不是录音")
    with huge.open("wb") as file:
        file.truncate(20 * 1024 * 1024 + 1)
    await page.set_input_files("#file", huge)
    await expect(page.locator("#wrong-recording")).to_contain_text("最大 20 MB")
    await page.set_input_files("#file", song)
    await expect(page.locator("#recording-state")).to_contain_text("song.wav")
    await expect(page.locator("#wrong-recording")).to_be_hidden()
    await page.locator(".more summary").click()
    await expect(page.locator("#title")).to_have_value("song")
    await page.fill("#title", "村歌")
    await send(page)
    await office.air.until_published("play")
    await expect(page.locator(".whole-head h1")).to_have_text("村歌")


async def test_coverage_fills_while_one_looks_and_names_who_is_missing(office: Office) -> None:
    page = await office.at(OPERATOR, "/broadcasts/new")
    await page.locator(f"input[value='{VILLAGE}']").check()
    await expect(page.locator("#reach")).to_contain_text("会在 2 个喇叭播出")
    await page.fill("#text", WORDS)
    await send(page)
    run = (await office.air.until_published("play"))["run"]
    missing, played = page.locator(".missing"), page.locator(".is-played dd")
    await expect(missing).to_contain_text(re.compile("上坪村.*s-1.*s-2"))
    office.air.report("s-1", run, ReceiptState.PLAYING)
    await expect(missing).to_contain_text("正在播")
    office.air.report("s-1", run, ReceiptState.PLAYED)
    await expect(played).to_have_text("1")
    await expect(missing).not_to_contain_text("s-1")
    office.air.report("s-2", run, ReceiptState.FAILED)
    await expect(page.locator(".speaker.is-failed")).to_contain_text("s-2")
    await expect(page.locator(".whole-head .state")).to_have_text("部分播成")


async def test_the_second_person_sees_it_come_listens_and_agrees_and_the_first_sees_that(
    office: Office,
) -> None:
    first, second = await office.at(ADMIN, "/broadcasts/new"), await office.at(COUNTY_OPERATOR)
    await expect(second.locator("body")).to_have_attribute("data-link", "up")
    await first.get_by_text("应急", exact=True).click()
    await first.locator("input[name=zones]").first.check()
    await expect(first.locator("#reach")).to_contain_text("要第二个人同意")
    await first.fill("#text", "请立即转移")
    broadcast = await send(first, "请人审批")
    await expect(first.locator(".whole-head .state")).to_have_text("等待审批")
    await expect(first.get_by_role("button", name="同意播出")).to_have_count(0)
    await second.locator(f"#rows-approval #row-{broadcast}").click()
    await expect(second.locator("audio")).to_be_attached()
    await second.get_by_role("button", name="同意播出").click()
    await office.air.until_published("play")
    await expect(first.locator(".whole-head .state")).to_have_text("正在播出")


async def test_everything_falls_silent_at_one_button(office: Office) -> None:
    writer, page = await office.at(VILLAGE_ADMIN, "/broadcasts/new"), await office.at(OPERATOR)
    await writer.fill("#text", WORDS)
    await send(writer)
    await expect(page.locator("#rows-air .row-broadcast")).to_have_count(1)
    await page.get_by_text("全部停播", exact=True).click()
    await page.get_by_role("button", name="确认全部停播").click()
    await expect(page.locator("#toast")).to_contain_text("已停播，停掉 1 次播出。")
    await office.air.until_published("stop")
    await expect(page.locator("#rows-air")).to_have_count(0)
    await expect(writer.locator(".whole-head .state")).to_have_text("已停播")


async def test_a_form_that_is_being_filled_in_survives_a_hub_that_does_not_answer(office: Office) -> None:
    page = await office.at(VILLAGE_ADMIN, "/broadcasts/new")
    await page.fill("#text", WORDS)
    await expect(page.locator("#spoken")).to_have_value(f"读：{WORDS}")
    await page.context.set_offline(True)
    await page.get_by_role("button", name="立即播出").click()
    await expect(page.locator("#toast")).to_contain_text("服务器没有应答")
    await expect(page.locator("#text")).to_have_value(WORDS)
    await page.context.set_offline(False)
    await send(page)
    await office.air.until_published("play")


async def test_what_comes_while_the_hand_is_down_is_shown_when_it_is_up(office: Office) -> None:
    page = await office.at(VILLAGE_ADMIN)
    await page.wait_for_selector("body[data-link=up]")
    await page.evaluate(
        "performance.now = () => 0"
    )  # however slow the machine is, the hand is not down for long
    await page.mouse.move(700, 500)
    await page.mouse.down()
    writer = await office.at(VILLAGE_ADMIN, "/broadcasts/new")
    await writer.fill("#text", WORDS)
    async with page.expect_response(lambda response: "/broadcasts/" in response.url):
        sent = await send(writer)
    await page.mouse.up()
    await expect(page.locator(f'a[href$="{sent}"]').first).to_be_visible()
