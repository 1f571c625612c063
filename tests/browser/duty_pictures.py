"""Pictures of who is called: coverage, rosters, plans and their rehearsal, over the demo county's evening."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from playwright.async_api import Browser, Page, ViewportSize, expect

from hub.demo.secrets import Secrets
from hub.domain.people import Role
from tests.web import RunningHub

WIDE = ViewportSize(width=1366, height=768)
PHONE = ViewportSize(width=390, height=844)
CALLER = "欧阳德福"
AT_NIGHT = "2026-09-22T23:00"


class Shot(NamedTuple):
    """One picture: its name, the page, and what has to be there before it is taken."""

    name: str
    path: str
    there: str


SHOTS = (
    Shot("coverage", "/coverage", "#villages li"),
    Shot("rosters", "/rosters", ".week .span"),
    Shot("roster", "/rosters/roster-2", "fieldset.shift"),
    Shot("plans", "/policies", ".plan"),
    Shot("plan", "/policies/plan-demo", ".plan, form"),
)
IN_ENGLISH_TOO = {"coverage", "rosters"}
ON_THE_PHONE = {"coverage", "rosters", "roster", "plan"}


async def take(browser: Browser, hub: RunningHub, secrets: Secrets, folder: Path) -> None:
    """All of them, as the county's administrator sees them."""
    accounts = await hub.store.read(lambda read: read.accounts())
    admin = next(one.user.username for one in accounts if one.user.role is Role.COUNTY_ADMIN)
    for lang in ("zh", "en"):
        context = await browser.new_context(viewport=WIDE, locale=lang, timezone_id="Asia/Shanghai")
        page = await context.new_page()
        await _sign_in(page, hub, admin, secrets)
        for shot in SHOTS:
            if lang == "zh" or shot.name in IN_ENGLISH_TOO:
                await _shoot(page, hub, shot, folder / f"{shot.name}.{lang}.png")
        if lang == "zh":
            await _rehearse(page, hub)
            await page.locator(".rehearse").screenshot(path=folder / "rehearsal.zh.png")
        await context.close()
    phone = await browser.new_context(viewport=PHONE, locale="zh", has_touch=True, is_mobile=True)
    page = await phone.new_page()
    await _sign_in(page, hub, admin, secrets)
    for shot in SHOTS:
        if shot.name in ON_THE_PHONE:
            await _shoot(page, hub, shot, folder / f"{shot.name}-phone.zh.png")
    await phone.close()


async def _shoot(page: Page, hub: RunningHub, shot: Shot, path: Path) -> None:
    await page.goto(f"{hub.url}{shot.path}")
    await expect(page.locator(shot.there).first).to_be_visible()
    await page.screenshot(path=path, full_page=True)


async def _rehearse(page: Page, hub: RunningHub) -> None:
    """A press at eleven that night: the town's center is dark by its roster."""
    await page.goto(f"{hub.url}/policies/plan-demo")
    await page.fill("[name=who]", CALLER)
    await page.fill("[name=at]", AT_NIGHT)
    await page.click(".rehearse-form button")
    await expect(page.locator("#rehearsal tbody tr").first).to_be_visible()


async def _sign_in(page: Page, hub: RunningHub, username: str, secrets: Secrets) -> None:
    await page.goto(f"{hub.url}/sign-in?next=/rosters")
    await page.fill("#username", username)
    await page.fill("#password", secrets.users[username])
    await page.press("#password", "Enter")
    await page.wait_for_url("**/rosters")
