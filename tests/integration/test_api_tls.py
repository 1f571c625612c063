"""Over TLS the session says so; a plain request from the machine itself still works."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from hub.console.auth import COOKIE, SECURE_COOKIE
from hub.db.store import open_store
from tests.stores import Moved
from tests.web import PASSWORD, RunningHub, give_passwords, problem

PUBLIC = "hub.example"


@pytest.fixture
async def public_hub(
    sqlite_url: str, clock: Moved, tmp_path: Path, hashed_password: str
) -> AsyncIterator[RunningHub]:
    """A hub that people reach as https://hub.example, seen from its own machine."""
    store = open_store(sqlite_url, owner="hub-1", now=clock.now)
    try:
        await store.run(lambda tx: give_passwords(tx, hashed_password))
        hub = RunningHub(store, clock, tmp_path)
        object.__setattr__(hub.context, "secure", True)
        object.__setattr__(hub.context, "public_url", f"https://{PUBLIC}:8443")
        async with hub.running():
            yield hub
    finally:
        store.close()


async def test_people_get_a_cookie_that_travels_by_tls_alone(public_hub: RunningHub) -> None:
    client = public_hub.client(Host=f"{PUBLIC}:8443")
    answer = await client.post("/session", {"username": "op", "password": PASSWORD})
    cookie = next(c for c in answer.headers.get_list("set-cookie") if c.startswith(SECURE_COOKIE))
    assert "Secure" in cookie
    assert "Path=/" in cookie
    assert "Domain" not in cookie
    assert "max-age" in answer.headers["strict-transport-security"]


async def test_on_the_machine_itself_a_plain_request_is_signed_in(public_hub: RunningHub) -> None:
    client = public_hub.client()
    answer = await client.post("/session", {"username": "op", "password": PASSWORD})
    assert COOKIE in answer.cookies
    assert (await client.get("/session")).status_code == 200


async def test_other_names_for_the_hub_are_refused(public_hub: RunningHub) -> None:
    assert (await public_hub.client(Host="evil.example").get("/session")).status_code == 421
    problem(await public_hub.client(Host=PUBLIC).get("/session"), 401)
