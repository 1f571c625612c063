"""A click is a hand that goes down and up: what it was meant for must not move away in between."""

from __future__ import annotations

from playwright.async_api import Page, expect

from tests.browser.conftest import Room
from tests.stores import OPERATOR

SLOW_HAND_MS = 500


async def test_the_first_click_counts_though_it_also_turns_the_sound_on(room: Room) -> None:
    page = await room.seat(OPERATOR, touched=False)
    await expect(page.locator(".bar-sound")).to_be_visible()
    await press_slowly(page, "#open-enter")
    await expect(page.get_by_role("searchbox")).to_be_visible()
    await expect(page.locator(".bar-sound")).to_be_hidden()


async def test_a_more_urgent_call_does_not_move_the_queue_under_a_hand_that_is_down(room: Room) -> None:
    page = await room.seat(OPERATOR)
    first = await room.hub.press("b-1")
    await point_at(page, f"#answer-{first}")
    await page.evaluate(
        "performance.now = () => 0"
    )  # however slow the machine is, the hand is not down for long
    fetched = page.expect_response(lambda response: "/desk/queue" in response.url)
    await page.mouse.down()
    async with fetched:
        urgent = await room.hub.press("b-3", kind="fall")
    await page.mouse.up()
    await expect(page.locator(f"#card-{first} .card-state")).to_contain_text("我在处置")
    await expect(page.locator(f"#row-{urgent}")).to_be_visible()


async def test_a_hand_that_stays_down_keeps_no_call_from_sight(room: Room) -> None:
    page = await room.seat(OPERATOR)
    first = await room.hub.press("b-1")
    await point_at(page, f"#row-{first} .row-who")
    await page.mouse.down()
    second = await room.hub.press("b-3")
    await expect(page.locator(f"#row-{second}")).to_be_visible()
    await page.mouse.up()


async def test_a_row_answers_from_the_instant_in_which_it_is_seen(room: Room) -> None:
    page = await room.seat(OPERATOR)
    await page.evaluate(
        """new MutationObserver((_, watch) => {
          const button = document.querySelector("[data-answer]");
          if (button) { watch.disconnect(); setTimeout(() => button.click(), 0); }
        }).observe(document.getElementById("queue"), {childList: true, subtree: true})"""
    )
    call = await room.hub.press("b-1")
    await expect(page.locator(f"#card-{call} .card-state")).to_contain_text("我在处置")


async def point_at(page: Page, what: str) -> None:
    """Move the hand to the middle of it."""
    await expect(page.locator(what)).to_be_visible()
    box = await page.locator(what).bounding_box()
    assert box is not None
    await page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)


async def press_slowly(page: Page, what: str) -> None:
    """As a person does, who takes half a second from down to up."""
    await point_at(page, what)
    await page.mouse.down()
    await page.wait_for_timeout(SLOW_HAND_MS)
    await page.mouse.up()
