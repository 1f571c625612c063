"""A running console for tests: the real application behind a real server, over the store of tests/stores.py.

`hub` is one hub process in small: store, feed, inbox, ring, console; what it lacks is a broker. `Desk` is a
signed-in client, `Listener` an open stream of events.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
from collections.abc import AsyncIterator, Callable, Collection
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
import uvicorn
from sqlalchemy import update

from broker_config.passwords import hash_password as hash_device_password
from hub.console.app import create_app
from hub.console.context import ConsoleContext, Probe
from hub.console.known_devices import KnownDevices
from hub.db import register
from hub.db import tables as t
from hub.db.store import Store, open_store
from hub.db.transaction import Committed, Tx
from hub.directory import Directory
from hub.domain.accounts import Account
from hub.domain.errors import Unavailable
from hub.domain.people import Role, User
from hub.domain.telemetry import Bucket, DeviceState, Span
from hub.enrolment import Enroller
from hub.i18n import Phrases
from hub.inbox import Inbox, RecentCallers
from hub.live.feed import Feed
from hub.passwords import hash_password
from hub.ring import Ring
from hub.settings import Settings
from hub.spool import Spool
from hub.wiring_calls import voice
from tests.stores import COUNTY, Moved

PASSWORD = "ninety-nine red buttons"
DEVICE_PASSWORD = "b0-XyDeviceSecret_0001"
PATIENCE_S = 45.0
ADMIN = User(
    id="u-admin", username="admin", name="吴磊", spoken_name="吴主任", role=Role.COUNTY_ADMIN, area=COUNTY
)


@dataclass(frozen=True)
class Told:
    """One event of the stream as a client reads it."""

    id: int | None
    event: str
    data: dict[str, Any]


class Listener:
    """An open stream; `next` waits for an event, `ended` for the end."""

    def __init__(self, response: httpx.Response) -> None:
        self.response = response
        self._lines = response.aiter_lines()
        self.comments: list[str] = []

    async def next(self) -> Told:
        """The next event."""
        told = await self._read()
        assert told is not None, "the stream ended"
        return told

    async def until(self, event: str) -> Told:
        """The next event of this name; what comes before it is passed over."""
        while (told := await self.next()).event != event:
            pass
        return told

    async def take(self, count: int) -> list[Told]:
        """The next `count` events."""
        return [await self.next() for _ in range(count)]

    async def greeted(self) -> Listener:
        """Return once the stream has begun: what is committed from now on will be seen."""
        await self._comment(": welcome")
        return self

    async def pinged(self) -> None:
        """Return at the next ping."""
        await self._comment(": ping")

    async def ended(self) -> list[Told]:
        """What still came until the stream's end."""
        rest: list[Told] = []
        while (told := await self._read()) is not None:
            rest.append(told)
        return rest

    async def _comment(self, text: str) -> None:
        async with asyncio.timeout(PATIENCE_S):
            async for line in self._lines:
                if line == text:
                    await anext(self._lines)
                    return
        raise AssertionError("the stream ended")

    async def _read(self) -> Told | None:
        fields: dict[str, str] = {}
        async with asyncio.timeout(PATIENCE_S):
            async for line in self._lines:
                if not line and "event" in fields:
                    event_id = int(fields["id"]) if "id" in fields else None
                    return Told(event_id, fields["event"], json.loads(fields["data"]))
                name, _, value = line.partition(": ")
                if name:
                    fields[name] = value
        return None


@dataclass(frozen=True)
class Desk:
    """A client that may be signed in."""

    http: httpx.AsyncClient
    csrf: str = ""

    async def get(self, path: str, **query: str | int) -> httpx.Response:
        return await self.http.get(f"/api/v1{path}", params=query)

    async def post(self, path: str, body: object | None = None, *, key: str | None = None) -> httpx.Response:
        headers = {} if key is None else {"Idempotency-Key": key}
        return await self.http.post(f"/api/v1{path}", json=body, headers=headers)

    @contextlib.asynccontextmanager
    async def listen(
        self, after: int | None = None, *, last_event_id: int | None = None, **query: int
    ) -> AsyncIterator[Listener]:
        """Follow the stream."""
        params = query if after is None else query | {"after": after}
        headers = {} if last_event_id is None else {"Last-Event-ID": str(last_event_id)}
        async with self.http.stream("GET", "/api/v1/events", params=params, headers=headers) as response:
            assert response.status_code == 200, await response.aread()
            yield await Listener(response).greeted()


class QuietTelemetry:
    """A county whose devices never measured anything; a test may tell it otherwise."""

    def __init__(self) -> None:
        self.known: dict[str, DeviceState] = {}
        self.buckets: dict[tuple[str, str], tuple[Bucket, ...]] = {}
        self.asked: list[Span] = []
        self.away: Unavailable | None = None

    async def series(self, device: str, metric: str, span: Span) -> tuple[Bucket, ...]:
        self._check()
        self.asked.append(span)
        return self.buckets.get((device, metric), ())

    async def states(self, devices: Collection[str]) -> dict[str, DeviceState]:
        self._check()
        return {device: self.known[device] for device in devices if device in self.known}

    def trouble(self) -> Unavailable | None:
        return self.away

    def _check(self) -> None:
        if self.away is not None:
            raise self.away


class RunningHub:
    """One hub process in small."""

    def __init__(self, store: Store, clock: Moved, folder: Path, probes: tuple[Probe, ...] = ()) -> None:
        self.store = store
        self.clock = clock
        self.feed = Feed(
            lambda after, limit: store.read(lambda read: read.events_after(after, limit)),
            lambda: store.read(lambda read: (read.first_event_id(), read.last_event_id())),
            lambda: self.ring.unrecorded(),  # noqa: PLW0108 -- made below
        )
        self.directory = Directory(
            lambda: store.read(lambda read: register.read_households(read.conn, clock.now())), COUNTY
        )
        self.spool = Spool(folder / f"{store.owner}.spool", slots=8)
        self.ring = Ring(
            spool=self.spool,
            store=lambda arrived: self.inbox.store_press(arrived),  # noqa: PLW0108 -- made below
            show=self.feed.publish_transient,
            household=self.directory.household,
        )
        self.inbox = Inbox(
            store=store, ring=self.ring, now=clock.now, ack=lambda _: None, recent=RecentCallers()
        )
        phrases = Phrases()
        known = KnownDevices(
            lambda: store.read(lambda read: register.read_all_device_credentials(read.conn)),
            patience_s=PATIENCE_S,  # a slow machine is no database that hangs
        )
        self.telemetry = QuietTelemetry()
        self.context = ConsoleContext(
            store=store,
            feed=self.feed,
            clock=clock,
            phrases=phrases,
            telemetry=self.telemetry,
            take_press=self.inbox.take_press,
            enrolment=Enroller(Settings(data_dir=folder)),
            voice=partial(voice, phrases),
            unrecorded=self.ring.unrecorded,
            known=known,
            probes=probes,
        )
        self.url = ""
        self._clients: list[httpx.AsyncClient] = []

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[RunningHub]:
        """Serve as long as the block lasts."""
        loop = asyncio.get_running_loop()
        self.store.on_commit(partial(_later, loop, self.feed))
        await self.feed.start()
        await self.directory.refresh()
        await self.context.known.refresh()
        listening = socket.socket()
        listening.bind(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        config = uvicorn.Config(
            create_app(self.context),
            log_level="warning",
            lifespan="off",
            timeout_graceful_shutdown=2,
            timeout_keep_alive=75,  # as in production: a client must not meet a connection that is just being closed
        )
        server = uvicorn.Server(config)
        parts = [asyncio.create_task(self.feed.run()), asyncio.create_task(self.ring.run())]
        serving = asyncio.create_task(server._serve(sockets=[listening]))
        try:
            yield self
        finally:
            for client in self._clients:
                await client.aclose()
            self.context.streams.end_all()
            server.should_exit = True
            await serving
            for part in parts:
                part.cancel()
            await asyncio.gather(*parts, return_exceptions=True)
            self.spool.close()

    def client(self, **headers: str) -> Desk:
        """Somebody who is not signed in."""
        client = httpx.AsyncClient(base_url=self.url, headers=headers, timeout=PATIENCE_S)
        self._clients.append(client)
        return Desk(client)

    async def sign_in(self, user: User) -> Desk:
        """A signed-in browser; its client sends the CSRF token by itself."""
        client = self.client().http
        answer = await client.post("/api/v1/session", json={"username": user.username, "password": PASSWORD})
        assert answer.status_code == 200, answer.text
        csrf = answer.json()["csrf"]
        client.headers["X-CSRF-Token"] = csrf
        return Desk(client, csrf)

    async def press(self, device: str = "b-1", press: str | None = None, kind: str = "sos") -> str:
        """Somebody presses a button; the call's id."""
        name = press or f"p{self.clock.move(1)}"
        payload = msgspec.json.encode({"id": name, "kind": kind, "at": None})
        taken = await self.inbox.take_press(device, payload)
        assert taken.call is not None
        return taken.call


@pytest.fixture(scope="session")
def hashed_password() -> str:
    """The hash of everybody's password."""
    return hash_password(PASSWORD)


def give_passwords(tx: Tx, hashed: str) -> None:
    """Everybody can sign in, and there is an administrator; every button has its MQTT password."""
    tx.conn.execute(update(t.users).values(password_hash=hashed))
    tx.accounts.add(Account(user=ADMIN, password_hash=hashed))
    tx.conn.execute(update(t.devices).values(password_hash=hash_device_password(DEVICE_PASSWORD)))


@pytest.fixture
async def hub(store: Store, clock: Moved, tmp_path: Path, hashed_password: str) -> AsyncIterator[RunningHub]:
    """A hub over a store of each kind."""
    await store.run(lambda tx: give_passwords(tx, hashed_password))
    async with RunningHub(store, clock, tmp_path).running() as running:
        yield running


@pytest.fixture
async def sqlite_hub(
    sqlite_url: str, clock: Moved, tmp_path: Path, hashed_password: str
) -> AsyncIterator[RunningHub]:
    """A hub over SQLite, for what does not depend on the database."""
    store = open_store(sqlite_url, owner="hub-1", now=clock.now)
    try:
        await store.run(lambda tx: give_passwords(tx, hashed_password))
        async with RunningHub(store, clock, tmp_path).running() as running:
            yield running
    finally:
        store.close()


@pytest.fixture
async def second_hub(
    hub: RunningHub, store_url: str, clock: Moved, tmp_path: Path
) -> AsyncIterator[RunningHub]:
    """Another hub over the same database."""
    store = open_store(store_url, owner="hub-2", now=clock.now)
    try:
        async with RunningHub(store, clock, tmp_path).running() as running:
            yield running
    finally:
        store.close()


def _later(loop: asyncio.AbstractEventLoop, feed: Feed, what: Committed) -> None:
    loop.call_soon_threadsafe(feed.extend, what.events)


def problem(answer: httpx.Response, status: int) -> dict[str, Any]:
    """The problem document of an answer that must be one."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    body: dict[str, Any] = answer.json()
    assert body["status"] == status
    return body


Check = Callable[[], bool]
