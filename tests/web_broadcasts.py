"""A hub of tests/web.py that broadcasts: the real parts of hub/wiring_broadcast.py and the real studio service at
its socket, with a desk that speaks no word and a broker that only writes down what is published.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar, cast

import httpx
import msgspec
import pytest

from broadcast.errors import Problem, RecordingError, TextError
from devices import topics
from devices.codec import encode
from devices.messages import Receipt, ReceiptState
from hub.clock import Clock
from hub.db.store import Store, open_store
from hub.db.transaction import Committed
from hub.domain.errors import Unavailable
from hub.domain.orders import Order
from hub.i18n import Phrases
from hub.mqtt.commands import CommandChannel
from hub.mqtt.link import Delivery, Endpoint, LinkDown
from hub.ports import Outgoing
from hub.settings import Settings
from hub.studio.service import StudioService
from hub.studio.wire import Answer, Checked, Made, Question, RecordingAsked, Spoken, SpokenAsked, TextWanted
from hub.wiring_broadcast import BroadcastParts, build_broadcasting
from tests.stores import Moved
from tests.village import AUDIO, hang_loudspeakers
from tests.web import PATIENCE_S, Desk, RunningHub, give_passwords

T = TypeVar("T")


class FakeDesk:
    """Reads every text as itself, finishes all but what says 坏, and knows a recording by its first bytes."""

    def __init__(self) -> None:
        self.asked: list[Question] = []
        self.recordings = Path()

    def answer(self, question: Question) -> Answer:
        self.asked.append(question)
        match question:
            case SpokenAsked(text):
                return Spoken(f"读：{text}")
            case RecordingAsked(sha256):
                if not (self.recordings / sha256).read_bytes().startswith(b"RIFF"):
                    raise RecordingError(Problem.RECORDING_NOT_AUDIO)
                return Checked(4_000)
            case TextWanted(text=text) if "坏" in text:
                raise TextError(Problem.TEXT_UNREADABLE)
            case TextWanted(text=text, spoken=spoken):
                return Made(spoken=spoken or f"读：{text}", audio=AUDIO)
        return Made(spoken="", audio=AUDIO)


class Air:
    """The hub, and all that went out. `broker_away` and `database_away` take them away."""

    def __init__(self, hub: RunningHub, desk: FakeDesk) -> None:
        self.hub = hub
        self.desk = desk
        self.published: list[tuple[str, dict[str, Any]]] = []
        self.broker_away = False
        self.parts: BroadcastParts
        self._changed = asyncio.Event()
        self._mids = 0

    async def sign(self, order: Order) -> bytes:
        """The order's command with its id and address, unsigned."""
        command = msgspec.json.decode(order.command)
        return msgspec.json.encode(command | {"id": order.id, "for": order.address})

    async def publish(self, topic: str, payload: bytes) -> None:
        if self.broker_away:
            raise LinkDown("as the test wants it")
        self.published.append((topic, msgspec.json.decode(payload)))
        self._changed.set()

    def commands(self, kind: str) -> list[tuple[str, dict[str, Any]]]:
        """(topic, command) of all that was published of this type."""
        return [(topic, command) for topic, command in self.published if command["type"] == kind]

    async def until_published(self, kind: str, count: int = 1) -> dict[str, Any]:
        """Wait until so many commands of this type went out; the last of them."""
        async with asyncio.timeout(PATIENCE_S):
            while len(self.commands(kind)) < count:
                self._changed.clear()
                await self._changed.wait()
        return self.commands(kind)[count - 1][1]

    def report(self, device: str, run: str, state: ReceiptState, reason: str | None = None) -> None:
        """A loudspeaker's receipt comes over MQTT."""
        self._mids += 1
        payload = encode(Receipt(run=run, state=state, reason=reason))
        self.parts.receipts.arrived(Delivery(topics.receipt(device), payload, 1, False, self._mids, 1))

    async def until(
        self, desk: Desk, broadcast: str, condition: Callable[[dict[str, Any]], bool]
    ) -> dict[str, Any]:
        """Ask until the broadcast is so."""
        async with asyncio.timeout(PATIENCE_S):
            while True:
                view: dict[str, Any] = ok(await desk.get(f"/broadcasts/{broadcast}"))
                if condition(view):
                    return view
                await asyncio.sleep(0.02)

    @contextlib.contextmanager
    def database_away(self) -> Any:
        """Nothing is read or written while the block lasts."""
        store = self.hub.store
        read, run = store.read, store.run

        async def gone(_what: Callable[..., T]) -> T:
            raise Unavailable("store-away")

        store.read, store.run = gone, gone  # type: ignore[method-assign, assignment]
        try:
            yield
        finally:
            store.read, store.run = read, run  # type: ignore[method-assign]


def ok(answer: httpx.Response, status: int = 200) -> Any:
    """The body of an answer that is as it should be."""
    assert answer.status_code == status, answer.text
    return answer.json()


class _Steady:
    """A clock moved by hand that nobody has ever set."""

    step_ms = 0

    def __init__(self, clock: Moved) -> None:
        self.now = clock.now

    def is_plausible(self) -> bool:
        return True


@contextlib.asynccontextmanager
async def on_air(
    store: Store, clock: Moved, folder: Path, desk: FakeDesk | None = None
) -> AsyncIterator[Air]:
    """A hub that broadcasts, as long as the block lasts."""
    hub, desk = RunningHub(store, clock, folder), desk or FakeDesk()
    air = Air(hub, desk)
    settings = Settings(data_dir=folder / "data")
    desk.recordings = settings.recordings_dir
    settings.run_dir.mkdir(parents=True)

    async def refused(order: Order, error: Exception) -> None:
        raise AssertionError(f"{order.id}: {error}")

    air.parts = build_broadcasting(
        settings,
        store,
        cast("Clock", _Steady(clock)),
        hub.feed,
        Phrases(),
        CommandChannel(sign=air.sign, publish=air.publish, refused=refused),
        Endpoint(host="127.0.0.1", port=1, username="hub.1.receipts", password="-"),
    )
    hub.context = replace(hub.context, broadcasting=air.parts.console, remembered=air.parts.remembered)
    loop = asyncio.get_running_loop()

    async def send(message: Outgoing) -> None:
        await air.parts.send(message)

    def committed(what: Committed) -> None:
        air.parts.happened(what.events)
        commands = [message for message in what.outgoing if message.kind == "command"]
        sending.extend(loop.create_task(send(message)) for message in commands)

    def on_commit(what: Committed) -> None:
        loop.call_soon_threadsafe(committed, what)

    sending: list[asyncio.Task[None]] = []
    store.on_commit(on_commit)
    studio = StudioService(desk)
    async with hub.running():
        tasks = [asyncio.create_task(studio.run(settings.run_dir))]
        tasks += [asyncio.create_task(cast("Any", work)) for work in air.parts.work()]
        try:
            yield air
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, *sending, return_exceptions=True)
            studio.end()


@pytest.fixture
async def air(sqlite_url: str, clock: Moved, tmp_path: Path, hashed_password: str) -> AsyncIterator[Air]:
    """A hub over SQLite that broadcasts to the small county's loudspeakers."""
    store = open_store(sqlite_url, owner="hub-1", now=clock.now)
    try:
        await store.run(lambda tx: give_passwords(tx, hashed_password))
        await store.run(hang_loudspeakers)
        async with on_air(store, clock, tmp_path) as running:
            yield running
    finally:
        store.close()
