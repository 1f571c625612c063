"""A broker with its known sins, and the roads to it.

It acknowledges what it only has in memory, redelivers after a reconnect, delivers doubles, and after a crash
knows what it last wrote down: messages it had acknowledged are gone, others come once more. Roads are TCP: what
is lost on one means that the connection is dead, though both ends notice later.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from devices import topics
from hub.mqtt.link import BACKOFF_FIRST_S, BACKOFF_MAX_S, PUBLISH_TIMEOUT_S, Delivery, LinkDown
from tests.simulation.fate import Weather
from tests.simulation.guard import POINTS, ProcessGuard
from tests.simulation.story import Story

SAVES_EVERY_S = 60.0
NOTICED_AFTER_S = 75.0
WIRED_LOSS = 0.02


@dataclass(frozen=True, slots=True)
class Message:
    """One message inside the broker; `number` is the same in every queue."""

    number: int
    topic: str
    payload: bytes
    retain: bool = False


@dataclass(slots=True)
class Session:
    """What the broker keeps for one account of a hub: unacknowledged by packet id, in order."""

    waiting: dict[int, Message] = field(default_factory=dict)
    link: "SimLink | None" = None
    packet: int = 0


@dataclass(slots=True)
class Sky:
    """Whether anything may go wrong on roads now."""

    calm: bool = False


class Road:
    """The way between two ends: late, double, or dead from here on."""

    def __init__(
        self,
        dice: Random,
        weather: Weather,
        sky: Sky,
        loop: asyncio.AbstractEventLoop,
        *,
        wired: bool = False,
    ) -> None:
        """`wired`: between machines of one room, where far less is lost for each message."""
        self._dice = dice
        self._weather = weather
        self._sky = sky
        self._loop = loop
        self._loss = weather.loss * WIRED_LOSS if wired else weather.loss
        self.is_dead = False

    def carry(self, arrive: Callable[[], None], *, broken: Callable[[], None] | None = None) -> None:
        """Let `arrive` happen later, perhaps twice, perhaps never; then `broken` some time after."""
        if self.is_dead:
            return
        if not self._sky.calm and broken is not None and self._dice.random() < self._loss:
            self.is_dead = True
            self._loop.call_later(self._dice.uniform(0, NOTICED_AFTER_S), broken)
            return
        self._loop.call_later(self._delay(), arrive)
        if not self._sky.calm and self._dice.random() < self._weather.double:
            self._loop.call_later(self._delay() * 3, arrive)

    def _delay(self) -> float:
        if self._sky.calm:
            return 0.01
        usual = self._dice.expovariate(1 / self._weather.delay_s)
        return usual * 20 if self._dice.random() < 0.02 else usual


class SimBroker:
    """Sessions of hubs, connections of devices."""

    def __init__(self, loop: asyncio.AbstractEventLoop, story: Story) -> None:
        self._loop = loop
        self._story = story
        self.up = True
        self.sky = Sky()
        self.sessions: dict[str, Session] = {}
        self.devices: dict[str, Callable[[Message], None]] = {}
        self.cut_devices: dict[str, Callable[[], None]] = {}
        self.status_links: dict[str, SimLink] = {}
        self._retained: dict[str, bytes] = {}
        self._saved: dict[str, dict[int, Message]] = {}
        self._saved_retained: dict[str, bytes] = {}
        self._number = 0
        self._taken: dict[int, Message] = {}  # presses that no hub has acknowledged yet
        self.lost: list[Callable[[Message], None]] = []
        self._save()

    def take(self, topic: str, payload: bytes, *, retain: bool = False) -> None:
        """A publish has arrived; its sender is told at once, whatever becomes of it."""
        if not self.up:
            return
        self._number += 1
        message = Message(self._number, topic, payload)
        address = topics.parse(topic)
        if address.leaf is topics.Leaf.CALL:
            self._taken[message.number] = message
            for session in self.sessions.values():
                self._queue(session, message)
        elif address.leaf is topics.Leaf.STATUS:
            if retain:
                self._retained[topic] = payload
            for link in list(self.status_links.values()):
                link.bring(message, 0)
        elif address.device in self.devices:
            self.devices[address.device](message)

    def join(self, link: "SimLink") -> None:
        """A hub's connection stands: what it has not acknowledged comes (again), and what is retained."""
        if link.durable:
            session = self.sessions.setdefault(link.account, Session())
            session.link = link
            for packet, message in list(session.waiting.items()):
                link.bring(message, packet)
            return
        self.status_links[link.account] = link
        for topic, payload in list(self._retained.items()):
            link.bring(Message(0, topic, payload, retain=True), 0)

    def leave(self, link: "SimLink") -> None:
        """It is gone."""
        session = self.sessions.get(link.account)
        if session is not None and session.link is link:
            session.link = None
        if self.status_links.get(link.account) is link:
            del self.status_links[link.account]

    def acknowledged(self, account: str, packet: int) -> None:
        """A hub has the message of this packet id."""
        message = self.sessions[account].waiting.pop(packet, None)
        if message is not None:
            self._taken.pop(message.number, None)

    def crash(self) -> None:
        """All memory is lost; what was last written down comes back."""
        self.up = False
        for session in self.sessions.values():
            session.waiting = {}
        for account, waiting in self._saved.items():
            self.sessions.setdefault(account, Session()).waiting = dict(waiting)
        kept = {m.number for session in self.sessions.values() for m in session.waiting.values()}
        for number, message in list(self._taken.items()):
            if number not in kept:
                del self._taken[number]
                for forget in self.lost:
                    forget(message)
        self._retained = dict(self._saved_retained)
        self.cut_all()

    def cut_all(self) -> None:
        """Every connection breaks."""
        for session in self.sessions.values():
            if session.link is not None:
                session.link.cut()
        for link in list(self.status_links.values()):
            link.cut()
        for cut in list(self.cut_devices.values()):
            cut()

    def _queue(self, session: Session, message: Message) -> None:
        session.packet += 1
        session.waiting[session.packet] = message
        if session.link is not None:
            session.link.bring(message, session.packet)

    def _save(self) -> None:
        if self.up:
            self._saved = {account: dict(session.waiting) for account, session in self.sessions.items()}
            self._saved_retained = dict(self._retained)
        self._loop.call_later(SAVES_EVERY_S, self._save)


class SimLink:
    """`hub.mqtt.link.Link` over the simulated broker: one account of one life of a hub."""

    def __init__(
        self,
        broker: SimBroker,
        account: str,
        *,
        durable: bool,
        on_message: Callable[[Delivery], None],
        guard: ProcessGuard,
        dice: Random,
        weather: Weather,
    ) -> None:
        self.account = account
        self.durable = durable
        self._broker = broker
        self._on_message = on_message
        self._guard = guard
        self._dice = dice
        self._weather = weather
        self._loop = asyncio.get_running_loop()
        self._road: Road | None = None
        self._connection = 0
        self._gone = asyncio.Event()
        self._unconfirmed: dict[int, asyncio.Future[None]] = {}
        self._publishes = 0
        self._away_until_s = 0.0
        self.alive = True

    async def run(self) -> None:
        """Connect, and connect again with full-jitter back-off, until cancelled."""
        failures = 0
        while True:
            await asyncio.sleep(self._dice.uniform(0.01, 0.3))
            if (away_s := self._away_until_s - self._loop.time()) > 0:
                await asyncio.sleep(away_s)
            if self._broker.up:
                failures = 0
                self._connect()
                await self._gone.wait()
            else:
                failures += 1
            longest = min(BACKOFF_MAX_S, BACKOFF_FIRST_S * 2 ** min(failures, 10))
            await asyncio.sleep(self._dice.uniform(0, longest))

    def cut(self) -> None:
        """The connection breaks, and this end knows."""
        self._broker.leave(self)
        self._road = None
        self._gone.set()
        for confirmed in self._unconfirmed.values():
            if not confirmed.done():
                confirmed.set_exception(LinkDown("the connection broke before the broker confirmed"))
        self._unconfirmed.clear()

    def stay_away(self, for_s: float) -> None:
        """As `cut`, and for so long it finds no way back."""
        self._away_until_s = self._loop.time() + for_s
        self.cut()

    def end(self) -> None:
        """The process is dead."""
        self.alive = False
        self._broker.leave(self)
        self._road = None

    def bring(self, message: Message, packet: int) -> None:
        """The broker sends a message over this connection."""
        road, connection = self._road, self._connection
        if road is None:
            return

        def arrive() -> None:
            if self.alive and self._road is road:
                qos = 1 if self.durable else 0
                self._on_message(
                    Delivery(message.topic, message.payload, qos, message.retain, packet, connection)
                )

        road.carry(arrive, broken=self._breaker(road))

    def ack(self, delivery: Delivery) -> None:
        """As the link's."""
        road = self._road
        if not self.alive or road is None or delivery.connection != self._connection:
            return
        if self._guard.point(POINTS[4]):
            return
        road.carry(lambda: self._broker.acknowledged(self.account, delivery.mid), broken=self._breaker(road))

    async def publish(self, topic: str, payload: bytes) -> None:
        """As the link's, at QoS 1."""
        if self._guard.point(POINTS[5]) or not self.alive:
            await self._loop.create_future()
        road = self._road
        if road is None:
            raise LinkDown("the broker is away")
        self._publishes += 1
        number = self._publishes
        confirmed: asyncio.Future[None] = self._loop.create_future()
        self._unconfirmed[number] = confirmed

        def arrive() -> None:
            if self._broker.up:
                self._broker.take(topic, payload)
                road.carry(lambda: self._confirm(number), broken=self._breaker(road))

        road.carry(arrive, broken=self._breaker(road))
        try:
            async with asyncio.timeout(PUBLISH_TIMEOUT_S):
                await confirmed
        except TimeoutError:
            raise LinkDown("the broker did not confirm in time") from None
        finally:
            self._unconfirmed.pop(number, None)
        if self._guard.point(POINTS[6]):
            await self._loop.create_future()

    def _connect(self) -> None:
        self._connection += 1
        self._gone.clear()
        self._road = Road(self._dice, self._weather, self._broker.sky, self._loop, wired=True)
        self._broker.join(self)

    def _breaker(self, road: Road) -> Callable[[], None]:
        def broken() -> None:
            if self.alive and self._road is road:
                self.cut()

        return broken

    def _confirm(self, number: int) -> None:
        confirmed = self._unconfirmed.pop(number, None)
        if confirmed is not None and not confirmed.done():
            confirmed.set_result(None)
