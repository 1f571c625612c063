"""`xiangyin up`, a real broker, a real button, a real browser: the main job from end to end."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import NamedTuple

import pytest
from playwright.async_api import Page, expect

from devices.codec import decode_reply, encode_press
from devices.messages import Press, PressKind, Reply, ReplyState
from devices.topics import call, reply
from tests.broker_clients import BrokerClient
from tests.browser.chromium import chromium
from tests.ups import RunningUp


class Reach(NamedTuple):
    """Where a button finds its broker, and how it signs in there."""

    host: str
    port: int
    tls_port: int
    passwords: dict[str, str]


@pytest.mark.parametrize("broker", ["mosquitto", "embedded"])
async def test_a_press_is_answered_at_the_desk_and_the_button_hears_who_has_it(
    make_up: Callable[..., RunningUp], broker: str
) -> None:
    up = make_up(XIANGYIN_BROKER=broker)
    await asyncio.to_thread(up.start, "--quiet")
    device = up.logins()["device"]
    reach = Reach("127.0.0.1", up.mqtt_port, 0, {device["id"]: device["password"]})
    async with chromium() as browser:
        page = await browser.new_page(locale="zh-CN")
        await sign_in(page, f"http://127.0.0.1:{up.http_port}")
        with BrokerClient(reach, device["id"]) as button:  # type: ignore[arg-type]  # all that it reads of a broker
            await story(page, button, device["id"])


async def sign_in(page: Page, url: str) -> None:
    """As a visitor does: read the operator's sign-in off the demo's page, and use it."""
    await page.goto(f"{url}/demo")
    username = await page.locator("#operator-username").inner_text()
    password = await page.locator("#operator-password").inner_text()
    await page.get_by_role("link", name="登录").click()
    await page.fill("#username", username)
    await page.fill("#password", password)
    await page.press("#password", "Enter")
    await expect(page.locator("body")).to_have_attribute("data-duty", "audible")


async def story(page: Page, button: BrokerClient, device: str) -> None:
    """A press becomes a row, is answered with Enter and resolved; the button hears each step."""
    await asyncio.to_thread(button.subscribe, reply(device))
    press = encode_press(Press(id="p-whole-program", kind=PressKind.SOS, at=None))
    await asyncio.to_thread(button.publish, call(device), press)
    received = await told(button, ReplyState.RECEIVED)
    row = page.locator(f"#row-{received.call}[data-rings]")
    await expect(row).to_be_visible()
    await page.keyboard.press("Enter")
    answered = await told(button, ReplyState.ANSWERED)
    assert answered.call == received.call
    assert answered.by
    assert answered.by in answered.say
    card = page.locator(f"#card-{received.call}")
    await card.locator("summary", has_text="处置完毕").click()
    await card.get_by_text("已送医").click()
    await card.get_by_role("button", name="确认处置完毕").click()
    await told(button, ReplyState.CLOSED)
    await expect(page.locator("#rows-follow-up .row-call")).to_have_count(1)


async def told(button: BrokerClient, state: ReplyState) -> Reply:
    """The next reply; it must say `state`."""
    heard = decode_reply((await asyncio.to_thread(button.next)).payload)
    assert heard.state is state
    return heard
