"""One call through three hands: the town sends the clinic, the county takes over, the family rates by a link."""

from __future__ import annotations

import re

from playwright.async_api import Page, expect

from devices.messages import ReplyState
from tests.browser.conftest import Room
from tests.browser.test_desk_story import heard, press_button
from tests.stores import CLINIC_STAFF, COUNTY_OPERATOR, OPERATOR

NOTICES = "SELECT body FROM outbox WHERE kind = 'notice' ORDER BY id"


async def test_a_call_from_the_press_to_the_rating_with_three_people_in_three_browsers(room: Room) -> None:
    town, clinic, county = [await room.seat(user) for user in (OPERATOR, CLINIC_STAFF, COUNTY_OPERATOR)]
    call = (await press_button(room)).call
    assert call is not None
    await expect(town.locator(f"#row-{call}")).to_be_visible()
    await town.keyboard.press("Enter")
    await expect(town.locator(f"#card-{call} .card-state")).to_contain_text("我在处置")
    await expect(clinic.locator(f"#row-{call}")).to_contain_text("王芳正在处置")

    await the_clinic_is_sent_and_goes(town, clinic, call)
    told = await heard(room)
    assert (told.state, told.by) == (ReplyState.COMING, "石桥镇卫生院")
    await expect(county.locator(f"#row-{call}")).to_contain_text("石桥镇卫生院 已到场")

    await the_county_takes_over(town, county, call)
    await clinic.locator(f"#card-{call} .actions").get_by_role("button", name="救治完毕").click()
    await expect(county.locator("#helper-clinic-clinic-1")).to_contain_text("已完成")
    await resolve(county, call)
    assert (await heard(room)).state is ReplyState.CLOSED

    await county.locator("summary", has_text="回访结案").click()
    await county.get_by_role("button", name="发短信链接").click()
    await expect(county.locator(".timeline")).to_contain_text("已发短信链接")
    await the_family_rates(room)
    await expect(county.locator(f"#row-{call}")).to_have_count(0)
    await expect(county.locator(f"#card-{call} .card-state")).to_contain_text("5 分")
    await expect(town.locator(f"#row-{call}")).to_have_count(0)


async def the_clinic_is_sent_and_goes(town: Page, clinic: Page, call: str) -> None:
    """One click sends it; its desk rings until it accepts; the town sees every step."""
    line = town.locator("#helper-clinic-clinic-1")
    await line.get_by_role("button", name="通知前往").click()
    await expect(line).to_contain_text("已通知")
    asked = clinic.locator(f"#rows-asked #row-{call}")
    await expect(asked).to_be_visible()
    await expect(clinic.locator("body")).to_have_attribute("data-ringing", re.compile("[1-3]"))
    await clinic.keyboard.press("Enter")
    await expect(asked).to_have_count(0)
    await expect(clinic.locator("body")).to_have_attribute("data-ringing", "0")
    await expect(line).to_contain_text("已答应")
    ours = clinic.locator(f"#card-{call} .actions")
    await ours.get_by_role("button", name="已出发").click()
    await expect(line).to_contain_text("在路上")
    await ours.get_by_role("button", name="已到场").click()
    await expect(town.locator(f"#card-{call} .card-state")).to_contain_text("已到现场")


async def the_county_takes_over(town: Page, county: Page, call: str) -> None:
    """The holder gives the call, and its follow-up, to the county's center."""
    await town.locator("summary", has_text="转交").click()
    await town.locator(".choice", has_text="赵敏").click()
    await town.get_by_role("button", name="确认转交").click()
    await expect(town.locator(f"#card-{call}")).to_contain_text("赵敏正在处置")
    await expect(county.locator(f"#row-{call}.is-mine")).to_be_visible()
    await county.locator(f"#open-{call}").click()


async def resolve(desk: Page, call: str) -> None:
    """The holder says how it ended."""
    card = desk.locator(f"#card-{call}")
    await card.locator("summary", has_text="处置完毕").click()
    await card.get_by_text("已帮到").click()
    await card.get_by_role("button", name="确认处置完毕").click()
    await expect(desk.locator("#rows-follow-up .row-call")).to_have_count(1)


async def the_family_rates(room: Room) -> None:
    """Whoever has the message taps once; nobody signs in, and the link works once."""
    sent = await room.hub.store.read(lambda read: list(read.conn.exec_driver_sql(NOTICES).scalars()))
    (link,) = re.findall(rb"/f/[A-Za-z0-9_-]+", b" ".join(map(bytes, sent)))
    context = await room.browser.new_context(locale="zh-CN")
    page = await context.new_page()
    await page.goto(f"{room.hub.url}{link.decode()}")
    await page.get_by_role("button", name="非常满意").click()
    await expect(page.get_by_role("status")).to_contain_text("谢谢您")
    await page.goto(f"{room.hub.url}{link.decode()}")
    await expect(page.get_by_role("status")).to_contain_text("已经评价过")
    await context.close()
