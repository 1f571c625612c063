"""One hub of the county: a process that lives, dies at any point, and is started again by its supervisor."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from functools import partial
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, TypeVar

import msgspec
from sqlalchemy import Engine

from devices.codec import encode
from firmware_sim.effects import AskReply, PostPress, SecondPathAnswer
from hub.clock import Clock
from hub.console.api.device import newest_reply
from hub.db import pages, register
from hub.domain.errors import HubError, Unavailable
from hub.domain.notices import NoticeDraft
from hub.domain.residents import Household
from hub.i18n import Phrases
from hub.mqtt.link import Delivery
from hub.mqtt.replies import ReplyChannel
from hub.notify.outbox_page import OutboxPage
from hub.ports import Transaction
from hub.services.ingest import PressArrived
from hub.spool import Spool
from hub.wiring_calls import SPOKEN, CallPath, build_call_path, voice
from tests.simulation.broker import SimLink
from tests.simulation.guard import POINTS, ProcessGuard
from tests.simulation.known import DAY_0_MS
from tests.simulation.store import SimStore

if TYPE_CHECKING:
    from tests.simulation.world import World

T = TypeVar("T")
PHRASES = Phrases()
STEADY_AFTER_S = 10.0


class MortalSpool(Spool):
    """The real spool, on a disk that may be dead, of a process that may be."""

    def __init__(
        self, path: Path, *, slots: int, kept: Callable[[bytes], None], is_dead: Callable[[], bool]
    ) -> None:
        super().__init__(path, slots=slots)
        self._kept = kept
        self._is_dead = is_dead
        self.alive = True

    def write(self, data: bytes) -> int:
        """As the spool's."""
        if not self.alive or self._is_dead():
            raise OSError(5, "Input/output error")
        slot = super().write(data)
        self._kept(data)
        return slot

    def clear(self, slot: int) -> None:
        """As the spool's."""
        if self.alive:
            super().clear(slot)


class Life:
    """From one start of a hub to its end."""

    def __init__(self, hub: "Hub", number: int) -> None:
        self._hub = hub
        world = hub.world
        self.world = world
        dice = world.fate.stream("hub", hub.name, number)
        self.alive = True
        self.steady_since_s: float | None = None
        self.ended: list[Callable[[], None]] = []
        self._tasks: list[asyncio.Task[None]] = []
        self.guard = ProcessGuard(
            dice,
            races=world.weather.races,
            die=partial(hub.die, self),
            interleave=partial(world.interleave, hub),
            disk_is_away=lambda: world.database_away,
        )
        self.clock = Clock(hub.wall_s, hub.monotonic_s)
        if not world.is_shared:
            world.oracle.loop.clock_is_off(self.clock.now() / 1000 - DAY_0_MS / 1000 - world.loop.time())
        self.engine: Engine = world.database.engine(self.guard)
        self.store = SimStore(
            self.engine,
            self.guard,
            dice,
            owner=hub.name,
            now=self.clock.now,
            slow=0.0 if world.calm else world.weather.slow_commit,
            committed=world.oracle.look,
            hangs=world.hangs_s,
            server_ms=world.server_ms,
        )
        self.spool = MortalSpool(
            world.folder / f"{hub.name}.spool",
            slots=world.weather.spool_slots,
            kept=world.spooled,
            is_dead=lambda: not world.calm and dice.random() < world.weather.spool_dead,
        )
        self.path = self._build()
        self.path.directory._read = self._read_register
        self.links = self._links(dice)
        self.store.on_commit(self.path.committed)

    def _build(self) -> CallPath:
        publish = partial(_publish, self)
        say = partial(_say, PHRASES)
        return build_call_path(
            store=self.store,
            clock=self.clock,
            spool=self.spool,
            acknowledge=self._acknowledge,
            channels={
                "reply": ReplyChannel(publish, partial(voice, PHRASES)).send,
                "notice": OutboxPage(self._keep_notice, say).send,
            },
        )

    def _links(self, dice: Random) -> tuple[SimLink, SimLink]:
        world, name = self.world, self._hub.name
        shared = {"guard": self.guard, "dice": dice, "weather": world.weather}
        calls = SimLink(world.broker, name, durable=True, on_message=self._arrived, **shared)  # type: ignore[arg-type]
        status = SimLink(
            world.broker,
            f"{name}-status",
            durable=False,
            on_message=self.path.inbox.status_arrived,
            **shared,  # type: ignore[arg-type]
        )
        return calls, status

    def _acknowledge(self, delivery: Delivery) -> None:
        self.links[0].ack(delivery)

    def _arrived(self, delivery: Delivery) -> None:
        self.world.reached(self, delivery)
        self.path.inbox.arrived(delivery)

    async def _read_register(self) -> Sequence[Household]:
        """As the directory's, if the database answers. Nobody changes the register, and 20,000 rows each minute would
        be most of a day's work: it is read once in a run."""
        await self.store.read(lambda read: read.last_event_id())
        if not self.world.register:
            now = self.clock.now()
            self.world.register = self.store.look(lambda read: register.read_households(read.conn, now))
        return self.world.register

    async def _keep_notice(self, address: str, body: str, key: str | None = None) -> None:
        now = self.clock.now()
        await self.store.run(lambda tx: pages.keep_notice(tx.conn, now, address, body, key))

    async def run(self) -> None:
        """Start as the role does, and watch that nothing ends by itself."""
        if self.guard.point(POINTS[7]):
            return
        try:
            await self.path.begin()
        except Unavailable:
            self._hub.die(self, "because the database is away")
            return
        links = [link.run() for link in self.links]
        parts = [asyncio.create_task(part) for part in (*self.path.work(), *links)]
        self._tasks += parts
        self.steady_since_s = self.world.loop.time()
        done, _ = await asyncio.wait(parts, return_when=asyncio.FIRST_COMPLETED)
        if self.alive:
            why = next(repr(task.exception()) for task in parts if task in done and not task.cancelled())
            self.world.failed(self._hub.name, why)
            self._hub.die(self, f"by itself ({why})")

    def serve(self, work: Coroutine[None, None, T]) -> "asyncio.Task[T]":
        """A request under way in this process; it is cut off when the process ends."""
        task = self.world.loop.create_task(work)
        self._tasks.append(task)  # type: ignore[arg-type]
        task.add_done_callback(lambda _: self._tasks.remove(task) if task in self._tasks else None)  # type: ignore[arg-type]
        return task

    async def second_path(self, device: str, what: PostPress | AskReply) -> SecondPathAnswer:
        """As hub.console.api.device answers."""
        asked = isinstance(what, AskReply)
        try:
            if isinstance(what, PostPress):
                self.world.reached_by_http(self, device, what)
                taken = await self.path.inbox.take_press(device, what.payload, "http")
                reply = taken.replies[-1]
            else:
                now = self.clock.now()
                reply = await self.store.read(lambda read: newest_reply(read, device, what.press, now))
        except HubError as error:
            status = {"unavailable": 503, "not_found": 404}.get(error.kind, 400)
            return SecondPathAnswer(what.press, asked, status)
        return SecondPathAnswer(what.press, asked, 200, encode(voice(PHRASES, reply)))

    async def do(self, command: Callable[[Transaction], T]) -> T:
        """What a person asks for. HubError as the service raises it."""
        return await self.store.run(command)

    def end(self) -> None:
        """Nothing that this process still does reaches anybody."""
        self.alive = self.store.alive = self.spool.alive = False
        for link in self.links:
            link.end()
        for task in list(self._tasks):
            task.cancel()
        for tell in list(self.ended):
            tell()
        self.spool.close()


class Hub:
    """One hub and its supervisor."""

    def __init__(self, world: "World", name: str) -> None:
        self.world = world
        self.name = name
        self._dice = world.fate.stream("supervisor", name)
        self._drift = self._dice.uniform(-1, 1) * world.weather.hub_drift
        self._wall_off_s = self._dice.uniform(-1, 1)
        self._lives = 0
        self._graveyard: list[Life] = []
        self.life: Life | None = None
        self.crashes = 0

    def wall_s(self) -> float:
        """What its machine believes to be the time."""
        return DAY_0_MS / 1000 + self.world.loop.time() + self._wall_off_s

    def monotonic_s(self) -> float:
        """What its machine counts."""
        return self.world.loop.time() * (1 + self._drift)

    def step_clock(self, by_s: float) -> None:
        """Somebody set the wall clock."""
        self._wall_off_s += by_s

    def right_clock(self) -> None:
        """Somebody set it right."""
        self._wall_off_s = 0.0

    def start(self) -> None:
        """A new process."""
        if self.life is not None:
            return
        self._lives += 1
        try:
            life = Life(self, self._lives)
        except OSError:
            self.world.loop.call_later(2.0, self.start)
            return
        self.life = life
        self.world.story.tell(f"{self.name} starts")
        life.serve(life.run())
        self.world.note_health()

    def die(self, life: Life, where: str) -> None:
        """The process ends here and now."""
        if self.life is not life:
            return
        self.life = None
        self.crashes += 1
        self.world.crashed(self, life, where)
        life.end()
        self._graveyard.append(life)
        pause_s = (
            1.0
            if self.world.calm
            else self._dice.choice((0.5, 2.0, 10.0, 60.0)) * self._dice.uniform(0.5, 1.5)
        )
        self.world.loop.call_later(pause_s, self.start)

    def close(self) -> None:
        """At the end of the run: let go of every engine."""
        if self.life is not None:
            life, self.life = self.life, None
            life.end()
            self._graveyard.append(life)
        for life in self._graveyard:
            life.store.let_go()
            life.engine.dispose()


async def _publish(life: Life, topic: str, payload: bytes) -> None:
    await life.links[0].publish(topic, payload)


def _say(phrases: Phrases, draft: NoticeDraft) -> str:
    return phrases.say(SPOKEN, draft.message, **draft.params)


def device_and_press(data: bytes) -> tuple[str, str]:
    """What a line of the spool is about."""
    arrived = msgspec.json.decode(data, type=PressArrived)
    return arrived.device, arrived.press.id
