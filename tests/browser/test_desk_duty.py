"""A desk that cannot be relied on says so in red; one that can rings, and keeps what its operator is doing."""

from __future__ import annotations

import asyncio

import pytest
from playwright.async_api import Page, Route, expect

from hub.console.api import events as stream
from hub.console.desks import DeskLine
from hub.domain.desks import TTL_MS
from hub.domain.errors import Unavailable
from hub.domain.routing import center_of
from tests.browser.conftest import Room
from tests.stores import COUNTY_OPERATOR, OPERATOR, TOWN, VILLAGE_ADMIN

STORM = 150
PATIENCE_MS = 30_000
SIGN_OUT_ELSEWHERE = """fetch("/api/v1/session", {
    method: "DELETE",
    headers: {"X-CSRF-Token": document.body.dataset.csrf},
})"""


async def is_awake(room: Room) -> bool:
    """Whether the hub relies on a screen of the town's center."""
    now = room.hub.clock.now()
    return await room.hub.store.run(lambda tx: tx.desks.is_live(center_of(TOWN), now))


async def test_until_the_browser_may_sound_a_red_bar_says_so_and_the_desk_counts_as_silent(
    room: Room,
) -> None:
    page = await room.seat(OPERATOR, touched=False)
    bar = page.locator(".bar-sound")
    await expect(bar).to_contain_text("这块屏幕还不能响铃")
    assert not await is_awake(room)
    await bar.get_by_role("button", name="打开铃声").click()
    await expect(bar).to_be_hidden()
    await on_duty(page)
    assert await is_awake(room)


async def test_a_page_that_hangs_is_a_dark_desk_though_its_connection_lives(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: asyncio.Queue[None] = asyncio.Queue()

    def ask(desk: DeskLine) -> bytes:
        asked.put_nowait(None)
        return question(desk)

    question = stream._asked
    monkeypatch.setattr(stream, "_asked", ask)
    monkeypatch.setattr(stream, "ASK_EVERY_S", 0.1)
    page = await room.seat(OPERATOR)
    await on_duty(page)
    devtools = await page.context.new_cdp_session(page)
    paused = asyncio.Event()
    devtools.on("Debugger.paused", lambda _: paused.set())
    await devtools.send("Debugger.enable")
    await devtools.send("Debugger.pause")
    async with asyncio.timeout(PATIENCE_MS / 1000):
        await paused.wait()  # nothing of the page runs any more; its network does
        while await is_awake(room):  # an answer that was on its way may still arrive
            room.hub.clock.move(TTL_MS)
            await asked.get()
    for _ in range(5):
        await asked.get()
    assert len(room.hub.context.streams) == 1
    assert not await is_awake(room)
    await devtools.send("Debugger.resume")
    async with asyncio.timeout(PATIENCE_MS / 1000):
        while not await is_awake(room):
            await asked.get()


async def test_a_call_rings_here_louder_the_longer_it_waits_until_it_is_answered(room: Room) -> None:
    call = await room.hub.press("b-1")
    room.hub.clock.move(45_000)
    page = await room.seat(OPERATOR)
    await expect(page.locator("body")).to_have_attribute("data-ringing", "2")
    await page.locator(f"#answer-{call}").click()
    await expect(page.locator("body")).to_have_attribute("data-ringing", "0")


async def test_the_county_sees_a_call_of_a_town_that_is_awake_and_is_not_rung_yet(room: Room) -> None:
    town, county = await room.seat(OPERATOR), await room.seat(COUNTY_OPERATOR)
    await on_duty(town)
    assert await is_awake(room)
    call = await room.hub.press("b-1")
    await expect(town.locator(f"#row-{call}[data-rings]")).to_be_visible()
    await expect(county.locator(f"#row-{call}")).to_be_visible()
    await expect(county.locator(f"#row-{call}[data-rings]")).to_have_count(0)


async def test_a_dead_link_is_said_in_red_and_what_happened_meanwhile_is_there_afterwards(room: Room) -> None:
    page = await room.seat(OPERATOR)
    await page.context.set_offline(True)
    await expect(page.locator(".bar-link")).to_be_visible()
    await expect(page.locator(".bar-link")).to_contain_text("实时连接已断开")
    call = await room.hub.press("b-1")
    await page.context.set_offline(False)
    await expect(page.locator(f"#row-{call}")).to_be_visible()
    await expect(page.locator(".bar-link")).to_be_hidden()


async def test_a_hub_that_no_longer_answers_is_found_out_though_no_connection_broke(room: Room) -> None:
    page = await room.seat(OPERATOR)
    for question in ("**/api/v1/desks/*", "**/healthz", "**/api/v1/session"):
        await page.route(question, swallow)
    await expect(page.locator(".bar-link")).to_be_visible(timeout=PATIENCE_MS)
    await page.unroute_all(behavior="ignoreErrors")
    await expect(page.locator(".bar-link")).to_be_hidden(timeout=PATIENCE_MS)


async def test_a_database_that_is_away_is_no_reason_to_leave_the_stream(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = await room.seat(OPERATOR)
    await on_duty(page)
    monkeypatch.setattr(room.hub.store, "send", _refuse)
    for _ in range(2):
        async with page.expect_response("**/api/v1/desks/*", timeout=PATIENCE_MS) as refused:
            pass
        assert (await refused.value).status == 503
    await expect(page.locator("body")).to_have_attribute("data-link", "up")


async def test_a_press_the_database_cannot_take_is_shown_and_rings_until_it_is_recorded(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = await room.seat(OPERATOR)
    row, body = page.locator("#unrecorded .row-call"), page.locator("body")
    with monkeypatch.context() as away:
        away.setattr(room.hub.store, "send", _refuse)
        with pytest.raises(Unavailable):
            await room.hub.press("b-1")
        await expect(row).to_contain_text("未入库")
        await expect(row).to_contain_text("刘桂兰")
        await expect(row).to_contain_text("上坪村")
        await expect(body).to_have_attribute("data-ringing", "1")
        await row.get_by_role("button", name="已记下，停铃").click()
        await expect(body).to_have_attribute("data-ringing", "0")
    await expect(page.locator("#rows-waiting .row-call")).to_have_count(1)
    await expect(row).to_have_count(0)


async def test_what_is_being_written_stays_while_the_call_goes_on(room: Room) -> None:
    page = await room.seat(OPERATOR)
    call = await room.hub.press("b-1")
    await page.locator(f"#answer-{call}").click()
    await page.locator(f"#emergency-{call}-119 summary").click()
    draft = page.locator(".note textarea")
    await draft.fill("邻居说老人")
    other = await room.hub.press("b-3")
    await room.hub.press("b-1")
    await expect(page.locator(".timeline")).to_contain_text("又按了一次")
    await expect(page.locator(f"#row-{other}")).to_be_visible()
    await expect(draft).to_have_value("邻居说老人")
    await expect(draft).to_be_focused()
    await expect(page.locator(f"#emergency-{call}-119")).to_have_attribute("open", "")
    await page.keyboard.press("Enter")  # it belongs to the note, and answers nothing
    await expect(page.locator("#rows-waiting .row-call")).to_have_count(1)


async def test_enter_belongs_to_the_row_that_has_the_focus(room: Room) -> None:
    page = await room.seat(OPERATOR)
    first, second = await room.hub.press("b-1"), await room.hub.press("b-3")
    await page.locator(f"#open-{second}").click()
    await expect(page.locator(f"#card-{second}")).to_be_visible()
    await page.keyboard.press("Enter")
    await expect(page.locator(f"#card-{second} .card-state")).to_contain_text("我在处置")
    await expect(page.locator(f"#answer-{first}")).to_be_visible()
    await page.locator(f"#open-{first}").focus()
    await page.keyboard.press("Enter")
    await expect(page.locator(f"#card-{first} .card-state")).to_contain_text("我在处置")
    await page.locator(f"#open-{second}").focus()
    await page.keyboard.press("Enter")  # it waits no more: it is opened
    await expect(page.locator(f"#card-{second}")).to_be_visible()


async def test_a_reload_and_another_language_keep_the_open_card(room: Room) -> None:
    page = await room.seat(OPERATOR)
    call = await room.hub.press("b-1")
    await page.locator(f"#open-{call}").click()
    await expect(page.locator(f"#card-{call}")).to_be_visible()
    await page.reload()
    await expect(page.locator(f"#card-{call}")).to_be_visible()
    await page.get_by_role("link", name="English").click()
    await expect(page.locator("html")).to_have_attribute("lang", "en")
    await expect(page.locator(f"#card-{call}")).to_be_visible()


async def test_calls_that_wait_out_of_sight_are_counted_and_one_click_away(room: Room) -> None:
    page = await room.seat(COUNTY_OPERATOR)
    bar = page.locator("#off-screen")
    calls = [await room.hub.press(f"b-stray-{n}") for n in range(12)]
    await expect(page.locator("#rows-waiting .row-call")).to_have_count(len(calls))
    await expect(bar).to_contain_text("个等待接听的呼叫不在屏幕上")
    await expect(page.locator(f"#row-{calls[-1]}")).not_to_be_in_viewport()
    hidden = int(await bar.locator("b").inner_text())
    assert 0 < hidden < len(calls)
    await bar.click()
    await expect(page.locator(f"#row-{calls[len(calls) - hidden]}")).to_be_in_viewport()
    await page.locator(".part-waiting").click()
    await expect(page.locator(".part-waiting")).to_be_in_viewport()


async def test_a_storm_of_presses_costs_few_reloads(room: Room) -> None:
    page = await room.seat(OPERATOR)
    call = await room.hub.press("b-1")
    await page.locator(f"#open-{call}").click()
    await expect(page.locator(f"#card-{call}")).to_be_visible()
    reloads: list[str] = []
    page.on("request", lambda request: reloads.append(request.url))
    for _ in range(STORM):
        await room.hub.press("b-1")
    await expect(page.locator(f"#row-{call}")).to_contain_text(f"按了 {STORM + 1} 次")
    await expect(page.locator(".timeline li")).to_have_count(STORM + 2)
    assert len(reloads) < STORM / 2


async def test_the_whole_desk_speaks_english_after_one_click(room: Room) -> None:
    page = await room.seat(OPERATOR)
    await room.hub.press("b-1")
    await page.get_by_role("link", name="English").click()
    await expect(page.locator("html")).to_have_attribute("lang", "en")
    await expect(page.locator("#rows-waiting .row-call")).to_contain_text("Emergency")
    await page.reload()
    await expect(page.locator("#queue")).to_contain_text("Waiting")
    await page.get_by_role("link", name="中文").click()
    await expect(page.locator("#queue")).to_contain_text("等待接听")


async def test_a_session_that_has_ended_says_that_this_screen_rings_no_more(room: Room) -> None:
    page = await room.seat(OPERATOR)
    await page.evaluate(SIGN_OUT_ELSEWHERE)
    await expect(page.locator("p.alert")).to_contain_text("这块屏幕不会响铃")
    assert not await is_awake(room)


async def test_signing_out_ends_the_session_and_the_watch(room: Room) -> None:
    page = await room.seat(OPERATOR)
    await on_duty(page)
    await page.get_by_role("button", name="退出").click()
    await expect(page.locator("#username")).to_be_visible()
    await page.goto(f"{room.hub.url}/desk")
    await expect(page.locator("#username")).to_be_visible()
    assert not await is_awake(room)


async def test_who_may_not_see_calls_is_told_so(room: Room) -> None:
    page = await room.seat(VILLAGE_ADMIN, touched=False)
    await room.hub.press("b-1")
    await expect(page.locator("#queue")).to_contain_text("您的账号不查看呼叫")
    await expect(page.locator(".bar-sound")).to_have_count(0)


async def on_duty(page: Page) -> None:
    """Return once the hub knows that this desk may sound."""
    await expect(page.locator("body")).to_have_attribute("data-duty", "audible")


async def swallow(_route: Route) -> None:
    """A question that is never answered."""


def _refuse(_command: object) -> asyncio.Future[object]:
    future: asyncio.Future[object] = asyncio.get_running_loop().create_future()
    future.set_exception(Unavailable("store-away"))
    return future
