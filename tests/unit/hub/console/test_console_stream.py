"""One open stream, its world played by hand: rights, pings and the desk, one step at a time."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field

import msgspec
import pytest
from starlette.types import Message

from hub.console import rights, streams
from hub.console.api import events as stream
from hub.console.api.events import EventStream
from hub.console.rights import Rights
from hub.console.streams import Streams
from hub.domain.errors import Unavailable
from hub.domain.events import Event
from hub.domain.people import Role, User
from hub.domain.sessions import Session

USER = User(id="u", username="op", name="王芳", spoken_name="王", role=Role.OPERATOR, area="990421101000")
SESSION = Session(token_hash="h", csrf="c", user=USER, expires_at=1_000_000)
RIGHTS_CHANGED = "user.rights_changed"


def event(event_id: int, kind: str = "call.raised", area: str = "990421101201") -> Event:
    return Event(id=event_id, type=kind, at=0, call_id=None, area=area, clinic=None, data=b"{}")


class Feed:
    """Batches as the test gives them."""

    def __init__(self) -> None:
        self.batches: asyncio.Queue[Sequence[Event]] = asyncio.Queue()

    async def follow_batches(
        self, sees: Callable[[Event], bool], _after: int | None
    ) -> AsyncIterator[list[Event]]:
        while True:
            shown = [one for one in await self.batches.get() if sees(one)]
            if shown:
                yield shown


@dataclass
class Sessions:
    """A store that knows one session; `answer` lets the next look end."""

    session: Session | None = SESSION
    away: bool = False
    asked: asyncio.Queue[None] = field(default_factory=asyncio.Queue)
    may_answer: asyncio.Event = field(default_factory=asyncio.Event)

    async def read(self, _query: object) -> Session | None:
        self.asked.put_nowait(None)
        await self.may_answer.wait()
        if self.away:
            raise Unavailable("store-away")
        return self.session


@dataclass
class World:
    """What an EventStream needs of ConsoleContext."""

    feed: Feed = field(default_factory=Feed)
    store: Sessions = field(default_factory=Sessions)
    streams: Streams = field(default_factory=Streams)
    now_ms: int = 0

    @property
    def clock(self) -> "World":
        return self

    def now(self) -> int:
        return self.now_ms


class Client:
    """Reads what is sent; leaves when told."""

    def __init__(self, world: World) -> None:
        self.sent: asyncio.Queue[bytes] = asyncio.Queue()
        self.gone = asyncio.Event()
        opened = EventStream(world, Rights(world, SESSION), None, None)  # type: ignore[arg-type]
        self.task = asyncio.create_task(opened({"type": "http"}, self._receive, self._send))

    async def _receive(self) -> Message:
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Message) -> None:
        if message.get("body"):
            self.sent.put_nowait(message["body"])


@pytest.fixture
async def world() -> World:
    return World()


@pytest.fixture
async def client(world: World) -> AsyncIterator[Client]:
    one = Client(world)
    assert await one.sent.get() == stream.WELCOME
    yield one
    one.task.cancel()
    await asyncio.gather(one.task, return_exceptions=True)


async def test_what_waits_together_is_sent_in_one_piece(world: World, client: Client) -> None:
    world.feed.batches.put_nowait([event(1), event(2, area="990421102201"), event(3)])
    assert await client.sent.get() == stream.wire(event(1)) + stream.wire(event(3))


async def test_while_rights_are_in_doubt_nothing_is_sent(
    world: World, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rights, "PATIENCE_S", 3_600)
    world.feed.batches.put_nowait([event(1, RIGHTS_CHANGED)])
    await world.store.asked.get()  # the watch asks at once
    world.feed.batches.put_nowait([event(2)])
    await world.store.asked.get()  # and so does whoever would send, while the answer is still out
    assert client.sent.empty()
    world.store.may_answer.set()
    assert await client.sent.get() == stream.wire(event(2))


async def test_rights_that_have_ended_end_the_stream_unsent(world: World, client: Client) -> None:
    world.store.session = msgspec.structs.replace(
        SESSION, user=msgspec.structs.replace(USER, area="990421102000")
    )
    world.store.may_answer.set()
    world.feed.batches.put_nowait([event(1), event(2, RIGHTS_CHANGED)])
    await client.task
    assert client.sent.empty()


async def test_a_database_that_is_away_ends_nothing_before_its_time(world: World, client: Client) -> None:
    world.store.away = True
    world.store.may_answer.set()
    world.feed.batches.put_nowait([event(1, RIGHTS_CHANGED), event(2)])
    assert await client.sent.get() == stream.wire(event(2))
    world.now_ms = SESSION.expires_at
    world.feed.batches.put_nowait([event(3, RIGHTS_CHANGED), event(4)])
    await client.task
    assert client.sent.empty()


async def test_a_database_that_says_nothing_holds_up_neither_pings_nor_what_is_shown(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "PING_S", 0.01)
    monkeypatch.setattr(rights, "PATIENCE_S", 0.01)
    client = Client(world)
    assert await client.sent.get() == stream.WELCOME
    for _ in range(3):
        assert await client.sent.get() == stream.PING
    world.feed.batches.put_nowait([event(1, RIGHTS_CHANGED), event(2)])
    while (sent := await client.sent.get()) == stream.PING:
        pass
    assert sent == stream.wire(event(2))
    client.gone.set()
    await client.task


async def test_a_client_that_leaves_ends_its_stream(world: World, client: Client) -> None:
    assert len(world.streams) == 1
    client.gone.set()
    await client.task
    assert len(world.streams) == 0


async def test_all_streams_end_with_the_hub(world: World, client: Client) -> None:
    world.streams.end_all()
    await client.task
    assert client.task.exception() is None


async def test_one_stream_too_many_of_a_user_ends_the_oldest_and_never_a_desk(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(streams, "MOST_PER_USER", 2)
    open_streams = Streams()
    waiting = asyncio.Event()

    async def wait() -> None:
        await waiting.wait()

    desk, *pages, other = (asyncio.create_task(wait()) for _ in range(5))
    open_streams.add(desk, "u", is_desk=True)
    open_streams.add(other, "u2", is_desk=False)
    for page in pages:
        open_streams.add(page, "u", is_desk=False)
    await asyncio.wait({pages[0]})
    assert pages[0].cancelled()
    assert len(open_streams) == 4
    waiting.set()
    await asyncio.gather(desk, other, *pages[1:])
    await asyncio.sleep(0)
    assert len(open_streams) == 0


async def test_what_comes_between_the_no_and_the_end_of_the_stream_is_hidden(
    world: World, client: Client
) -> None:
    world.feed.batches.put_nowait([event(1, RIGHTS_CHANGED)])
    await world.store.asked.get()
    world.store.session = None
    world.store.may_answer.set()
    world.feed.batches.put_nowait([event(2)])  # in the very instant in which the answer comes
    await client.task

    assert list(client.sent._queue) == []  # type: ignore[attr-defined]
