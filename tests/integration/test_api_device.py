"""The second path: a press that finds no broker arrives by HTTP, is one with its copies, and is answered."""

import asyncio
import base64

import httpx
import msgspec
import pytest

from devices.codec import decode_reply
from devices.messages import ReplyState
from hub.domain.errors import Unavailable
from tests.stores import OPERATOR
from tests.web import DEVICE_PASSWORD, Desk, RunningHub, problem


def device(hub: RunningHub, name: str = "b-1", password: str = DEVICE_PASSWORD) -> Desk:
    desk = hub.client()
    desk.http.auth = httpx.BasicAuth(name, password)
    return desk


def press(name: str, kind: str = "sos") -> bytes:
    return msgspec.json.encode({"id": name, "kind": kind, "at": None})


async def send(desk: Desk, body: bytes) -> httpx.Response:
    return await desk.http.post("/api/v1/device/calls", content=body)


async def test_a_press_is_stored_and_answered_in_words(hub: RunningHub) -> None:
    answer = await send(device(hub), press("p-1"))
    reply = decode_reply(answer.content)
    assert (reply.press, reply.state, reply.rev) == ("p-1", ReplyState.RECEIVED, 1)
    assert reply.say.startswith("收到")
    seen = await (await hub.sign_in(OPERATOR)).get(f"/calls/{reply.call}")
    assert seen.json()["timeline"][0]["press"]["via"] == "http"


async def test_copies_over_both_paths_at_once_are_one_call(hub: RunningHub) -> None:
    button = device(hub)
    over_http = [send(button, press("p-1")) for _ in range(10)]
    over_mqtt = [hub.inbox.take_press("b-1", press("p-1"), "mqtt") for _ in range(10)]
    answers = await asyncio.gather(*over_http)
    taken = await asyncio.gather(*over_mqtt)
    calls = {decode_reply(answer.content).call for answer in answers} | {one.call for one in taken}
    assert len(calls) == 1
    page = (await (await hub.sign_in(OPERATOR)).get("/calls")).json()
    assert [call["presses"] for call in page["items"]] == [1]


async def test_the_newest_reply_can_be_asked_for(hub: RunningHub) -> None:
    button, desk = device(hub), await hub.sign_in(OPERATOR)
    call = decode_reply((await send(button, press("p-1"))).content).call
    await desk.post(f"/calls/{call}/answer")
    reply = decode_reply((await button.get("/device/calls/p-1")).content)
    assert (reply.state, reply.by, reply.rev) == (ReplyState.ANSWERED, OPERATOR.spoken_name, 2)
    problem(await button.get("/device/calls/p-other"), 404)
    problem(await device(hub, "b-2").get("/device/calls/p-1"), 404)
    problem(await button.get("/device/calls/p%0a1"), 404)


@pytest.mark.parametrize("body", [b"", b"help", b"{}", b'{"kind":"new","id":"p-9"}', b"\xff" * 5000])
async def test_strange_bytes_ring_as_over_mqtt(sqlite_hub: RunningHub, body: bytes) -> None:
    reply = decode_reply((await send(device(sqlite_hub), body)).content)
    desk = await sqlite_hub.sign_in(OPERATOR)
    call = (await desk.get(f"/calls/{reply.call}")).json()
    assert (call["kind"], call["state"], call["decoded"]) == ("sos", "ringing", False)


@pytest.mark.parametrize(
    ("name", "password"),
    [("b-1", "wrong"), ("b-none", DEVICE_PASSWORD), ("op", DEVICE_PASSWORD), ("b-1", "")],
)
async def test_only_a_device_with_its_own_password_comes_in(
    sqlite_hub: RunningHub, name: str, password: str
) -> None:
    refused = await send(device(sqlite_hub, name, password), press("p-1"))
    assert problem(refused, 401)["type"] == "device-unknown"
    assert refused.headers["www-authenticate"].startswith("Basic")


@pytest.mark.parametrize("header", ["Basic", "Basic !!!", "Basic Yi0x", "Bearer abc", "Basic /////w=="])
async def test_broken_credentials_are_refused(sqlite_hub: RunningHub, header: str) -> None:
    problem(await send(sqlite_hub.client(Authorization=header), press("p-1")), 401)


async def test_a_person_cannot_press_as_a_device(sqlite_hub: RunningHub) -> None:
    desk = await sqlite_hub.sign_in(OPERATOR)
    problem(await desk.http.post("/api/v1/device/calls", content=press("p-1")), 401)


async def test_what_cannot_be_stored_is_not_acknowledged_but_shown(
    sqlite_hub: RunningHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    button, desk = device(sqlite_hub), await sqlite_hub.sign_in(OPERATOR)
    assert (await send(button, press("p-1"))).status_code == 200

    def away(*_: object) -> None:
        raise Unavailable("store-away")

    async with desk.listen() as listener:
        with monkeypatch.context() as gone:
            gone.setattr(sqlite_hub.store, "read_sync", away)
            gone.setattr(sqlite_hub.store, "send", _refuse)
            refused = await send(button, press("p-2"))
            assert problem(refused, 503)["type"] == "store-away"
            assert int(refused.headers["retry-after"]) > 0
            told = await listener.until("call.unrecorded")
            assert told.data["press"]["id"] == "p-2"
        assert (await listener.until("call.pressed")).data["press"]["id"] == "p-2"
    again = decode_reply((await send(button, press("p-2"))).content)
    assert again.state is ReplyState.RECEIVED


async def test_a_flood_of_new_presses_is_never_refused(sqlite_hub: RunningHub) -> None:
    button = device(sqlite_hub)
    answers = await asyncio.gather(*(send(button, press(f"p-{n}")) for n in range(300)))
    assert {answer.status_code for answer in answers} == {200}


def _refuse(_command: object) -> "asyncio.Future[object]":
    future: asyncio.Future[object] = asyncio.get_running_loop().create_future()
    future.set_exception(Unavailable("store-away"))
    return future


@pytest.mark.parametrize("name", ["\x00", "b-1\x00", "hub.1.calls", "x" * 300, "é"])
async def test_a_name_that_no_device_can_have_is_refused_unasked(hub: RunningHub, name: str) -> None:
    encoded = base64.b64encode(f"{name}:{DEVICE_PASSWORD}".encode()).decode()
    problem(await send(hub.client(Authorization=f"Basic {encoded}"), press("p-1")), 401)
