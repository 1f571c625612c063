"""Pictures of the register's and the devices' pages over the demo county, for `make screenshots`."""

from __future__ import annotations

import math
from pathlib import Path
from typing import NamedTuple

from playwright.async_api import Browser, FilePayload, Page, ViewportSize, expect

from devices.messages import Clock, Status
from hub.demo.secrets import Secrets
from hub.domain.people import Role
from hub.domain.presence import Heard, Presence
from hub.domain.telemetry import DAY_MS, Bucket, DeviceState, Latest
from tests.web import RunningHub

WIDE = ViewportSize(width=1366, height=768)
PHONE = ViewportSize(width=390, height=844)
MINUTE_MS = 60_000
EVERY_S = 900
LATE, LOST, NEVER, LOW = 3, 7, 11, 5  # which of the devices, by their order
WRONG = """编号,姓名,性别,出生年,所在地区,住址,电话,紧急联系人
,彭秀珍,女,1938,石桥镇石桥社区,老街31号,15401210031,儿子/彭涛/15401211031
,向德清,男,四十一年,石桥镇石桥社区,老街33号,15401210033,女儿/向英/15401211033
,田茂才,男,1944,石桥镇上河村,3组8号,一五四零,
r-0002,欧阳德福,男,1938,9.90121E+11,石桥社区河街4号2楼,15401210002,儿子/欧阳江/15401211003
,彭秀珍,女,1938,石桥镇石桥社区,老街31号,15401210031,儿子/彭涛/15401211031
"""


class Shot(NamedTuple):
    """One picture: its name, the page, and what has to be there before it is taken."""

    name: str
    path: str
    there: str


SHOTS = (
    Shot("residents", "/residents", "#rows tr"),
    Shot("resident", "/residents/r-0001", "#form"),
    Shot("areas", "/areas", ".tree"),
    Shot("people", "/people", ".list-part"),
    Shot("devices", "/devices", "#device-b-0001"),
    Shot("device", "/devices/b-0001", ".plot canvas"),
)
IN_ENGLISH_TOO = {"residents", "devices", "device"}


async def take(browser: Browser, hub: RunningHub, secrets: Secrets, folder: Path) -> None:
    """All of them, as the county's administrator sees them."""
    await a_quiet_evening(hub)
    accounts = await hub.store.read(lambda read: read.accounts())
    admin = next(one.user.username for one in accounts if one.user.role is Role.COUNTY_ADMIN)
    for lang in ("zh", "en"):
        context = await browser.new_context(viewport=WIDE, locale=lang, timezone_id="Asia/Shanghai")
        page = await context.new_page()
        await _sign_in(page, hub, admin, secrets)
        for shot in SHOTS:
            if lang == "en" and shot.name not in IN_ENGLISH_TOO:
                continue
            await page.goto(f"{hub.url}{shot.path}")
            await expect(page.locator(shot.there).first).to_be_visible()
            await page.screenshot(path=folder / f"{shot.name}.{lang}.png")
        if lang == "zh":
            await _a_wrong_file(page, hub, folder)
        await context.close()
    phone = await browser.new_context(viewport=PHONE, locale="zh", has_touch=True, is_mobile=True)
    page = await phone.new_page()
    await _sign_in(page, hub, admin, secrets)
    await page.goto(f"{hub.url}/devices")
    await page.screenshot(path=folder / "devices-phone.zh.png")
    await phone.close()


async def a_quiet_evening(hub: RunningHub) -> None:
    """Most devices are fine, a few are not; one of them has a day of values, with a gap."""
    now = hub.clock.now()
    devices = [one.id for one in await hub.store.read(lambda read: read.devices(""))]
    for n, device in enumerate(devices):
        if n == NEVER:
            continue
        state = _state(n, device, now)
        hub.telemetry.known[device] = state
        noted = (device, state.presence.value, state.since, now)
        await hub.store.run(lambda tx, noted=noted: tx.presence.note(*noted))  # type: ignore[misc]
    hub.telemetry.buckets["b-0001", "battery"] = _falling(now)


def _state(n: int, device: str, now: int) -> DeviceState:
    silent_ms = {LATE: 21 * MINUTE_MS, LOST: 300 * MINUTE_MS}.get(n, (n % 9) * MINUTE_MS)
    metrics = {"signal": -68.0 - (n * 7) % 35, "temperature": 17.4 + n % 5}
    if device.startswith("b-"):
        metrics["battery"] = 11.0 if n == LOW else 96.0 - (n * 3) % 57
    return DeviceState(
        presence={LATE: Presence.LATE, LOST: Presence.LOST}.get(n, Presence.ONLINE),
        since=now - (silent_ms if n in (LATE, LOST) else 3 * DAY_MS),
        heard=Heard(now - silent_ms, EVERY_S),
        about=Status(online=True, session="s", fw="1.4.2", model="XY-B2", every_s=EVERY_S, clock=Clock.OK),
        telemetry_at=now - silent_ms,
        metrics={name: Latest(value, now - silent_ms) for name, value in metrics.items()},
    )


def _falling(now: int) -> tuple[Bucket, ...]:
    """A battery over a day in quarters of an hour, silent from the tenth hour to the thirteenth."""
    values = [(n, 97.1 - n * 0.012 + 0.4 * math.sin(n / 6)) for n in range(96) if not 40 <= n < 52]
    return tuple(
        Bucket(at=now - (96 - n) * 15 * MINUTE_MS, value=round(v, 2), min=v - 0.6, max=v + 0.6, n=3)
        for n, v in values
    )


async def _sign_in(page: Page, hub: RunningHub, username: str, secrets: Secrets) -> None:
    await page.goto(f"{hub.url}/sign-in?next=/residents")
    await page.fill("#username", username)
    await page.fill("#password", secrets.users[username])
    await page.press("#password", "Enter")
    await page.wait_for_url("**/residents")


async def _a_wrong_file(page: Page, hub: RunningHub, folder: Path) -> None:
    await page.goto(f"{hub.url}/residents/import")
    table = FilePayload(name="residents.csv", mimeType="text/csv", buffer=WRONG.encode("gb18030"))
    await page.set_input_files("#file", files=[table])
    await page.click("#import button")
    await expect(page.locator(".import-wrong")).to_be_visible()
    await page.screenshot(path=folder / "import.zh.png")
