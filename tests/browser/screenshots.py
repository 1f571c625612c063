"""Takes the pictures of docs/images from the running console over the demo county: `make screenshots`."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import dataclasses
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

from playwright.async_api import Browser, Page, ViewportSize

from hub.db.store import open_store
from hub.demo.files import LOGINS, write_logins
from hub.demo.secrets import Secrets, draw_secrets
from hub.demo.seed import hash_all, seed
from tests.browser import broadcast_pictures, duty_pictures, register_pictures
from tests.browser.chromium import chromium
from tests.browser.evening import CLINIC, LINK, OPERATOR, Evening, an_evening
from tests.stores import Moved
from tests.web import RunningHub

IMAGES = Path(__file__).parents[2] / "docs" / "images"
AT_MS = 1_790_039_520_000  # an evening of 2026
WIDE = ViewportSize(width=1366, height=768)
PHONE = ViewportSize(width=390, height=844)


@contextlib.asynccontextmanager
async def demo_hub(folder: Path) -> AsyncIterator[tuple[RunningHub, Secrets]]:
    """A hub with the demo county in `folder`."""
    clock = Moved(AT_MS)
    store = open_store(f"sqlite:///{folder / 'xiangyin.db'}", owner="hub-1", now=clock.now)
    secrets = draw_secrets(folder)
    hashes = hash_all(secrets)
    await store.run(lambda tx: seed(tx, hashes, clock.now()))
    write_logins(folder, secrets)
    hub = RunningHub(store, clock, folder)
    hub.context = dataclasses.replace(hub.context, demo_logins=folder / LOGINS)
    try:
        async with hub.running():
            yield hub, secrets
    finally:
        store.close()


async def sign_in(page: Page, hub: RunningHub, username: str, secrets: Secrets) -> None:
    """Through the form, as people do."""
    await page.goto(f"{hub.url}/sign-in")
    await page.fill("#username", username)
    await page.fill("#password", secrets.users[username])
    await page.press("#password", "Enter")
    await page.wait_for_selector("body.desk[data-link=up]")


async def take(browser: Browser, hub: RunningHub, secrets: Secrets, folder: Path) -> None:
    """All pictures."""
    evening = await an_evening(hub)
    call = evening.mine
    for lang in ("zh", "en"):
        wide = await browser.new_context(viewport=WIDE, locale=lang, timezone_id="Asia/Shanghai")
        page = await wide.new_page()
        await sign_in(page, hub, OPERATOR, secrets)
        await page.click(f"#open-{call}")
        await page.wait_for_selector(f"#card-{call}")
        await page.mouse.move(0, 0)
        await page.screenshot(path=folder / f"desk.{lang}.png")
        await page.click(f"#emergency-{call}-120 summary")
        await page.screenshot(path=folder / f"desk-120.{lang}.png")
        await wide.close()
    phone = await browser.new_context(viewport=PHONE, locale="zh", has_touch=True, is_mobile=True)
    page = await phone.new_page()
    await sign_in(page, hub, OPERATOR, secrets)
    await page.screenshot(path=folder / "desk-phone.zh.png")
    await phone.close()
    await take_clinic(browser, hub, secrets, folder, evening)
    for lang in ("zh", "en"):
        await take_feedback(browser, hub, folder, lang)


async def take_clinic(
    browser: Browser, hub: RunningHub, secrets: Secrets, folder: Path, evening: Evening
) -> None:
    """The clinic's desk, on a telephone and on a screen: it is asked to go."""
    for name, viewport in (("clinic-phone", PHONE), ("clinic", WIDE)):
        on_phone = viewport is PHONE
        seat = await browser.new_context(
            viewport=viewport, locale="zh", has_touch=on_phone, is_mobile=on_phone
        )
        page = await seat.new_page()
        await sign_in(page, hub, CLINIC, secrets)
        await page.screenshot(path=folder / f"{name}.zh.png")
        await page.click(f"#open-{evening.theirs}")
        await page.wait_for_selector(f"#card-{evening.theirs}")
        await page.screenshot(path=folder / f"{name}-card.zh.png")
        await seat.close()


async def take_feedback(browser: Browser, hub: RunningHub, folder: Path, lang: str) -> None:
    """The page behind the link in a message."""
    phone = await browser.new_context(viewport=PHONE, locale=lang, has_touch=True, is_mobile=True)
    page = await phone.new_page()
    await page.goto(f"{hub.url}/f/{LINK}")
    await page.wait_for_selector("body.rate")
    await page.screenshot(path=folder / f"feedback.{lang}.png")
    await phone.close()


async def main(folder: Path) -> None:
    """Write the pictures into `folder`."""
    async with chromium() as browser:
        with tempfile.TemporaryDirectory() as data:
            async with demo_hub(Path(data)) as (hub, secrets):
                await take(browser, hub, secrets, folder)
                await register_pictures.take(browser, hub, secrets, folder)
                await duty_pictures.take(browser, hub, secrets, folder)
        await broadcast_pictures.take(browser, folder)


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("folder", nargs="?", type=Path, default=IMAGES)
    chosen: Path = options.parse_args().folder
    chosen.mkdir(parents=True, exist_ok=True)
    asyncio.run(main(chosen))
