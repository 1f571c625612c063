"""The county's administrator keeps the register in a real browser: adds, mends, imports, looks at devices."""

from __future__ import annotations

import asyncio
from pathlib import Path

from playwright.async_api import Route, expect

from devices.messages import Status
from hub.domain.errors import Unavailable
from hub.domain.presence import Heard, Presence
from hub.domain.telemetry import Bucket, DeviceState, Latest
from tests.browser.conftest import Room
from tests.stores import OPERATOR, VILLAGE_ADMIN
from tests.web import ADMIN

MINUTE_MS = 60_000
HEAD = "编号,姓名,性别,出生年,所在地区,住址,电话,紧急联系人\n"


async def test_a_resident_is_entered_found_and_changed(room: Room) -> None:
    page = await room.visit(ADMIN, "/residents")
    await page.get_by_role("link", name="新增住户").click()
    await page.get_by_label("姓名 *").fill("彭秀珍")
    await page.get_by_text("女", exact=True).click()
    await page.get_by_label("所在地区").select_option(label="　　上坪村")
    await page.get_by_label("联系人姓名 1").fill("彭涛")
    await page.get_by_label("联系人电话 1").fill("问邻居")
    await page.get_by_label("电话", exact=True).fill("0990-5551234")
    await page.get_by_role("button", name="保存").click()
    await expect(page.locator("#wrong-contacts")).to_contain_text("问邻居")
    await expect(page.get_by_label("电话", exact=True)).to_have_value("0990-5551234")
    await page.get_by_label("联系人电话 1").fill("13900000011")
    await page.get_by_role("button", name="保存").click()
    await expect(page.get_by_role("status")).to_contain_text("已保存")
    await expect(page.get_by_label("联系人姓名 1")).to_have_value("彭涛")

    await page.get_by_role("navigation").get_by_role("link", name="住户").click()
    await page.get_by_role("searchbox").fill("5551234")
    await expect(page.locator("#rows tr")).to_have_count(1)
    await page.get_by_role("link", name="彭秀珍").click()
    await page.locator(".remove summary").click()
    await page.get_by_role("button", name="确认删除").click()
    await page.wait_for_url("**/residents")
    await expect(page.get_by_role("status")).to_contain_text("共 3 户")


async def test_what_is_typed_before_the_page_listens_is_looked_for(room: Room) -> None:
    page = await room.visit(ADMIN, "/residents/new")
    typed = asyncio.Event()

    async def late(route: Route) -> None:
        await typed.wait()
        await route.continue_()

    await page.route("**/htmx*", late)
    await page.goto(f"{room.hub.url}/residents", wait_until="commit")
    await page.get_by_role("searchbox").fill("没有这个人")
    typed.set()
    await expect(page.locator("#rows tr")).to_have_count(0)
    await expect(page.get_by_role("searchbox")).to_have_value("没有这个人")


async def test_who_has_a_button_is_not_removed_and_the_page_says_why(room: Room) -> None:
    page = await room.visit(ADMIN, "/residents/r-1")
    await page.locator(".remove summary").click()
    await page.get_by_role("button", name="确认删除").click()
    await expect(page.locator("#toast")).to_contain_text("b-1, b-1b")


async def test_every_wrong_line_is_named_before_a_mended_file_is_taken_in(room: Room, tmp_path: Path) -> None:
    page = await room.visit(ADMIN, "/residents")
    await page.get_by_role("link", name="导入").click()
    wrong = tmp_path / "住户.csv"
    wrong.write_bytes((HEAD + ",彭秀珍,女,四十年,上坪村,,,\n,,女,1940,柳林,,打不通,\n").encode("gb18030"))
    await page.set_input_files("#file", wrong)
    await page.get_by_role("button", name="检查文件").click()
    told = page.locator(".import-wrong tbody tr")
    await expect(told).to_have_count(4)
    await expect(told.nth(0)).to_contain_text("出生年")
    await expect(page.locator(".import-wrong")).to_contain_text("有 2 行不对")
    assert await count(room) == 3

    right = tmp_path / "改好.csv"
    right.write_text(HEAD + ",彭秀珍,女,1940,上坪村,,,\nr-1,刘桂兰,女,1941,上坪村,,13911112222,\n", "utf-8")
    await page.set_input_files("#file", right)
    await expect(page.locator(".import-wrong")).to_have_count(0)
    await page.get_by_role("button", name="检查文件").click()
    await expect(page.locator(".tally")).to_contain_text("1 新增")
    await expect(page.locator(".samples").first).to_contain_text("彭秀珍 1940 石桥镇上坪村")
    assert await count(room) == 3
    await page.get_by_role("button", name="确认导入 2 条").click()
    await expect(page.locator(".done")).to_contain_text("新增 1 条，修改 1 条")
    assert await count(room) == 4


async def test_a_file_changed_after_the_check_is_not_taken_in(room: Room, tmp_path: Path) -> None:
    page = await room.visit(ADMIN, "/areas/import")
    file = tmp_path / "areas.csv"
    file.write_text("地区代码,地区名称\n990421101202,新村\n", "utf-8")
    await page.set_input_files("#file", file)
    await page.get_by_role("button", name="检查文件").click()
    await page.evaluate("document.getElementById('file').dataset.clears = ''")
    file.write_text("地区代码,地区名称\n990421101203,另一村\n", "utf-8")
    await page.set_input_files("#file", file)
    await page.get_by_role("button", name="确认导入 1 条").click()
    await expect(page.locator("#toast")).to_contain_text("请重新检查")
    assert len(await room.hub.store.read(lambda read: read.areas(""))) == 5


async def test_an_area_and_a_helper_are_entered(room: Room) -> None:
    page = await room.visit(ADMIN, "/areas")
    await page.get_by_role("link", name="新增地区").click()
    await page.get_by_label("地区代码").fill("990421101203")
    await page.get_by_label("地区名称").fill("下坪村")
    await page.get_by_role("button", name="保存").click()
    await page.get_by_role("link", name="返回列表").click()
    await expect(page.get_by_role("link", name="下坪村")).to_be_visible()
    await page.get_by_role("navigation").get_by_role("link", name="帮手").click()
    await page.locator(".list-part").nth(0).get_by_role("link", name="新增").click()
    await page.get_by_label("姓名").fill("何医生")
    await page.get_by_label("所在地区").select_option(label="　　下坪村")
    await page.get_by_role("button", name="保存").click()
    await expect(page.get_by_role("heading", name="何医生")).to_be_visible()


async def test_a_village_reads_its_own_residents_without_medical_notes(room: Room) -> None:
    page = await room.visit(VILLAGE_ADMIN, "/residents")
    await expect(page.locator("#rows tr")).to_have_count(2)
    await expect(page.get_by_role("link", name="新增住户")).to_have_count(0)
    await page.get_by_role("link", name="刘桂兰").click()
    await expect(page.locator(".facts")).to_contain_text("孙勇")
    await expect(page.get_by_text("病情")).to_have_count(0)


async def test_a_device_tells_how_it_is_and_draws_its_day_and_month(room: Room) -> None:
    tell(room, "b-1", Presence.LOST, battery=9.0)
    page = await room.visit(OPERATOR, "/devices")
    row = page.locator("#device-b-1")
    await expect(row).to_contain_text("失联")
    await expect(row.locator(".low")).to_contain_text("9")
    await expect(page.locator("#device-b-2")).to_have_count(0)
    await page.get_by_role("link", name="b-1", exact=True).click()
    await expect(page.locator("#chart")).to_have_attribute("data-points", "3")
    await expect(page.locator(".plot canvas")).to_be_visible()
    await expect(page.locator("#chart")).to_have_attribute("data-range", "0…100 %")
    said = page.locator(".values tr td.number")
    await expect(said).to_have_text(["9 %", "-80 dBm", "2 小时 3 分"])
    await page.get_by_role("button", name="一个月").click()
    await page.wait_for_function(
        "() => document.querySelector('[data-span-ms][aria-pressed=true]').textContent === '一个月'"
    )
    await expect(page.locator(".plot canvas")).to_be_visible()
    assert room.hub.telemetry.asked[-1].step_ms >= 60 * MINUTE_MS
    await page.get_by_role("button", name="信号").click()
    await expect(page.locator(".chart-note")).to_contain_text("没有数值")


async def test_the_list_of_devices_follows_what_happens(room: Room) -> None:
    tell(room, "b-1", Presence.ONLINE, battery=90.0)
    page = await room.visit(OPERATOR, "/devices")
    await expect(page.locator("#device-b-1")).to_contain_text("在线")
    tell(room, "b-1", Presence.LATE, battery=90.0)
    await expect(page.locator("#device-b-1")).to_contain_text("迟到", timeout=30_000)
    room.hub.telemetry.away = Unavailable("telemetry-silent")
    await expect(page.locator(".trouble")).to_be_visible(timeout=30_000)


async def count(room: Room) -> int:
    return len(await room.hub.store.read(lambda read: read.residents("")))


def tell(room: Room, device: str, presence: Presence, *, battery: float) -> None:
    """The device is so, and has measured its battery three times today."""
    now = room.hub.clock.now()
    room.hub.telemetry.known[device] = DeviceState(
        presence=presence,
        since=now - MINUTE_MS,
        heard=Heard(now - MINUTE_MS, 900),
        about=Status(online=True, session="s", fw="1.4.2"),
        metrics={
            "battery": Latest(battery, now),
            "signal": Latest(-80.0, now),
            "uptime_s": Latest(7_384.0, now),
        },
    )
    room.hub.telemetry.buckets[device, "battery"] = tuple(
        Bucket(now - n * 15 * MINUTE_MS, battery + n, battery, battery + 2, 1) for n in (3, 2, 1)
    )
