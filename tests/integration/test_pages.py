"""Pages over HTTP: the way in, what each may open, and how they say no."""

from __future__ import annotations

import dataclasses
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from hub.console.app import create_app
from hub.console.pages.entry import local
from hub.db.pages import keep_notice
from hub.db.store import open_store
from tests.stores import OPERATOR, OTHER_OPERATOR, VILLAGE_ADMIN, Moved
from tests.web import ADMIN, PASSWORD, RunningHub, give_passwords, problem

HTMX = {"HX-Request": "true"}


async def test_the_front_door_leads_to_signing_in_and_on_to_where_one_was_going(
    sqlite_hub: RunningHub,
) -> None:
    visitor = sqlite_hub.client().http
    assert (await visitor.get("/")).headers["location"] == "/sign-in?next=/"
    assert (await visitor.get("/desk")).headers["location"] == "/sign-in?next=/desk"
    page = await visitor.get("/sign-in", params={"next": "/demo/outbox"})
    assert "/demo/outbox" in page.text
    form = {"username": OPERATOR.username, "password": PASSWORD, "next": "/demo/outbox"}
    signed_in = await visitor.post("/sign-in", data=form)
    assert (signed_in.status_code, signed_in.headers["location"]) == (303, "/demo/outbox")
    assert (await visitor.get("/desk")).status_code == 200
    assert (await visitor.get("/sign-in")).status_code == 303


async def test_a_wrong_password_is_said_on_the_same_page(sqlite_hub: RunningHub) -> None:
    form = {"username": OPERATOR.username, "password": "guess"}
    answer = await sqlite_hub.client().http.post("/sign-in", data=form)
    assert answer.status_code == 401
    assert "用户名或密码不对" in answer.text
    assert f'value="{OPERATOR.username}"' in answer.text
    assert "guess" not in answer.text


async def test_another_sites_form_signs_nobody_in(sqlite_hub: RunningHub) -> None:
    form = {"username": OPERATOR.username, "password": PASSWORD}
    stranger = sqlite_hub.client(Origin="https://elsewhere.example").http
    assert (await stranger.post("/sign-in", data=form)).status_code == 403


async def test_the_empty_card_invites_only_to_what_one_may_do(sqlite_hub: RunningHub) -> None:
    said = {}
    for user in (OPERATOR, ADMIN, VILLAGE_ADMIN):
        said[user] = (await (await sqlite_hub.sign_in(user)).http.get("/desk")).text
    assert "或按回车接听" in said[OPERATOR]
    assert "或按回车接听" not in said[ADMIN]
    assert "从左边选一个呼叫。" in said[ADMIN]
    assert "从左边选一个呼叫" not in said[VILLAGE_ADMIN]


@pytest.mark.parametrize(
    "path", ["//elsewhere.example", "https://elsewhere.example", "/\\elsewhere", "x", "/a\nb"]
)
def test_a_link_to_us_never_leads_elsewhere(path: str) -> None:
    assert local(path) == "/desk"


async def test_a_change_without_the_pages_own_token_is_refused(sqlite_hub: RunningHub) -> None:
    call = await sqlite_hub.press("b-1")
    desk = await sqlite_hub.sign_in(OPERATOR)
    del desk.http.headers["X-CSRF-Token"]
    assert (await desk.http.post(f"/desk/calls/{call}/answer", headers=HTMX)).status_code == 403


async def test_a_call_of_another_town_does_not_exist_on_pages_either(sqlite_hub: RunningHub) -> None:
    call = await sqlite_hub.press("b-1")
    desk = (await sqlite_hub.sign_in(OTHER_OPERATOR)).http
    assert "刘桂兰" not in (await desk.get("/desk")).text
    card = await desk.get(f"/desk/calls/{call}", headers=HTMX)
    assert (card.status_code, card.headers["hx-retarget"]) == (404, "#toast")
    assert "没有这个呼叫" in card.text
    assert (await desk.post(f"/desk/calls/{call}/answer", headers=HTMX)).status_code == 404


@pytest.mark.parametrize(
    "path", ["/nope", "/broadcasts/none", "/residents/none", "/devices/none", "/desk/none"]
)
@pytest.mark.parametrize(("lang", "words"), [("zh", "返回首页"), ("en", "Back to the start")])
async def test_a_page_that_is_not_there_says_so_in_the_readers_language_with_a_way_back(
    sqlite_hub: RunningHub, path: str, lang: str, words: str
) -> None:
    desk = (await sqlite_hub.sign_in(OPERATOR)).http
    shown = await desk.get(path, headers={"Accept": "text/html,*/*;q=0.8", "Accept-Language": lang})
    assert shown.status_code == 404
    assert shown.headers["content-type"] == "text/html; charset=utf-8"
    assert words in shown.text


async def test_a_program_is_told_of_an_unknown_path_as_programs_are(sqlite_hub: RunningHub) -> None:
    client = sqlite_hub.client().http
    browser = {"Accept": "text/html"}
    for path, headers in (("/nope", {}), ("/api/v1/nope", browser), ("/static/nope.js", browser)):
        assert problem(await client.get(path, headers=headers), 404)["type"] == "page-unknown"
    assert "text/html" in (await client.get("/desk/calls/c/answer", headers=browser)).headers["content-type"]


async def test_the_administrator_may_look_and_not_touch(sqlite_hub: RunningHub) -> None:
    call = await sqlite_hub.press("b-1")
    desk = (await sqlite_hub.sign_in(ADMIN)).http
    page = (await desk.get("/desk", params={"call": call})).text
    assert "刘桂兰" in page
    assert "/answer" not in page
    assert (await desk.post(f"/desk/calls/{call}/answer", headers=HTMX)).status_code == 403


async def test_a_fragment_without_a_session_sends_the_whole_page_to_sign_in(sqlite_hub: RunningHub) -> None:
    answer = await sqlite_hub.client().http.get("/desk/queue", headers=HTMX)
    assert (answer.status_code, answer.headers["hx-redirect"]) == (401, "/sign-in?ended=1")


async def test_words_of_people_are_shown_as_words(sqlite_hub: RunningHub) -> None:
    call = await sqlite_hub.press("b-1")
    desk = (await sqlite_hub.sign_in(OPERATOR)).http
    await desk.post(f"/desk/calls/{call}/answer", headers=HTMX)
    card = await desk.post(
        f"/desk/calls/{call}/note", data={"text": "<script>alert(1)</script>"}, headers=HTMX
    )
    assert "&lt;script&gt;" in card.text
    assert "<script>" not in card.text


async def test_a_form_that_makes_no_sense_is_refused_with_a_sentence(sqlite_hub: RunningHub) -> None:
    call = await sqlite_hub.press("b-1")
    desk = (await sqlite_hub.sign_in(OPERATOR)).http
    for action, form, words in (
        ("note", {"text": " "}, "请先写内容"),
        ("dial", {"number": "12345"}, "120、119 和 110"),
        ("callback", {"outcome": "perhaps"}, "回拨的结果"),
        ("resolve", {"outcome": "helped"}, "等待接听"),
        ("dial", {"number": "120", "promised_in_min": "-5"}, "promised_in_min"),
    ):
        answer = await desk.post(f"/desk/calls/{call}/{action}", data=form, headers=HTMX)
        assert answer.status_code in (409, 422), action
        assert words in answer.text
        assert answer.headers["hx-retarget"] == "#toast"


async def test_a_page_allows_no_script_but_our_own(sqlite_hub: RunningHub) -> None:
    page = await sqlite_hub.client().http.get("/sign-in")
    policy = page.headers["content-security-policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    script = await sqlite_hub.client().http.get("/static/desk.js")
    assert script.headers["cache-control"] == "no-cache"
    assert script.headers["etag"]


@pytest.fixture
async def demo(
    sqlite_url: str, clock: Moved, tmp_path: Path, hashed_password: str
) -> AsyncIterator[RunningHub]:
    """A hub whose county is a demo; its sign-ins are not written yet."""
    store = open_store(sqlite_url, owner="hub-1", now=clock.now)
    await store.run(lambda tx: give_passwords(tx, hashed_password))
    hub = RunningHub(store, clock, tmp_path)
    hub.context = dataclasses.replace(hub.context, demo_logins=tmp_path / "demo-logins.json")
    async with hub.running():
        yield hub
    store.close()


async def test_without_a_demo_there_is_no_such_page(sqlite_hub: RunningHub) -> None:
    desk = (await sqlite_hub.sign_in(OPERATOR)).http
    assert [(await desk.get(page)).status_code for page in ("/demo", "/demo/outbox")] == [404, 404]


async def test_the_demos_sign_ins_are_shown_at_the_machine(demo: RunningHub, tmp_path: Path) -> None:
    visitor = demo.client().http
    assert (await visitor.get("/demo")).status_code == 200, "while the county is being made"
    (tmp_path / "demo-logins.json").write_text(
        '{"operator":{"username":"op","password":"secret-7"},'
        '"device":{"id":"b-1","username":"b-1","password":"secret-8"}}'
    )
    page = (await visitor.get("/demo")).text
    assert "secret-7" in page
    assert ".venv/bin/xiangyin press b-1" in page, "as it can be typed in the checkout"
    assert "secret-8" not in page


async def test_the_demos_sign_ins_are_shown_to_nobody_beyond_the_machine(demo: RunningHub) -> None:
    beyond = httpx.ASGITransport(create_app(demo.context), client=("192.0.2.7", 40_000))
    async with httpx.AsyncClient(transport=beyond, base_url="http://localhost") as visitor:
        assert (await visitor.get("/demo")).status_code == 404
        assert "/demo" not in (await visitor.get("/sign-in")).text


async def test_the_demos_sign_ins_are_not_for_a_page_of_another_site(demo: RunningHub) -> None:
    rebound = demo.client(host="evil.example").http
    assert (await rebound.get("/demo")).status_code == 404


async def test_the_demos_notices_are_for_nobody_of_a_town_beyond_the_machine(demo: RunningHub) -> None:
    beyond = httpx.ASGITransport(create_app(demo.context), client=("192.0.2.7", 40_000))
    statuses = []
    for user in (OPERATOR, ADMIN):
        async with httpx.AsyncClient(transport=beyond, base_url="http://localhost") as visitor:
            await visitor.post("/sign-in", data={"username": user.username, "password": PASSWORD})
            statuses.append((await visitor.get("/demo/outbox")).status_code)
    assert statuses == [404, 200]


async def test_notices_of_the_demo_stand_in_its_outbox(demo: RunningHub) -> None:
    at = demo.clock.now()
    await demo.store.run(lambda tx: keep_notice(tx.conn, at, "sms:13900000001", "请您尽快去看看"))
    page = (await (await demo.sign_in(OPERATOR)).http.get("/demo/outbox")).text
    assert "sms:13900000001" in page
    assert "请您尽快去看看" in page
    assert (await demo.client().http.get("/demo/outbox")).status_code == 303
