"""Pictures of the pages of broadcasts over the demo county, with real speech in their players."""

from __future__ import annotations

import asyncio
import contextlib
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

from playwright.async_api import Browser, Page, ViewportSize, expect

from broadcast.domain.broadcasts import BroadcastState
from broadcast.domain.people import Author
from broadcast.domain.priorities import Category
from broadcast.domain.runs import Run
from broadcast.domain.schedule import Timing
from broadcast.service import writing
from broadcast.service.writing import Wanted
from broadcast.studio import open_studio
from devices.messages import ReceiptState
from hub.db.store import open_store
from hub.demo.secrets import Secrets, draw_secrets
from hub.demo.seed import hash_all, seed
from hub.domain.broadcast_rights import author_of
from hub.studio.desk import StudioDesk
from hub.studio.wire import Answer, Question
from tests.stores import Moved
from tests.village import EVERYTHING
from tests.web_broadcasts import Air, FakeDesk, on_air

MORNING_MS = 1_789_950_600_000  # a Monday of September 2026, 08:30 in Beijing
HOUR_MS = 3_600_000
WIDE = ViewportSize(width=1366, height=768)
TALL = ViewportSize(width=1366, height=940)
PHONE = ViewportSize(width=390, height=844)
OPERATOR, VILLAGE_ADMIN, COUNTY_ADMIN = "shiqiao-operator-1", "shiqiao-village", "county-admin"
FRAUD = "各位村民，县反诈中心提醒：凡是要您转账12,800元、要验证码的电话，都是骗子。请马上挂断，拨打96110。"


class SpeakingDesk(FakeDesk):
    """The studio's own desk, in this process."""

    def __init__(self, desk: StudioDesk) -> None:
        super().__init__()
        self._desk = desk

    def answer(self, question: Question) -> Answer:
        return self._desk.answer(question)


class Day:
    """A day of broadcasts in the demo county."""

    def __init__(self, air: Air, people: dict[str, Author], towns: dict[str, str]) -> None:
        self.air = air
        self.people = people
        self.towns = towns
        self.store = air.hub.store
        self.clock = air.hub.clock

    async def write(self, who: str, zone: str, text: str, until: BroadcastState, **more: object) -> str:
        """Somebody writes a broadcast; its id once it is `until`."""
        now, author = self.clock.now(), self.people[who]
        wanted = writing.check(Wanted(zones=(self.towns[zone],), text=text, **more), now)  # type: ignore[arg-type]
        made = await self.store.run(lambda tx: writing.create(tx.broadcasting, wanted, author, now))
        await self.until(made.id, until)
        return made.id

    async def until(self, broadcast: str, state: BroadcastState) -> None:
        """Return once it is so."""
        async with asyncio.timeout(60):
            while True:
                found = await self.store.read(lambda read: read.broadcasts.one(broadcast, EVERYTHING))
                if found is not None and found.state is state:
                    return
                await asyncio.sleep(0.05)

    async def run_of(self, broadcast: str) -> Run:
        """Its newest run."""
        (run,) = await self.store.read(lambda read: read.broadcasts.runs([broadcast], 1))
        return run

    async def played(self, broadcast: str) -> None:
        """Every loudspeaker has played it."""
        run = await self.run_of(broadcast)
        for part in await self.store.read(lambda read: read.broadcasts.progress(run.id, "", 100)):
            self.air.report(part.device, run.id, ReceiptState.PLAYED)
        await self.until(broadcast, BroadcastState.DONE)


async def a_morning(day: Day) -> str:
    """What was said, what is coming, what waits; the id of what is on air."""
    water = await day.write(
        VILLAGE_ADMIN, "石桥社区", "今天上午九点到十一点停水，请提前储水。", BroadcastState.RUNNING,
    )  # fmt: skip
    day.clock.move(60_000)
    await day.played(water)
    day.clock.move(HOUR_MS)
    wind = await day.write(
        OPERATOR, "石桥镇", "气象台预报，今天午后有6级大风，请收好晾晒的东西。", BroadcastState.RUNNING,
        category=Category.WEATHER, title="午后大风",
    )  # fmt: skip
    day.clock.move(40_000)
    await day.played(wind)
    day.clock.move(HOUR_MS)
    weekly = Timing(rrule="FREQ=WEEKLY;BYDAY=MO,TH", starts="2026-09-21T18:30:00")
    await day.write(
        OPERATOR, "石桥镇", FRAUD, BroadcastState.SCHEDULED,
        category=Category.FRAUD, title="防诈骗提醒", timing=weekly,
    )  # fmt: skip
    await day.write(
        VILLAGE_ADMIN, "石桥社区", "明天上午8:30，卫生院来村里给65岁以上老人免费体检，请带身份证。",
        BroadcastState.SCHEDULED, title="老人免费体检", category=Category.SERVICE,
        timing=Timing(at=day.clock.now() + 9 * HOUR_MS),
    )  # fmt: skip
    await day.write(
        COUNTY_ADMIN, "清溪县", "全县从今天起进入森林防火期，上山不带火，发现火情拨打119。",
        BroadcastState.WAITING_APPROVAL, category=Category.FIRE, title="森林防火期",
    )  # fmt: skip
    fire = await day.write(
        OPERATOR, "石桥镇", "今晚8点，镇文化站放映露天电影，欢迎大家带上板凳来看。", BroadcastState.RUNNING,
        title="今晚放露天电影",
    )  # fmt: skip
    run = await day.run_of(fire)
    parts = await day.store.read(lambda read: read.broadcasts.progress(run.id, "", 100))
    said = (ReceiptState.PLAYED, ReceiptState.PLAYED, ReceiptState.PLAYING, ReceiptState.READY)
    for part, state in zip(parts, said, strict=False):
        day.air.report(part.device, run.id, state)
    day.air.report(parts[4].device, run.id, ReceiptState.FAILED, "fetch_failed")
    return fire


@contextlib.asynccontextmanager
async def demo_on_air(folder: Path) -> AsyncIterator[tuple[Day, Secrets]]:
    """The demo county in `folder`, with a studio that speaks."""
    clock = Moved(MORNING_MS)
    store = open_store(f"sqlite:///{folder / 'broadcasts.db'}", owner="hub-1", now=clock.now)
    secrets = draw_secrets(folder)
    hashes = hash_all(secrets)
    await store.run(lambda tx: seed(tx, hashes, clock.now()))
    accounts = await store.read(lambda read: read.accounts())
    names = await store.read(lambda read: read.area_names())
    people = {a.user.username: author_of(a.user) for a in accounts if a.user.clinic is None}
    with open_studio(folder / "data" / "audio") as studio:
        desk = SpeakingDesk(StudioDesk(studio, folder / "data" / "recordings"))
        async with on_air(store, clock, folder, desk) as air:
            yield Day(air, people, {name: code for code, name in names.items()}), secrets
    store.close()


async def sign_in(page: Page, url: str, username: str, secrets: Secrets) -> None:
    """Through the form, as people do."""
    await page.goto(f"{url}/sign-in?next=/broadcasts")
    await page.fill("#username", username)
    await page.fill("#password", secrets.users[username])
    await page.press("#password", "Enter")
    await page.wait_for_selector("body[data-link=up]")


async def show_form(page: Page, url: str) -> None:
    """The form as it is just before the button is pressed."""
    await page.goto(f"{url}/broadcasts/new")
    await page.locator("[name=category][value=fraud] + span").click()
    await page.fill("#text", FRAUD)
    await expect(page.locator("#spoken")).not_to_have_value("")
    for name in ("石桥社区", "柳湾村"):
        box = page.locator("label.spot", has_text=name).locator("input")
        if not await box.is_visible():
            await page.locator("#where summary").first.click(position={"x": 4, "y": 10})
        await box.check()
    await page.locator("[name=when][value=weekly] + span").click()
    for day in ("MO", "TH"):
        await page.locator(f"[value={day}] + span").click()
    await page.fill("#time", "18:30")
    await page.press("#time", "Tab")
    await expect(page.locator("#when-place")).to_contain_text("18:30")
    await page.locator("#listen").click()
    await expect(page.locator("#preview")).to_have_js_property("readyState", 4)
    await expect(page.locator("#listen")).to_be_enabled()
    await page.locator("#text").focus()


async def take(browser: Browser, folder: Path) -> None:
    """All of them, into `folder`."""
    with tempfile.TemporaryDirectory() as data:
        async with demo_on_air(Path(data)) as (day, secrets):
            await _take(browser, day, secrets, folder)


async def _take(browser: Browser, day: Day, secrets: Secrets, folder: Path) -> None:
    url, on_the_air = day.air.hub.url, await a_morning(day)
    for lang in ("zh", "en"):
        context = await browser.new_context(viewport=WIDE, locale=lang, timezone_id="Asia/Shanghai")
        page = await context.new_page()
        await sign_in(page, url, OPERATOR, secrets)
        await page.screenshot(path=folder / f"broadcasts.{lang}.png")
        await page.goto(f"{url}/broadcasts/{on_the_air}")
        await expect(page.locator("audio")).to_have_js_property("readyState", 4)
        await page.screenshot(path=folder / f"broadcast.{lang}.png")
        await page.set_viewport_size(TALL)
        await show_form(page, url)
        await page.screenshot(path=folder / f"broadcast-write.{lang}.png")
        await context.close()
    phone = await browser.new_context(viewport=PHONE, locale="zh", has_touch=True, is_mobile=True)
    page = await phone.new_page()
    await sign_in(page, url, VILLAGE_ADMIN, secrets)
    await page.goto(f"{url}/broadcasts/{on_the_air}")
    await page.screenshot(path=folder / "broadcast-phone.zh.png")
    await phone.close()
