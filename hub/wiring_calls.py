"""The call path put together from its parts: what carries a press from the inbox to people and back.

The composition root hands in a database, a clock, a broker and channels; the simulation (tests/simulation)
hands in its own, so that what it proves is what runs.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Protocol, TypeVar

import msgspec

from devices.messages import Reply
from hub.clock import Clock
from hub.db import accounts, desks, feedback, outbox, presses, register
from hub.db.executor import AnyCommand
from hub.db.reader import Read
from hub.db.transaction import Committed, Tx
from hub.directory import Directory
from hub.domain.feedback import LINK_MS
from hub.domain.presses import REMEMBERED_MS
from hub.i18n import Phrases
from hub.inbox import Inbox, RecentCallers
from hub.live.feed import Feed
from hub.mqtt.link import Delivery
from hub.ports import Outgoing, Timer
from hub.ring import Ring
from hub.services.replying import ANSWER_ONLINE_FOR_MS
from hub.spool import Spool
from hub.workers.county_time import LOOK_EVERY_S as LOOK_AT_TIME_EVERY_S
from hub.workers.county_time import CountyTime
from hub.workers.housekeeping import Chore
from hub.workers.outbox import OutboxWorker, Send
from hub.workers.shifts import LOOK_EVERY_S, ShiftWorker
from hub.workers.timers import TimerWorker

SPOKEN = "zh"  # elders are spoken to in Chinese
KEPT_ANSWERS_MS = 24 * 3_600_000
DESK_FORGOTTEN_MS = 3_600_000
T = TypeVar("T")


class CallStore(Protocol):
    """What the call path needs of `hub.db.store.Store`."""

    owner: str

    def send(self, command: AnyCommand, /) -> "asyncio.Future[object]": ...
    async def run(self, command: Callable[[Tx], T], /) -> T: ...
    async def read(self, query: Callable[[Read], T], /) -> T: ...
    async def shared_now(self) -> int | None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class CallPath:
    """The parts of the call path, ready to be started: `begin`, then everything of `work` as a task."""

    feed: Feed
    directory: Directory
    ring: Ring
    recent: RecentCallers
    inbox: Inbox
    timers: TimerWorker
    outbox: OutboxWorker
    chores: tuple[Chore, ...]
    time: CountyTime
    learn: Callable[[], Awaitable[None]]

    def committed(self, what: Committed) -> None:
        """A commit has queued something (in the loop's thread)."""
        self.feed.extend(what.events)
        if what.outgoing:
            self.outbox.queued(what.outgoing)
        if what.next_due is not None:
            self.timers.armed(what.next_due)

    async def begin(self) -> int:
        """Learn what has to be known first; how many presses of an earlier run wait to be stored. Unavailable."""
        await self.time.begin()
        await self.feed.start()
        await self.directory.refresh()
        await self.learn()  # before the first sign of life: whoever comes back now may have missed an answer
        return self.ring.recover()

    def work(self) -> list[Coroutine[None, None, None]]:
        """All that runs until the process ends; one that ends by itself has failed."""
        return [
            self.feed.run(),
            self.ring.run(),
            self.inbox.watch(),
            self.timers.run(),
            self.outbox.run(),
            *(chore.run() for chore in self.chores),
        ]


def build_call_path(
    *,
    store: CallStore,
    clock: Clock,
    spool: Spool,
    acknowledge: Callable[[Delivery], None],
    channels: Mapping[str, Send],
) -> CallPath:
    """Put the parts together over `store` and `clock`; `channels` carry what commits queue, by kind."""
    feed = Feed(
        lambda after, limit: store.read(lambda read: read.events_after(after, limit)),
        lambda: store.read(lambda read: (read.first_event_id(), read.last_event_id())),
        lambda: ring.unrecorded(),  # noqa: PLW0108 -- the two know each other
    )
    directory = Directory(
        lambda: store.read(lambda read: register.read_households(read.conn, clock.now())), register.NO_COUNTY
    )
    inbox: Inbox
    ring: Ring
    ring = Ring(
        spool=spool,
        store=lambda arrived: inbox.store_press(arrived),  # noqa: PLW0108 -- the two know each other
        show=feed.publish_transient,
        household=directory.household,
    )
    recent = RecentCallers()
    learn = partial(_learn_recent, store, clock, recent)
    inbox = Inbox(
        store=store,
        ring=ring,
        now=clock.now,
        ack=acknowledge,
        recent=recent,
        had_already=lambda: feed.nudge() if clock.is_shared else None,  # a hub with a file is alone
    )
    timers = TimerWorker(store=store, due=partial(_due_timers, store), now=clock.now)
    time = CountyTime(clock=clock, shared_now=store.shared_now, stepped=timers.clock_was_set)
    return CallPath(
        feed=feed,
        directory=directory,
        ring=ring,
        recent=recent,
        inbox=inbox,
        timers=timers,
        outbox=OutboxWorker(store=OutboxRows(store, clock), channels=channels, now=clock.now),
        chores=_chores(store, clock, directory, learn, time),
        time=time,
        learn=learn,
    )


class OutboxRows:
    """`hub.workers.outbox.OutboxStore` over the main database."""

    def __init__(self, store: CallStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def claim_expired(self, limit: int) -> list[Outgoing]:
        """Look first without writing: nearly always there is nothing."""
        now = self._clock.now()
        if not await self._store.read(lambda read: outbox.has_expired(read.conn, now)):
            return []
        claim = partial(_claim, owner=self._store.owner, now=now, limit=limit)
        return await self._store.run(claim)

    async def mark_sent(self, ids: Sequence[int]) -> None:
        """Forget what the world has."""
        await self._store.run(lambda tx: outbox.mark_sent(tx.conn, ids))

    async def put_off(self, ids: Sequence[int], until: int) -> None:
        """Try again at `until`."""
        await self._store.run(lambda tx: outbox.put_off(tx.conn, ids, until))


def voice(phrases: Phrases, reply: Reply) -> Reply:
    """Put the words in: until here `say` names the sentence, and `by` may name that of a role."""
    by, say = _words(phrases, reply.by, reply.say)
    return msgspec.structs.replace(reply, by=by, say=say)


@lru_cache(maxsize=4096)  # few sentences and as many names as there are helpers, asked for at every press
def _words(phrases: Phrases, by: str, say: str) -> tuple[str, str]:
    name = phrases.say(SPOKEN, by) if phrases.has(by) else by
    return name, phrases.say(SPOKEN, say, by=name)


async def _due_timers(store: CallStore, now: int, limit: int) -> Sequence[Timer]:
    return await store.read(lambda read: read.due_timers(now, limit))


def _claim(tx: Tx, *, owner: str, now: int, limit: int) -> list[Outgoing]:
    return list(outbox.claim_expired(tx.conn, owner, now, limit))


async def _learn_recent(store: CallStore, clock: Clock, recent: RecentCallers) -> None:
    now = clock.now()
    since = now - ANSWER_ONLINE_FOR_MS
    recent.learn(await store.read(lambda read: presses.read_recent_devices(read.conn, since, now)), now)


def _chores(
    store: CallStore,
    clock: Clock,
    directory: Directory,
    learn: Callable[[], Awaitable[None]],
    time: CountyTime,
) -> tuple[Chore, ...]:
    async def forget_old() -> None:
        await store.run(partial(_forget_old, now=clock.now()))

    return (
        Chore("learning the register", 60, directory.refresh),
        Chore("learning who pressed lately", 60, learn),
        Chore("forgetting what is old", 3600, forget_old),
        Chore("watching the clock", LOOK_AT_TIME_EVERY_S, time.look),
        Chore("relieving at shift change", LOOK_EVERY_S, ShiftWorker(store=store, now=clock.now).look),
    )


def _forget_old(tx: Tx, *, now: int) -> None:
    presses.remove_old(tx.conn, now - REMEMBERED_MS)
    accounts.remove_old(tx.conn, now, now - KEPT_ANSWERS_MS)
    desks.remove_expired(tx.conn, now - DESK_FORGOTTEN_MS)
    feedback.remove_old(tx.conn, now - LINK_MS)  # as long again, somebody is told that its days are over
