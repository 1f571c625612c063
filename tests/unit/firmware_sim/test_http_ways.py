"""The second path and the audio's way, with an HTTP server that is a function."""

import hashlib
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import httpx
import pytest

from devices.errors import RefusalReason
from firmware_sim.audio_store import ROOM, AudioStore
from firmware_sim.connection import Account
from firmware_sim.effects import AskReply, Fetch, Fetched, PostPress, SecondPathAnswer
from firmware_sim.second_path import MAX_ANSWER_BYTES, SecondPath

ACCOUNT = Account("b-1", "b-1", "secret")
POST = PostPress("p1", b'{"id":"p1"}')
SONG = b"la la la"
SHA = hashlib.sha256(SONG).hexdigest()

Server = Callable[[httpx.Request], httpx.Response]


async def endless() -> AsyncIterator[bytes]:
    while True:
        yield b"x" * 1_000


def client(server: Server) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.MockTransport(server))


async def ask(what: PostPress | AskReply, server: Server) -> SecondPathAnswer:
    async with client(server) as http:
        return await SecondPath("http://hub:8000/", http).ask(what, ACCOUNT)


async def test_a_press_is_posted_as_it_is_with_the_devices_credentials() -> None:
    seen: list[httpx.Request] = []

    def server(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, content=b"reply")

    assert await ask(POST, server) == SecondPathAnswer("p1", False, 200, b"reply")
    (request,) = seen
    assert (request.method, str(request.url)) == ("POST", "http://hub:8000/api/v1/device/calls")
    assert request.content == POST.payload
    assert request.headers["authorization"] == httpx.BasicAuth("b-1", "secret")._auth_header


async def test_the_newest_reply_is_asked_for_by_the_press() -> None:
    def server(request: httpx.Request) -> httpx.Response:
        assert (request.method, request.url.path) == ("GET", "/api/v1/device/calls/p1")
        return httpx.Response(404)

    assert await ask(AskReply("p1"), server) == SecondPathAnswer("p1", True, 404)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("7", 7),
        ("0", 0),
        ("Wed, 21 Oct 2026 07:28:00 GMT", None),
        ("-3", None),
        ("٣", None),
        ("9" * 5_000, None),
    ],
)
async def test_retry_after_is_read_when_it_is_seconds(header: str, seconds: int | None) -> None:
    answer = await ask(POST, lambda _: httpx.Response(503, headers=[(b"retry-after", header.encode())]))
    assert (answer.status, answer.retry_after_s) == (503, seconds)


async def test_no_answer_is_an_answer_too() -> None:
    def server(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectTimeout("nobody there", request=request)

    assert await ask(POST, server) == SecondPathAnswer("p1", False, None)


async def test_a_redirect_is_not_followed() -> None:
    answer = await ask(POST, lambda _: httpx.Response(302, headers={"location": "http://portal/"}))
    assert answer.status == 302


async def test_an_endless_answer_is_cut() -> None:
    answer = await ask(POST, lambda _: httpx.Response(200, content=endless()))
    assert MAX_ANSWER_BYTES < len(answer.body) <= MAX_ANSWER_BYTES + 1_000


async def fetch(folder: Path, what: Fetch, server: Server) -> Fetched:
    async with client(server) as http:
        return await AudioStore(folder, http).fetch("ls-1", what)


def wanted(*urls: str, size: int = len(SONG)) -> Fetch:
    return Fetch(SHA, urls or ("http://a/x",), size)


def no_server(request: httpx.Request) -> httpx.Response:
    raise AssertionError(f"asked for {request.url}")


async def test_audio_is_fetched_once_and_kept(tmp_path: Path) -> None:
    assert await fetch(tmp_path, wanted(), lambda _: httpx.Response(200, content=SONG)) == Fetched(SHA)
    assert (tmp_path / "ls-1" / SHA).read_bytes() == SONG
    assert await fetch(tmp_path, wanted(), no_server) == Fetched(SHA)


async def test_flash_that_was_cut_short_is_fetched_again(tmp_path: Path) -> None:
    (tmp_path / "ls-1").mkdir()
    (tmp_path / "ls-1" / SHA).write_bytes(SONG[:3])
    assert await fetch(tmp_path, wanted(), lambda _: httpx.Response(200, content=SONG)) == Fetched(SHA)
    assert (tmp_path / "ls-1" / SHA).read_bytes() == SONG


@pytest.mark.parametrize("body", [SONG[:-1], SONG[:-1] + b"!", SONG + b"!", b""])
async def test_any_other_bytes_are_a_mismatch(tmp_path: Path, body: bytes) -> None:
    got = await fetch(tmp_path, wanted(), lambda _: httpx.Response(200, content=body))
    assert got == Fetched(SHA, RefusalReason.HASH_MISMATCH)
    assert not (tmp_path / "ls-1").exists()


async def test_reading_stops_at_the_signed_size(tmp_path: Path) -> None:
    got = await fetch(tmp_path, wanted(size=5_000), lambda _: httpx.Response(200, content=endless()))
    assert got == Fetched(SHA, RefusalReason.HASH_MISMATCH)


@pytest.mark.parametrize("status", [302, 404, 500])
async def test_without_the_file_it_may_be_tried_again(tmp_path: Path, status: int) -> None:
    got = await fetch(tmp_path, wanted(), lambda _: httpx.Response(status, headers={"location": "http://b/"}))
    assert got == Fetched(SHA, RefusalReason.FETCH_FAILED)
    assert not got.is_final


async def test_the_next_base_helps_out(tmp_path: Path) -> None:
    def server(request: httpx.Request) -> httpx.Response:
        if request.url.host == "a":
            raise httpx.ConnectError("down", request=request)
        return httpx.Response(200, content=SONG)

    assert await fetch(tmp_path, wanted("http://a/x", "http://b/x"), server) == Fetched(SHA)


async def test_old_audio_makes_room_but_not_what_is_needed(tmp_path: Path) -> None:
    own = tmp_path / "ls-1"
    own.mkdir()
    for number in range(ROOM + 10):
        (own / f"{number:03}").write_bytes(b"x")
    async with client(no_server) as http:
        AudioStore(tmp_path, http).prune("ls-1", frozenset({"000", "001"}))
    left = {file.name for file in own.iterdir()}
    assert len(left) == ROOM
    assert {"000", "001"} < left
