"""The main job of a village admin, through everything: words become what the village's loudspeakers play.

The program as `up` starts it, with its broker, studio, signer and the demo's simulated loudspeakers.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable

from playwright.async_api import Page, expect

from tests.browser.chromium import chromium
from tests.ups import RunningUp

PLAYED_MS = 90_000  # against a hang: what is said takes half a minute
WORDS = "各位村民，接到可疑电话请拨打96110。"
READ = "各位村民，接到可疑电话请拨打九六幺幺零。"
CORRECTED = "各位乡亲，接到可疑电话请拨打九六幺幺零。"
LONG = "各位村民，明天上午停水，请提前储水。" * 12


async def test_words_are_read_corrected_heard_sent_played_by_every_loudspeaker_and_stopped(
    make_up: Callable[..., RunningUp],
) -> None:
    up = make_up()
    await asyncio.to_thread(up.start, "--quiet")
    async with chromium() as browser:
        page = await browser.new_page(locale="zh-CN")
        await sign_in(page, f"http://127.0.0.1:{up.http_port}", **up.logins()["village_admin"])
        await write_and_hear(page)
        await page.get_by_role("button", name="立即播出").click()
        await every_loudspeaker_plays(page)
        await one_more_is_stopped(page)


async def sign_in(page: Page, url: str, username: str, password: str) -> None:
    """A village admin comes straight to the broadcasts."""
    await page.goto(url)
    await page.fill("#username", username)
    await page.fill("#password", password)
    await page.press("#password", "Enter")
    await expect(page.get_by_role("heading", name="广播", exact=True)).to_be_visible()


async def write_and_hear(page: Page) -> None:
    """The reading follows the words, is corrected, and is heard as it will be."""
    await page.get_by_role("link", name="写广播").click()
    await page.wait_for_url("**/broadcasts/new")
    await page.wait_for_load_state("networkidle")  # before that no script hears what is written
    await page.fill("#text", WORDS)
    await page.get_by_text("防诈骗", exact=True).click()
    await expect(page.locator("#spoken")).to_have_value(READ)
    await page.fill("#spoken", CORRECTED)
    await expect(page.locator(".hint-corrected")).to_be_visible()
    await page.get_by_role("button", name="试听").click()
    player = page.locator("#preview")
    await expect(player).to_be_visible(timeout=PLAYED_MS)
    await expect(player).to_have_js_property("readyState", 4)  # HAVE_ENOUGH_DATA
    assert await player.evaluate("player => player.duration") > 4
    await expect(player).to_have_js_property("paused", False)  # without another click


async def every_loudspeaker_plays(page: Page) -> None:
    """Coverage fills by itself until nobody is missing."""
    run = page.locator("[data-run]")
    await expect(run).to_have_attribute("data-targeted", "2", timeout=PLAYED_MS)
    await expect(page.locator(".missing")).to_contain_text("石桥社区")
    await expect(page.locator(".complete")).to_have_text("2 个喇叭全部播完。", timeout=PLAYED_MS)
    await expect(page.locator(".whole-head .state")).to_have_text("已播完")
    await expect(page.locator(".missing")).to_have_count(0)
    await expect(page.locator(".words-spoken")).to_have_text(CORRECTED)


async def one_more_is_stopped(page: Page) -> None:
    """A long one is silenced while it plays."""
    await page.get_by_role("link", name="照此再写一条").click()
    await page.get_by_role("button", name="按内容重新生成").click()
    await page.fill("#text", LONG)
    await expect(page.locator("#spoken")).to_have_value(re.compile("储水。$"))
    await page.get_by_role("button", name="立即播出").click()
    await expect(page.locator(".is-playing dd")).to_have_text("2", timeout=PLAYED_MS)
    await page.locator("summary", has_text="停播").click()
    await page.get_by_role("button", name="确认停播").click()
    await expect(page.locator(".toast-line")).to_contain_text("已停播，停掉 1 次播出。")
    await expect(page.locator(".whole-head .state")).to_have_text("已停播")
    await expect(page.locator(".is-played dd")).to_have_text("0")
