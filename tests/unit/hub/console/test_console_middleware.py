"""In front of every request: hosts, bodies, headers."""

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from hub.console.middleware import BodyLimit, KnownHosts, SecurityHeaders


async def echo(scope: Scope, receive: Receive, send: Send) -> None:
    body = await Request(scope, receive).body()
    await PlainTextResponse(str(len(body)))(scope, receive, send)


def client(app: ASGIApp) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://hub.example:8443")


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("hub.example:8443", 200),
        ("HUB.example", 200),
        ("127.0.0.1:8000", 200),
        ("[::1]:8000", 200),
        ("[::1]", 200),
        ("evil.example", 421),
        ("hub.example.evil.example", 421),
        ("", 421),
    ],
)
async def test_with_a_public_address_other_names_are_refused(host: str, status: int) -> None:
    app = KnownHosts(echo, public_url="https://hub.example:8443")
    assert (await client(app).get("/", headers={"Host": host})).status_code == status


async def test_without_a_public_address_every_name_is_ours() -> None:
    app = KnownHosts(echo, public_url=None)
    assert (await client(app).get("/", headers={"Host": "any.example"})).status_code == 200


@pytest.mark.parametrize(("length", "status"), [(0, 200), (10, 200), (11, 413)])
async def test_bodies_up_to_the_limit_pass(length: int, status: int) -> None:
    answer = await client(BodyLimit(echo, limit=10)).post("/", content=b"x" * length)
    assert answer.status_code == status


async def test_a_length_that_is_no_number_is_refused() -> None:
    answer = await client(BodyLimit(echo, limit=10)).post("/", headers={"Content-Length": "-1"})
    assert answer.status_code == 413


async def test_an_answers_own_headers_stay() -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        headers = {"cache-control": "public, max-age=60", "content-security-policy": "default-src 'self'"}
        await PlainTextResponse("x", headers=headers)(scope, receive, send)

    answer = await client(SecurityHeaders(app, secure=False)).get("/")
    assert answer.headers["cache-control"] == "public, max-age=60"
    assert answer.headers["content-security-policy"] == "default-src 'self'"
    assert "strict-transport-security" not in answer.headers


async def test_over_tls_browsers_are_told_to_stay_there() -> None:
    answer = await client(SecurityHeaders(echo, secure=True)).get("/")
    assert "max-age" in answer.headers["strict-transport-security"]
    assert answer.headers["cache-control"] == "no-store"
