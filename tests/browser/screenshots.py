"""Takes the pictures of docs/images from the running console over the demo county: `make screenshots`."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import dataclasses
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import NamedTuple

from playwright.async_api import Browser, Page, ViewportSize

from hub.console.auth import token_hash
from hub.db.store import open_store
from hub.demo.files import LOGINS, write_logins
from hub.demo.secrets import Secrets, draw_secrets
from hub.demo.seed import hash_all, seed
from hub.domain.calls import Outcome
from hub.domain.desks import Desk
from hub.domain.feedback import AskBy
from hub.domain.people import Scope, User, ring_targets
from hub.domain.responders import ResponderState
from hub.ports import Reader
from hub.services import dispatching, handling, reviewing
from hub.services.reviewing import LinkToSend
from tests.browser import broadcast_pictures, register_pictures
from tests.browser.chromium import chromium
from tests.stores import Moved
from tests.web import RunningHub

IMAGES = Path(__file__).parents[2] / "docs" / "images"
OPERATOR, COLLEAGUE, CLINIC = "shiqiao-operator-1", "shiqiao-operator-2", "shiqiao-clinic-1"
LINK = "a-link-that-works-once"
AT_MS = 1_790_039_520_000  # an evening of 2026
WIDE = ViewportSize(width=1366, height=768)
PHONE = ViewportSize(width=390, height=844)


class Evening(NamedTuple):
    """What the pictures show: the operator's own call, and one of a colleague's to which the clinic is asked."""

    mine: str
    theirs: str


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


async def an_evening(hub: RunningHub) -> Evening:
    """Some calls in all their states: one in hand with people on the way, one that the clinic is asked to go to."""
    clock, store = hub.clock, hub.store
    accounts = {a.user.username: a.user for a in await store.read(lambda read: read.accounts())}
    mine, colleague, clinic = accounts[OPERATOR], accounts[COLLEAGUE], accounts[CLINIC]
    awake = Desk(
        id="k-1",
        user=colleague.id,
        targets=tuple(ring_targets(colleague)),
        audible=True,
        expires_at=clock.now() + 3_600_000,
    )
    await store.run(lambda tx: tx.desks.put(awake))
    done = await hub.press("b-0007")
    clock.move(16_000)
    await store.run(lambda tx: handling.answer(tx, done, colleague, clock.now()))
    clock.move(640_000)
    await store.run(
        lambda tx: handling.resolve(tx, done, colleague, Outcome.HELPED, "网格员已扶起，无外伤", clock.now())
    )
    link = LinkToSend(token_hash(LINK), f"{hub.url}/f/{LINK}")
    await store.run(lambda tx: reviewing.ask(tx, done, colleague, AskBy.LINK, link, clock.now()))
    theirs = await hub.press("b-0004", kind="fall")
    clock.move(21_000)
    await store.run(lambda tx: handling.answer(tx, theirs, colleague, clock.now()))
    clock.move(55_000)
    call = await hub.press("b-0001")
    clock.move(9_000)
    await hub.press("b-0001")
    clock.move(8_000)
    await store.run(lambda tx: handling.answer(tx, call, mine, clock.now()))
    clock.move(25_000)
    await store.run(lambda tx: handling.called_back(tx, call, mine, "spoke", "", clock.now()))
    await send(hub, call, mine, f"clinic:{clinic.clinic}")
    clock.move(6_000)
    await store.run(
        lambda tx: handling.note(
            tx, call, mine, "本人说胸口闷、出冷汗，声音清楚，女儿正往家赶。", clock.now()
        )
    )
    clock.move(11_000)
    await moved(hub, call, clinic, "clinic", ResponderState.ACCEPTED)
    await near(hub, call, mine)
    clock.move(20_000)
    dial = dispatching.Dial(
        number="120", promised_at=clock.now() + 720_000, note="调度员 07 号，车从县医院出"
    )
    await store.run(lambda tx: dispatching.dialled(tx, call, mine, dial, clock.now()))
    clock.move(4_000)
    await moved(hub, call, mine, "grid_worker", ResponderState.ON_THE_WAY)
    await hub.press("b-0003")
    clock.move(9_000)
    await send(hub, theirs, colleague, f"clinic:{clinic.clinic}", "跌倒，右腿疼，不能动")
    await hub.press("b-0012", kind="fall")
    clock.move(11_000)
    return Evening(call, theirs)


async def send(hub: RunningHub, call: str, by: User, to: str, note: str = "") -> None:
    """`by` asks somebody to go."""
    sending = dispatching.Sending(to=to, note=note)
    await hub.store.run(lambda tx: dispatching.dispatch(tx, call, by, sending, hub.clock.now()))


async def near(hub: RunningHub, call: str, by: User) -> None:
    """`by` asks the grid worker of the caller."""
    worker = await hub.store.read(lambda read: _grid_worker(read, call))
    await send(hub, call, by, f"person:{worker}")


def _grid_worker(read: Reader, call: str) -> str:
    found = read.call(call, Scope(area_prefix=""))
    assert found is not None
    assert found.resident is not None
    card = read.card(found.resident)
    assert card is not None
    return next(one.id for one in card.contacts if one.kind == "grid_worker")


async def moved(hub: RunningHub, call: str, by: User, kind: str, state: ResponderState) -> None:
    """The responder of that kind is a step farther."""
    sent = (await hub.store.read(lambda read: read.responders_of([call])))[call]
    line = next(one.id for one in sent if one.kind == kind)
    await hub.store.run(lambda tx: dispatching.move(tx, call, line, by, state, hub.clock.now()))


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
        await broadcast_pictures.take(browser, folder)


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("folder", nargs="?", type=Path, default=IMAGES)
    chosen: Path = options.parse_args().folder
    chosen.mkdir(parents=True, exist_ok=True)
    asyncio.run(main(chosen))
