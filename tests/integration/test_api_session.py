"""Signing in and out over HTTP: cookies, CSRF, throttling, and what a stolen database would be worth."""

import pytest
from sqlalchemy import select

from hub.console.auth import COOKIE, token_hash
from hub.db import tables as t
from hub.domain.sessions import SESSION_MS
from tests.stores import OPERATOR
from tests.web import ADMIN, PASSWORD, RunningHub, problem


async def test_a_session_opens_with_the_right_password_and_is_stored_hashed(hub: RunningHub) -> None:
    desk = await hub.sign_in(OPERATOR)
    cookie = desk.http.cookies[COOKIE]
    rows = await hub.store.read(
        lambda read: list(read.conn.execute(select(t.sessions.c.token_hash)).scalars())
    )
    assert rows == [token_hash(cookie)]
    assert cookie not in rows
    mine = (await desk.get("/session")).json()
    assert mine["user"]["username"] == "op"
    assert mine["csrf"] == desk.csrf


async def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(sqlite_hub: RunningHub) -> None:
    answer = await sqlite_hub.client().post("/session", {"username": "op", "password": PASSWORD})
    cookie = next(c for c in answer.headers.get_list("set-cookie") if c.startswith(COOKIE))
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie


@pytest.mark.parametrize("username", ["op", "nobody"])
async def test_wrong_name_and_wrong_password_are_told_alike(sqlite_hub: RunningHub, username: str) -> None:
    answer = await sqlite_hub.client().post("/session", {"username": username, "password": "wrong"})
    assert problem(answer, 401)["type"] == "sign-in-wrong"


async def test_guessing_is_slowed_down_but_the_person_at_their_own_browser_is_not(
    sqlite_hub: RunningHub,
) -> None:
    desk = await sqlite_hub.sign_in(OPERATOR)
    stranger = sqlite_hub.client()
    answers = [
        await stranger.post("/session", {"username": "op", "password": f"guess {n}"}) for n in range(8)
    ]
    assert {answer.status_code for answer in answers} == {401, 429}
    assert int(answers[-1].headers["retry-after"]) > 0
    again = await desk.http.post("/api/v1/session", json={"username": "op", "password": PASSWORD})
    assert again.status_code == 200, "behind the same address, in a browser that is known"


async def test_a_change_needs_the_csrf_token_and_our_own_page(sqlite_hub: RunningHub) -> None:
    desk = await sqlite_hub.sign_in(OPERATOR)
    call = await sqlite_hub.press()
    path = f"/api/v1/calls/{call}/answer"
    without = await desk.http.post(path, headers={"X-CSRF-Token": ""})
    wrong = await desk.http.post(path, headers={"X-CSRF-Token": "x" * 43})
    foreign = await desk.http.post(path, headers={"Origin": "https://evil.example"})
    for refused in (without, wrong, foreign):
        assert problem(refused, 403)["type"] == "csrf-wrong"
    assert "X-CSRF-Token" in problem(without, 403)["title"], "a program is told what to send"
    assert (await desk.http.post(path)).status_code == 200


async def test_signing_in_from_another_sites_page_is_refused(sqlite_hub: RunningHub) -> None:
    stranger = sqlite_hub.client(Origin="https://evil.example")
    answer = await stranger.post("/session", {"username": "op", "password": PASSWORD})
    assert problem(answer, 403)["type"] == "csrf-wrong"


async def test_signing_out_ends_the_session(hub: RunningHub) -> None:
    desk = await hub.sign_in(OPERATOR)
    kept = dict(desk.http.cookies)
    assert (await desk.http.delete("/api/v1/session")).status_code == 204
    late = hub.client()
    late.http.cookies.update(kept)
    assert problem(await late.get("/calls"), 401)["type"] == "sign-in-needed"


async def test_a_session_ends_at_its_time(sqlite_hub: RunningHub) -> None:
    desk = await sqlite_hub.sign_in(OPERATOR)
    sqlite_hub.clock.move(SESSION_MS - 1)
    assert (await desk.get("/calls")).status_code == 200
    sqlite_hub.clock.move(1)
    assert problem(await desk.get("/calls"), 401)["type"] == "sign-in-needed"


async def test_a_disabled_user_is_out_at_once_and_cannot_come_back(hub: RunningHub) -> None:
    admin, desk = await hub.sign_in(ADMIN), await hub.sign_in(OPERATOR)
    changed = await admin.http.patch(f"/api/v1/users/{OPERATOR.id}", json={"enabled": False})
    assert changed.json()["enabled"] is False
    problem(await desk.get("/calls"), 401)
    answer = await hub.client().post("/session", {"username": "op", "password": PASSWORD})
    assert problem(answer, 401)["type"] == "sign-in-wrong"


async def test_sentences_follow_the_browser_chinese_first(sqlite_hub: RunningHub) -> None:
    chinese = problem(await sqlite_hub.client().get("/calls"), 401)["title"]
    english = problem(await sqlite_hub.client(**{"Accept-Language": "en-GB,zh;q=0.5"}).get("/calls"), 401)[
        "title"
    ]
    assert chinese != english
    assert str(english).isascii()
    assert not str(chinese).isascii()
