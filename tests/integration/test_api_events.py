"""The stream of events: no gap, no double, nothing that the user may not see, and an end when rights end."""

import asyncio
from collections.abc import Callable

import pytest

from hub import inbox
from hub.console.api import events as stream
from hub.console.auth import COOKIE, token_hash
from hub.db.executor import AnyCommand
from hub.db.reader import Read
from hub.domain.errors import Unavailable
from hub.domain.sessions import SESSION_MS
from tests.stores import CLINIC_STAFF, COUNTY_OPERATOR, OPERATOR, OTHER_OPERATOR, VILLAGE_ADMIN
from tests.web import ADMIN, PASSWORD, Listener, RunningHub, Told, problem


async def test_a_press_arrives_as_an_event_with_its_press_and_call(hub: RunningHub) -> None:
    desk = await hub.sign_in(OPERATOR)
    async with desk.listen() as listener:
        call = await hub.press("b-1", "p-1")
        raised, rung = await listener.take(2)
    assert (raised.event, rung.event) == ("call.raised", "call.rung")
    assert raised.data["id"] == call
    assert raised.data["call"]["state"] == "ringing"
    assert press_of(raised) == "p-1"
    assert rung.id == (raised.id or 0) + 1


async def test_a_listener_that_comes_back_again_and_again_misses_nothing_and_hears_nothing_twice(
    hub: RunningHub,
) -> None:
    desk = await hub.sign_in(COUNTY_OPERATOR)
    start = (await desk.get("/calls")).json()["last_event_id"]
    wanted = {f"p-{n}" for n in range(200)}

    async def press_all() -> None:
        for burst in _tens(sorted(wanted)):
            await asyncio.gather(
                *(hub.press("b-1" if n % 2 else "b-2", name) for n, name in enumerate(burst))
            )

    pressing = asyncio.create_task(press_all())
    heard: list[Told] = []
    visits = 0
    while not wanted <= {press_of(told) for told in heard}:
        visits += 1
        async with desk.listen(last_event_id=heard[-1].id if heard else start) as listener:
            for _ in range(1 + visits % 13):
                heard.append(await listener.next())
                if wanted <= {press_of(told) for told in heard}:
                    break
    await pressing
    ids = [told.id for told in heard]
    assert ids == list(range(start + 1, start + 1 + len(ids)))
    assert visits > 10


def _tens(names: list[str]) -> list[list[str]]:
    return [names[first : first + 10] for first in range(0, len(names), 10)]


def press_of(told: Told) -> str:
    press = told.data.get("press")
    return str(press["id"]) if isinstance(press, dict) else ""


async def test_events_of_another_hub_come_in_their_place(hub: RunningHub, second_hub: RunningHub) -> None:
    desk = await second_hub.sign_in(COUNTY_OPERATOR)
    async with desk.listen() as listener:
        for n in range(10):
            await (hub if n % 2 else second_hub).press("b-1", f"p-{n}", "test")
        heard = await listener.take(10)
    assert [press_of(told) for told in heard] == [f"p-{n}" for n in range(10)]


async def test_each_hears_only_their_own(hub: RunningHub) -> None:
    users = (OPERATOR, OTHER_OPERATOR, CLINIC_STAFF, VILLAGE_ADMIN)
    desks = [await hub.sign_in(user) for user in users]
    start = (await desks[0].get("/calls")).json()["last_event_id"]
    await hub.press("b-1", "p-1", "test")
    await hub.press("b-2", "p-2", "test")
    await hub.press("b-1", "p-3", "test")
    heard: dict[str, list[object]] = {}
    for user, desk in zip(users, desks, strict=True):
        async with desk.listen(after=start) as listener:
            await hub.press("b-1", f"end-{user.id}", "test")
            count = {"op": 3, "op2": 1, "dr": 3, "va": 0}[user.username]
            heard[user.username] = [press_of(told) for told in await listener.take(count)]
    assert heard == {
        "op": ["p-1", "p-3", "end-u-op"],
        "op2": ["p-2"],
        "dr": ["p-1", "p-3", "end-u-op"],
        "va": [],
    }


@pytest.mark.parametrize("strange", ["-1", "abc", "9" * 30, "4000000000"])
async def test_an_unknown_id_begins_with_a_reset(sqlite_hub: RunningHub, strange: str) -> None:
    await sqlite_hub.press()
    desk = await sqlite_hub.sign_in(OPERATOR)
    newest = (await desk.get("/calls")).json()["last_event_id"]
    async with desk.http.stream("GET", "/api/v1/events", headers={"Last-Event-ID": strange}) as response:
        listener = await Listener(response).greeted()
        reset = await listener.next()
        assert (reset.event, reset.id) == ("reset", newest)
        await sqlite_hub.press("b-1", "p-next")
        assert press_of(await listener.next()) == "p-next"


async def test_signing_out_ends_the_stream_at_once(hub: RunningHub) -> None:
    desk, other = await hub.sign_in(OPERATOR), await hub.sign_in(OPERATOR)
    async with desk.listen() as listener, other.listen() as staying:
        assert (await desk.http.delete("/api/v1/session")).status_code == 204
        await hub.press("b-1", "p-after")
        assert await listener.ended() == []
        assert press_of(await staying.next()) == "p-after", "another session of the same person"


@pytest.mark.parametrize(
    "change", [{"enabled": False}, {"role": "village_admin"}, {"password": PASSWORD + "!"}]
)
async def test_rights_that_change_end_the_stream_before_the_next_event(
    hub: RunningHub, second_hub: RunningHub, change: dict[str, object]
) -> None:
    admin = await hub.sign_in(ADMIN)
    desk = await second_hub.sign_in(OPERATOR)
    async with desk.listen() as listener:
        changed = await admin.http.patch(f"/api/v1/users/{OPERATOR.id}", json=change)
        assert changed.status_code == 200, changed.text
        await hub.press()
        assert await listener.ended() == []
    problem(await desk.get("/calls"), 401)


async def test_a_session_that_runs_out_ends_the_stream_at_the_next_ping(
    sqlite_hub: RunningHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "PING_S", 0.05)
    desk = await sqlite_hub.sign_in(OPERATOR)
    async with desk.listen() as listener:
        await listener.pinged()
        sqlite_hub.clock.move(SESSION_MS)
        assert await listener.ended() == []


async def test_a_database_that_cannot_be_asked_takes_no_screen_off_the_wall(
    sqlite_hub: RunningHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "PING_S", 0.05)
    desk = await sqlite_hub.sign_in(OPERATOR)
    async with desk.listen() as listener:

        def away(*_: object) -> None:
            raise Unavailable("store-away")

        monkeypatch.setattr(sqlite_hub.store, "read_sync", away)
        monkeypatch.setattr(sqlite_hub.store, "send", _refuse)
        await listener.pinged()
        await listener.pinged()
        with pytest.raises(Unavailable):
            await sqlite_hub.inbox.take_press("b-1", b'{"id":"p-lost","kind":"sos","at":null}')
        told = await listener.next()
        assert (told.event, told.id) == ("call.unrecorded", None)
        assert press_of(told) == "p-lost"


async def test_a_screen_that_connects_later_is_shown_what_is_not_recorded(
    sqlite_hub: RunningHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = await sqlite_hub.sign_in(OPERATOR)
    with monkeypatch.context() as gone:
        gone.setattr(sqlite_hub.store, "send", _refuse)
        with pytest.raises(Unavailable):
            await sqlite_hub.inbox.take_press("b-1", b'{"id":"p-lost","kind":"sos","at":null}')
        async with desk.listen() as listener:
            assert (await listener.next()).event == "call.unrecorded"
    async with desk.listen(after=0) as listener:
        assert press_of(await listener.until("call.raised")) == "p-lost", "recorded once it can be"


async def test_a_desk_that_comes_back_while_the_database_hangs_shows_what_is_pressed_and_then_all_in_order(
    sqlite_hub: RunningHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = await sqlite_hub.sign_in(OPERATOR)
    await sqlite_hub.press("b-1", "p-before")
    start = (await desk.get("/calls")).json()["last_event_id"]
    may_answer = hang(sqlite_hub, monkeypatch)
    monkeypatch.setattr(inbox, "ANSWER_WITHIN_S", 0.01)
    await _press_unstored(sqlite_hub, "p-first")
    heard: list[Told] = []

    async def until(event: str, press: str = "") -> None:
        while not any(told.event == event and press_of(told) == press for told in heard):
            heard.append(await listener.next())

    async with desk.listen(after=start - 1, desk=1, audible=1) as listener:
        await until("call.unrecorded", "p-first")
        await _press_unstored(sqlite_hub, "p-second")
        await until("call.unrecorded", "p-second")
        may_answer.set()
        await until("call.pressed", "p-first")
        await until("call.pressed", "p-second")
        await until("desk")
    ids = [told.id for told in heard if told.id]
    assert ids == list(range(start, start + len(ids)))


async def _press_unstored(hub: RunningHub, press: str) -> None:
    with pytest.raises(Unavailable):
        await hub.inbox.take_press("b-1", f'{{"id":"{press}","kind":"sos","at":null}}'.encode())


def hang(hub: RunningHub, monkeypatch: pytest.MonkeyPatch) -> asyncio.Event:
    """The database answers nobody until this is set."""
    may_answer, read, send = asyncio.Event(), hub.store.read, hub.store.send

    async def read_later(query: Callable[[Read], object]) -> object:
        await may_answer.wait()
        return await read(query)

    async def send_later(command: AnyCommand) -> object:
        await may_answer.wait()
        return await send(command)

    monkeypatch.setattr(hub.store, "read", read_later)
    monkeypatch.setattr(hub.store, "send", lambda command: asyncio.ensure_future(send_later(command)))
    return may_answer


async def test_who_was_never_seen_opens_no_stream_while_the_database_hangs(
    sqlite_hub: RunningHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = await sqlite_hub.sign_in(OPERATOR)
    sqlite_hub.context.remembered.forget(token_hash(desk.http.cookies[COOKIE]))
    hang(sqlite_hub, monkeypatch)
    problem(await desk.get("/events"), 503)


async def test_an_unrecorded_press_is_shown_to_everybody_who_takes_calls_and_to_nobody_else(
    sqlite_hub: RunningHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    others = [await sqlite_hub.sign_in(user) for user in (OTHER_OPERATOR, CLINIC_STAFF)]
    village = await sqlite_hub.sign_in(VILLAGE_ADMIN)
    async with village.listen() as unconcerned:
        with monkeypatch.context() as gone:
            gone.setattr(sqlite_hub.store, "send", _refuse)
            for device in ("b-1", "a-device-that-nobody-registered"):
                with pytest.raises(Unavailable):
                    await sqlite_hub.inbox.take_press(device, b'{"id":"p-lost","kind":"sos","at":null}')
            for desk in others:
                async with desk.listen() as listener:
                    assert [told.event for told in await listener.take(2)] == ["call.unrecorded"] * 2
        assert (await village.http.delete("/api/v1/session")).status_code == 204
        assert await unconcerned.ended() == []


async def test_without_a_session_there_is_no_stream(sqlite_hub: RunningHub) -> None:
    problem(await sqlite_hub.client().get("/events"), 401)


def _refuse(_command: object) -> "asyncio.Future[object]":
    future: asyncio.Future[object] = asyncio.get_running_loop().create_future()
    future.set_exception(Unavailable("store-away"))
    return future
