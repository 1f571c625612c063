"""Rosters, plans and coverage in a real browser: the county's administrator sees a hole and closes it."""

from __future__ import annotations

from playwright.async_api import expect

from hub.domain.desks import Desk
from tests.browser.conftest import Room
from tests.stores import COUNTY_OPERATOR, OPERATOR, OTHER_OPERATOR, TOWN, VILLAGE
from tests.web import ADMIN


async def test_a_roster_is_written_its_gap_seen_and_a_stand_in_found(room: Room) -> None:
    page = await room.visit(ADMIN, "/rosters")
    place = page.locator(f"[id='center:{TOWN}']")
    await expect(place).to_contain_text("没有排班，1 人都算在班")
    await place.get_by_role("link", name="编写排班").click()
    day = page.locator(".shift").nth(0)
    await day.get_by_label("班次名称").fill("白班")
    await page.get_by_role("button", name="保存").click()
    await expect(page.get_by_role("alert")).to_contain_text("班次没有人")
    await day.get_by_text(OPERATOR.name, exact=True).first.click()
    await day.get_by_label("带班领导").select_option(label=OPERATOR.name)
    night = page.locator(".shift").nth(1)
    await night.get_by_label("开始").fill("")
    await night.get_by_label("结束").fill("")
    await page.get_by_role("button", name="保存").click()
    await expect(page.get_by_role("status")).to_contain_text("已保存")

    await page.get_by_role("link", name="值守检查").click()
    await expect(page.locator("#rosters")).to_contain_text("没有人值班")
    await expect(page.locator("#villages")).to_contain_text(
        "每个村都有"
    )  # the clinic has no roster: all are on duty
    await page.locator("#rosters").get_by_role("link").click()
    await page.locator(".shift").nth(1).get_by_label("班次名称").fill("夜班")
    for label, hour in (("开始", "20:00"), ("结束", "08:00")):
        await page.locator(".shift").nth(1).get_by_label(label).fill(hour)
    await page.locator(".shift").nth(1).get_by_text(OPERATOR.name, exact=True).first.click()
    await page.get_by_role("button", name="保存").click()
    await expect(page.get_by_role("status")).to_contain_text("已保存")
    await page.get_by_role("link", name="值守检查").click()
    await expect(page.locator("#rosters")).to_contain_text("未来七天排班没有空档")
    await page.get_by_role("link", name="排班", exact=True).click()
    await expect(page.locator(".day")).to_have_count(1)
    await expect(page.locator(".on-now")).to_contain_text(OPERATOR.name)


async def test_a_plan_is_written_and_rehearsed_for_the_middle_of_the_night(room: Room) -> None:
    page = await room.visit(ADMIN, "/policies")
    await page.get_by_role("link", name="新预案").click()
    await page.get_by_label("用于").select_option(label="　石桥镇")
    await page.get_by_label("名称").fill("石桥镇预案")
    await page.get_by_label("第 2 步：多少秒后").fill("0")
    await page.get_by_role("button", name="保存").click()
    await expect(page.get_by_role("alert")).to_contain_text("第 2 步")
    await page.get_by_label("第 2 步：多少秒后").fill("10")
    await page.get_by_role("button", name="保存").click()
    await expect(page.get_by_role("status")).to_contain_text("已保存")
    await page.get_by_label("住户").fill("刘桂兰")
    await page.get_by_label("时间").fill("2026-12-24T03:00")
    await page.get_by_role("button", name="开始预演").click()
    rows = page.locator("#rehearsal tbody tr")
    await expect(rows.nth(0)).to_contain_text("石桥镇")
    await expect(page.locator("#rehearsal")).to_contain_text("按排班计算")
    await expect(page.locator("#rehearsal")).to_contain_text("孙勇")
    await page.get_by_label("住户").fill("没有这个人")
    await page.get_by_role("button", name="开始预演").click()
    await expect(page.locator("#rehearsal")).to_contain_text("没有找到")


async def test_a_town_sees_its_own_holes_alone(room: Room) -> None:
    screen = Desk(
        id="k-1",
        user=OPERATOR.id,
        targets=(f"center:{TOWN}",),
        audible=True,
        expires_at=room.hub.clock.now() + 3_600_000,
    )
    await room.hub.store.run(lambda tx: tx.desks.put(screen))
    page = await room.visit(OPERATOR, "/coverage")
    await expect(page.locator("#residents tbody tr")).to_have_count(1)
    await expect(page.locator("#residents")).to_contain_text("没有卫生院")
    await expect(page.locator("#desks li")).to_have_count(1)
    await expect(page.locator("#desks")).to_contain_text("石桥镇卫生院")
    refused = await page.goto(f"{room.hub.url}/coverage?area=990421102000")
    assert refused is not None
    assert refused.status == 404

    county = await room.visit(COUNTY_OPERATOR, f"/coverage?area={VILLAGE}", lang="en-GB")
    await expect(county.locator("#residents")).to_contain_text("no clinic")
    other = await room.visit(OTHER_OPERATOR, "/rosters")
    await expect(other.locator(".plan")).to_have_count(2)
    await expect(other.get_by_role("link", name="编写排班")).to_have_count(1)
