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
from hub.domain.calls import Outcome
from hub.domain.desks import Desk
from hub.domain.people import ring_targets
from hub.services import handling
from tests.browser import broadcast_pictures, register_pictures
from tests.browser.chromium import chromium
from tests.stores import Moved
from tests.web import RunningHub

IMAGES = Path(__file__).parents[2] / "docs" / "images"
OPERATOR, COLLEAGUE, CLINIC = "shiqiao-operator-1", "shiqiao-operator-2", "shiqiao-clinic-1"
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


async def an_evening(hub: RunningHub) -> str:
    """Some calls in all their states; the id of the one that is being handled."""
    clock = hub.clock
    accounts = {a.user.username: a.user for a in await hub.store.read(lambda read: read.accounts())}
    mine, colleague = accounts[OPERATOR], accounts[COLLEAGUE]
    awake = Desk(
        id="k-1",
        user=colleague.id,
        targets=tuple(ring_targets(colleague)),
        audible=True,
        expires_at=clock.now() + 3_600_000,
    )
    await hub.store.run(lambda tx: tx.desks.put(awake))
    done = await hub.press("b-0007")
    clock.move(16_000)
    await hub.store.run(lambda tx: handling.answer(tx, done, colleague, clock.now()))
    clock.move(640_000)
    await hub.store.run(
        lambda tx: handling.resolve(tx, done, colleague, Outcome.HELPED, "网格员已扶起，无外伤", clock.now())
    )
    theirs = await hub.press("b-0004", kind="fall")
    clock.move(21_000)
    await hub.store.run(lambda tx: handling.answer(tx, theirs, colleague, clock.now()))
    clock.move(95_000)
    call = await hub.press("b-0001")
    clock.move(9_000)
    await hub.press("b-0001")
    clock.move(8_000)
    await hub.store.run(lambda tx: handling.answer(tx, call, mine, clock.now()))
    clock.move(25_000)
    await hub.store.run(lambda tx: handling.called_back(tx, call, mine, "spoke", "", clock.now()))
    clock.move(6_000)
    await hub.store.run(
        lambda tx: handling.note(
            tx, call, mine, "本人说胸口闷、出冷汗，声音清楚，女儿正往家赶。", clock.now()
        )
    )
    clock.move(31_000)
    dial = handling.Dial(number="120", promised_at=clock.now() + 720_000, note="调度员 07 号，车从县医院出")
    await hub.store.run(lambda tx: handling.dialled(tx, call, mine, dial, clock.now()))
    clock.move(4_000)
    await hub.press("b-0003")
    clock.move(29_000)
    await hub.press("b-0012", kind="fall")
    clock.move(11_000)
    return call


async def sign_in(page: Page, hub: RunningHub, username: str, secrets: Secrets) -> None:
    """Through the form, as people do."""
    await page.goto(f"{hub.url}/sign-in")
    await page.fill("#username", username)
    await page.fill("#password", secrets.users[username])
    await page.press("#password", "Enter")
    await page.wait_for_selector("body.desk[data-link=up]")


async def take(browser: Browser, hub: RunningHub, secrets: Secrets, folder: Path) -> None:
    """All pictures."""
    call = await an_evening(hub)
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


async def main(folder: Path) -> None:
    """Write the pictures into `folder`."""
    async with chromium() as browser:
        with tempfile.TemporaryDirectory() as data:
            async with demo_hub(Path(data)) as (hub, secrets):
                await take(browser, hub, secrets, folder)
                await register_pictures.take(browser, hub, secrets, folder)
        await broadcast_pictures.take(browser, folder)


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("folder", nargs="?", type=Path, default=IMAGES)
    chosen: Path = options.parse_args().folder
    chosen.mkdir(parents=True, exist_ok=True)
    asyncio.run(main(chosen))
