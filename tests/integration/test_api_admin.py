"""Tokens, users, areas, and what machines ask at the root."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import select

from hub.console.context import Health, Probe
from hub.console.middleware import MAX_BODY_BYTES
from hub.db import tables as t
from hub.domain.sessions import TOKEN_MAX_MS, TOKEN_MS
from tests.stores import CLINIC_STAFF, COUNTY, OPERATOR, OTHER_TOWN, TOWN, VILLAGE, VILLAGE_ADMIN
from tests.web import ADMIN, RunningHub, problem

NEW_USER = {
    "username": "lin", "password": "a long enough word", "name": "林涛", "role": "operator", "area": TOWN,
}  # fmt: skip


async def test_a_token_does_what_its_user_may_until_it_is_taken_back(hub: RunningHub) -> None:
    call = await hub.press()
    desk = await hub.sign_in(OPERATOR)
    made = (await desk.post("/tokens", {"name": "script"})).json()
    program = hub.client(Authorization=f"Bearer {made['token']}")
    assert (await program.post(f"/calls/{call}/answer")).status_code == 200, "no CSRF for a token"
    listed = (await desk.get("/tokens")).json()["items"]
    assert [token["name"] for token in listed] == ["script"]
    assert made["token"] not in str(listed)
    async with program.listen() as listener:
        assert (await desk.http.delete(f"/api/v1/tokens/{made['id']}")).status_code == 204
        assert await listener.ended() == []
    problem(await program.get("/calls"), 401)


async def test_scopes_bind_a_token(sqlite_hub: RunningHub) -> None:
    call = await sqlite_hub.press()
    desk = await sqlite_hub.sign_in(OPERATOR)
    made = (await desk.post("/tokens", {"name": "board", "scopes": ["read"]})).json()
    program = sqlite_hub.client(Authorization=f"Bearer {made['token']}")
    assert (await program.get("/calls")).status_code == 200
    assert problem(await program.post(f"/calls/{call}/answer"), 403)["type"] == "token-scope"
    assert problem(await program.post("/tokens", {"name": "more"}), 403)["type"] == "people-only"
    problem(await desk.post("/tokens", {"name": "x", "scopes": ["root"]}), 422)
    problem(await desk.post("/tokens", {"name": "x", "scopes": []}), 422)


async def test_a_token_has_an_end(sqlite_hub: RunningHub) -> None:
    desk = await sqlite_hub.sign_in(OPERATOR)
    now = sqlite_hub.clock.now()
    made = (await desk.post("/tokens", {"name": "default"})).json()
    assert made["expires_at"] == now + TOKEN_MS
    for end in (now, now + TOKEN_MAX_MS + 1):
        assert (
            problem(await desk.post("/tokens", {"name": "x", "expires_at": end}), 422)["type"] == "token-end"
        )
    program = sqlite_hub.client(Authorization=f"Bearer {made['token']}")
    sqlite_hub.clock.move(TOKEN_MS)
    problem(await program.get("/calls"), 401)


async def test_a_token_made_twice_under_one_key_is_the_same_and_is_stored_nowhere(hub: RunningHub) -> None:
    desk = await hub.sign_in(OPERATOR)
    first, second = await asyncio.gather(*(desk.post("/tokens", {"name": "a"}, key="k") for _ in range(2)))
    assert first.json() == second.json()
    program = hub.client(Authorization=f"Bearer {first.json()['token']}")
    assert (await program.get("/calls")).status_code == 200
    stored = await hub.store.read(
        lambda read: read.conn.execute(select(t.idempotency.c.body)).scalars().all()
    )
    assert first.json()["token"].encode() not in b"".join(stored)


async def test_one_user_cannot_end_anothers_token(sqlite_hub: RunningHub) -> None:
    desk, other = await sqlite_hub.sign_in(OPERATOR), await sqlite_hub.sign_in(CLINIC_STAFF)
    made = (await desk.post("/tokens", {"name": "mine"})).json()
    refused = await other.http.delete(f"/api/v1/tokens/{made['id']}")
    assert problem(refused, 404)["type"] == "token-unknown"


async def test_an_administrator_adds_users_who_can_sign_in(hub: RunningHub) -> None:
    admin = await hub.sign_in(ADMIN)
    made = await admin.post("/users", NEW_USER)
    assert made.status_code == 201, made.text
    assert "password" not in made.text
    assert problem(await admin.post("/users", NEW_USER), 409)["type"] == "username-taken"
    signed_in = await hub.client().post("/session", {"username": "lin", "password": NEW_USER["password"]})
    assert signed_in.status_code == 200
    names = [user["username"] for user in (await admin.get("/users")).json()["items"]]
    assert "lin" in names
    assert names == sorted(names)


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ({"password": "short"}, "request-invalid"),
        ({"username": "Lin Tao"}, "request-invalid"),
        ({"role": "god"}, "request-invalid"),
        ({"role": "clinic"}, "user-clinic"),
        ({"clinic": "clinic-1"}, "user-clinic"),
        ({"role": "clinic", "clinic": "clinic-9"}, "user-place"),
        ({"area": "990421109000"}, "user-place"),
    ],
)
async def test_a_user_that_cannot_be_is_refused(
    sqlite_hub: RunningHub, change: dict[str, str], kind: str
) -> None:
    admin = await sqlite_hub.sign_in(ADMIN)
    assert problem(await admin.post("/users", NEW_USER | change), 422)["type"] == kind


async def test_administrators_alone_keep_users(sqlite_hub: RunningHub) -> None:
    for user in (OPERATOR, CLINIC_STAFF, VILLAGE_ADMIN):
        desk = await sqlite_hub.sign_in(user)
        assert problem(await desk.get("/users"), 403)["type"] == "admins-only"
        assert problem(await desk.post("/users", NEW_USER), 403)["type"] == "admins-only"


async def test_administrators_stay_within_their_county_and_cannot_lock_themselves_out(
    sqlite_hub: RunningHub,
) -> None:
    admin = await sqlite_hub.sign_in(ADMIN)
    elsewhere = await admin.post("/users", NEW_USER | {"area": "110101001000"})
    assert problem(elsewhere, 403)["type"] == "area-not-yours"
    myself = await admin.http.patch(f"/api/v1/users/{ADMIN.id}", json={"enabled": False})
    assert problem(myself, 409)["type"] == "user-yourself"
    nobody = await admin.http.patch("/api/v1/users/u-nobody", json={"enabled": False})
    assert problem(nobody, 404)["type"] == "user-unknown"


async def test_a_new_name_ends_no_session(sqlite_hub: RunningHub) -> None:
    admin, desk = await sqlite_hub.sign_in(ADMIN), await sqlite_hub.sign_in(OPERATOR)
    await admin.http.patch(f"/api/v1/users/{OPERATOR.id}", json={"name": "王芳芳"})
    assert (await desk.get("/session")).json()["user"]["name"] == "王芳芳"


async def test_areas_are_those_one_may_act_on(hub: RunningHub) -> None:
    seen = {}
    for user in (OPERATOR, VILLAGE_ADMIN, ADMIN):
        items = (await (await hub.sign_in(user)).get("/areas")).json()["items"]
        seen[user.username] = [area["code"] for area in items]
    assert seen["op"] == [TOWN, VILLAGE]
    assert seen["va"] == [VILLAGE]
    assert {COUNTY, OTHER_TOWN} < set(seen["admin"])
    assert items[0] | {"lat": None, "lon": None} == {
        "code": COUNTY, "name": "清溪县", "level": "county", "parent": None, "lat": None, "lon": None,
    }  # fmt: skip


async def test_readiness_names_every_part_in_a_line(sqlite_hub: RunningHub) -> None:
    async def fine() -> Health:
        return Health(ok=True, detail="answers")

    async def down() -> Health:
        return Health(ok=False, detail="not connected")

    context = sqlite_hub.context
    object.__setattr__(context, "probes", (Probe("database", fine), Probe("broker", down)))
    http = sqlite_hub.client().http
    assert (await http.get("/healthz")).status_code == 200
    ready = await http.get("/readyz")
    assert ready.status_code == 503
    assert ready.text.splitlines() == ["database ok answers", "broker down not connected"]


async def test_metrics_count_calls_and_streams(sqlite_hub: RunningHub) -> None:
    desk = await sqlite_hub.sign_in(OPERATOR)
    await sqlite_hub.press()
    async with desk.listen():
        text = (await sqlite_hub.client().http.get("/metrics")).text
    assert "xiangyin_calls_open 1\n" in text
    assert "xiangyin_streams_open 1\n" in text
    assert "# TYPE xiangyin_commit_seconds histogram" in text


async def test_every_answer_carries_the_headers_that_protect_browsers(sqlite_hub: RunningHub) -> None:
    http = sqlite_hub.client().http
    for path in ("/healthz", "/api/v1/calls", "/nowhere", "/api/openapi.json"):
        headers = (await http.get(path)).headers
        assert "script-src 'self'" in headers["content-security-policy"], path
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"


async def test_bodies_have_a_limit_whether_announced_or_not(sqlite_hub: RunningHub) -> None:
    http = sqlite_hub.client().http
    too_long = b"x" * (MAX_BODY_BYTES + 1)
    assert (await http.post("/api/v1/session", content=too_long)).status_code == 413

    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(3):
            yield b"x" * (MAX_BODY_BYTES // 2)

    assert (await http.post("/api/v1/session", content=pieces())).status_code == 413


async def test_a_key_gives_each_session_a_token_of_its_own(hub: RunningHub) -> None:
    desks = [await hub.sign_in(OPERATOR), await hub.sign_in(OPERATOR)]
    made = [(await desk.post("/tokens", {"name": "a"}, key="k")).json() for desk in desks]
    assert made[0]["token"] != made[1]["token"]
    for one in made:
        assert (await hub.client(Authorization=f"Bearer {one['token']}").get("/calls")).status_code == 200


@pytest.mark.parametrize(
    "strange", ["\x00", "a\x00b", "😀" * 3, "'; DROP TABLE users; --", "\u202e", "x" * 30_000]
)
async def test_strange_words_are_stored_or_refused_and_break_nothing(hub: RunningHub, strange: str) -> None:
    call = await hub.press()
    desk, admin = await hub.sign_in(OPERATOR), await hub.sign_in(ADMIN)
    tried = [
        await desk.post(f"/calls/{call}/note", {"note": strange}),
        await desk.post(f"/calls/{call}/dial", {"number": strange}),
        await desk.post("/tokens", {"name": strange}),
        await admin.post("/users", NEW_USER | {"name": strange}),
        await admin.post("/users", NEW_USER | {"area": strange}),
        await admin.post("/users", NEW_USER | {"username": strange}),
        await desk.get("/calls", cursor=strange),
        await hub.client().post("/session", {"username": strange, "password": strange}),
    ]
    assert {answer.status_code for answer in tried} <= {200, 201, 401, 422}
    for path in ("%00", "a%00b", "%F0%9F%98%80", "x" * 200, "a%2Fb"):
        for answer in (
            await desk.get(f"/calls/{path}"),
            await desk.post(f"/desks/{path}", {"audible": True}),
            await admin.http.patch(f"/api/v1/users/{path}", json={}),
        ):
            assert answer.status_code in (404, 422), path
