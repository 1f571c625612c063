"""One run: the county, its faults and its people, from a seed to a verdict."""

import asyncio
import gc
from collections import Counter
from collections.abc import Coroutine, Sequence
from itertools import count
from pathlib import Path

from devices.codec import read_press
from devices.topics import parse
from firmware_sim.effects import AskReply, PostPress, SecondPathAnswer
from hub.domain.residents import Household
from hub.mqtt.link import Delivery
from tests.simulation import county
from tests.simulation.broker import Message, Session, SimBroker
from tests.simulation.database import Database
from tests.simulation.devices import Environment
from tests.simulation.elders import Elders
from tests.simulation.fate import Fate
from tests.simulation.faults import Faults
from tests.simulation.homes import Homes
from tests.simulation.known import DAY_0_MS, NO_PART_DIES, NOTHING_LEFT, TRUE_REPLY
from tests.simulation.ledger import Ledger
from tests.simulation.manners import manners_of
from tests.simulation.office import Office
from tests.simulation.oracle import Oracle
from tests.simulation.people import Person
from tests.simulation.process import Hub, Life, device_and_press
from tests.simulation.showing import must_show
from tests.simulation.story import Story
from tests.simulation.verdict import Verdict, Wanted
from tests.simulation.virtual import VirtualLoop

LOOK_EVERY_S = 5.0
SETTLE_S = 13.0  # each hub looks at the database's clock every ten seconds
COLLECT_EACH = 2160  # looks: each three hours
REST_S = 1_200.0


class World:
    """Everything of one run. Faults come while it is not `calm`."""

    def __init__(self, loop: VirtualLoop, wanted: Wanted, folder: Path) -> None:
        self.loop = loop
        self.wanted = wanted
        self.weather = wanted.weather
        self.manners = manners_of(wanted.seed)
        self.folder = folder
        self.fate = Fate(wanted.seed)
        self.calm = False
        self.resting = asyncio.Event()
        self.database_away = False
        self.hangs_until_s = 0.0
        self.asleep_until_s = 0.0
        self.clocks_settle_at_s = 0.0
        self.server_off_s = 0.0
        self.story = Story(loop.time)
        self.ledger = Ledger()
        name = f"county-{wanted.seed}-{id(self)}"
        template = county.template(wanted.buttons, wanted.desks)
        self.database = Database(template, name, folder if wanted.weather.on_disk else None)
        self.database.plain.executescript(wanted.schema)
        self.oracle = Oracle(lambda: self.database.plain, self.ledger, self.story, loop.time)
        self.broker = SimBroker(loop, self.story)
        self.broker.lost.append(self._broker_lost)
        self.here = Environment(
            loop, self.broker, self.weather, self.ledger, self.oracle, self.story, self._second_path
        )
        self.hubs = [Hub(self, f"hub-{number + 1}") for number in range(self.weather.hubs)]
        for hub in self.hubs:
            self.broker.sessions[hub.name] = Session()
        self.people = [
            Person(self, user, self.fate.stream("person", user.id)) for user in county.people(wanted.desks)
        ]
        self.elders = Elders(self)
        self.register: Sequence[Household] = ()
        self.homes = Homes(self)
        self.here.asked, self.oracle.loop.on_notice = self.homes.device_asks, self.homes.told
        self.oracle.loop.well = lambda: self._well_since
        self.points: Counter[str] = Counter()
        self.passed = 0
        self._broken = asyncio.Event()
        self.oracle.on_violation = self._broken.set
        self._tasks: set[asyncio.Task[None]] = set()
        self._well_since: float | None = None
        self._network = self.fate.stream("second path")

    # --- what the parts tell -------------------------------------------------------------------

    def background(self, work: Coroutine[None, None, object]) -> None:
        """Let `work` run beside everything else."""
        task: asyncio.Task[object] = self.loop.create_task(work)
        self._tasks.add(task)  # type: ignore[arg-type]
        task.add_done_callback(self._tasks.discard)

    @property
    def is_shared(self) -> bool:
        """Whether the database is a machine of its own, for several hubs."""
        return len(self.hubs) > 1

    def server_ms(self) -> int | None:
        """What the database's machine believes to be the time, in Unix ms."""
        return round(DAY_0_MS + (self.loop.time() + self.server_off_s) * 1000) if self.is_shared else None

    def step_server(self, by_s: float) -> None:
        """Somebody set its wall clock. Until all hubs have followed, each counts by its own."""
        self.server_off_s += by_s
        self.oracle.loop.clock_is_off(self.server_off_s)
        self.oracle.loop.clock_is_off(by_s)
        self.clocks_settle_at_s = self.loop.time() + SETTLE_S

    def hangs(self, for_s: float) -> None:
        """From now on the database answers nobody for so long."""
        self.hangs_until_s = max(self.hangs_until_s, self.loop.time() + for_s)

    def hangs_s(self) -> float:
        """For how long the database will say nothing."""
        return max(0.0, self.hangs_until_s - self.loop.time())

    def asleep(self) -> bool:
        """Whether nobody at any desk looks now."""
        return not self.calm and self.loop.time() < self.asleep_until_s

    def interleave(self, hub: Hub) -> None:
        """A transaction of `hub` is between its look and its step: let another hub be faster."""
        others = [other.life for other in self.hubs if other is not hub and other.life is not None]
        ready = [life for life in others if life.store.waits]
        if ready:
            ready[0].store.commit()

    def crashed(self, hub: Hub, life: Life, where: str) -> None:
        """A process ended."""
        self.story.tell(f"{hub.name} dies {where}")
        self.points[where] += 1
        self.passed += life.guard.passed.total()
        if self.database.on_disk:
            self.database.left_behind()
            self.oracle.new_life()
        self.note_health()

    def failed(self, hub: str, why: str) -> None:
        """A part of a hub ended by itself."""
        self.oracle.violated(NO_PART_DIES, f"a part of {hub} ended with {why}")

    def spooled(self, data: bytes) -> None:
        """A hub wrote a press into its spool."""
        known = self.ledger.presses.get(device_and_press(data))
        if known is not None:
            known.kept_in_spool = True

    def reached(self, life: Life, delivery: Delivery) -> None:
        """A press arrived at a hub over the broker."""
        device = parse(delivery.topic).device or ""
        must_show(self, life, device, read_press(delivery.payload).id)

    def reached_by_http(self, life: Life, device: str, what: PostPress) -> None:
        """A press arrived at a hub by the second path."""
        must_show(self, life, device, what.press)

    def shown(self, person: Person, device: str, press: str) -> None:
        """A person has a press on the screen."""
        known = self.ledger.presses.get((device, press))
        if known is not None and known.seen_at_s is None:
            self.story.tell(f"{person.user.id} sees press {press} of {device}", device, press)
        self.ledger.seen(device, press, person.user.id, self.loop.time())

    def _broker_lost(self, message: Message) -> None:
        device, press = parse(message.topic).device or "", read_press(message.payload).id
        known = self.ledger.presses.get((device, press))
        if known is None or known.contract or known.kept_in_spool:
            return
        if not self.oracle.is_stored(known.key):
            known.owed = False

    def serving(self) -> list[Life]:
        """The hubs that have begun: as in production, nobody is let in before."""
        return [hub.life for hub in self.hubs if hub.life is not None and hub.life.steady_since_s is not None]

    async def _second_path(self, device: str, what: PostPress | AskReply) -> SecondPathAnswer:
        asked, dice = isinstance(what, AskReply), self._network
        await asyncio.sleep(dice.uniform(0.01, 0.2))
        lives = self.serving()
        fails = not self.calm and dice.random() < self.weather.second_path_fails
        if not lives or (fails and dice.random() < 0.4):
            return SecondPathAnswer(what.press, asked, None)
        if fails and dice.random() < 0.5:
            return SecondPathAnswer(what.press, asked, 503, retry_after_s=dice.choice((None, 1, 5)))
        life = dice.choice(lives)
        task = life.serve(life.second_path(device, what))
        await asyncio.wait({task}, timeout=30)
        lost = task.cancelled() or not task.done() or task.exception() is not None
        if lost or fails:  # the answer is lost, the press may well be stored
            return SecondPathAnswer(what.press, asked, None)
        return task.result()

    # --- what happens -------------------------------------------------------------------------

    async def run(self) -> Verdict:
        """The whole run: days with faults, then rest."""
        for hub in self.hubs:
            hub.start()
        for person in self.people:
            self.background(person.live())
        Faults(self).begin()
        Office(self).begin()
        self.background(self.elders.press())
        self.background(self._look())
        await self._until(self.wanted.days * 86_400)
        if not self.oracle.violations:
            await self._rest()
        lost, unseen = self.oracle.final() if not self.oracle.violations else (0, 0)
        return self._verdict(lost, unseen)

    async def _until(self, seconds: float) -> None:
        task = asyncio.ensure_future(self._broken.wait())
        await asyncio.wait({task}, timeout=seconds)
        task.cancel()

    async def _rest(self) -> None:
        """No more faults; everybody does their part. Whatever was promised must come about now."""
        self.story.tell("no more faults from here on")
        self.calm = self.broker.sky.calm = True
        self.resting.set()
        self.database_away = False
        self.broker.up = True
        for hub in self.hubs:
            hub.right_clock()
        if self.server_off_s:
            self.step_server(-self.server_off_s)
        for button in self.elders.contract_buttons():
            button.switch_on()
        began_s, left = self.loop.time(), ["everything"]
        while left and self.loop.time() - began_s < REST_S and not self.oracle.violations:
            await self._until(20)
            for person in self.people:
                self.background(person.look_through())
            left = self.oracle.settled() + self._untrue()
        if left and not self.oracle.violations:
            for text in self._untrue():
                self.oracle.violated(TRUE_REPLY, text, text.split(" ", 1)[0])
            self.oracle.final()
            if not self.oracle.violations:
                self.oracle.violated(NOTHING_LEFT, f"after {REST_S:.0f} s of rest there is still {left[0]}")

    def _untrue(self) -> list[str]:
        return [
            f"{button.place.device} believes {told}"
            for button in self.elders.contract_buttons()
            for told in button.untrue()
        ]

    async def _look(self) -> None:
        for looked in count(1):
            await asyncio.sleep(LOOK_EVERY_S)
            if not looked % COLLECT_EACH:
                gc.collect()
            self.note_health()
            self.oracle.rings(self._well_since)
            self.oracle.loop.due()
            for person in self.people:
                person.check_lag(self._well_since)

    def note_health(self) -> None:
        """Since when at least one hub has been up and its database there, always; no clock was just set right."""
        up = any(hub.life is not None and hub.life.steady_since_s is not None for hub in self.hubs)
        settling = self.loop.time() < self.clocks_settle_at_s
        if not up or settling or self.database_away or self.hangs_s():
            self._well_since = None
        elif self._well_since is None:
            self._well_since = self.loop.time()

    # --- the end ------------------------------------------------------------------------------

    def _verdict(self, lost: int, unseen: int) -> Verdict:
        broken = self.oracle.violations
        about = [name for violation in broken[:3] for name in violation.about]
        for name in list(about):
            about += [key[0] for key, call in self.oracle.case_of.items() if call == name]
        for hub in self.hubs:
            if hub.life is not None:
                self.passed += hub.life.guard.passed.total()
        return Verdict(
            seed=self.wanted.seed,
            days=self.loop.time() / 86_400,
            presses=len(self.ledger.presses),
            calls=len(self.oracle.cases),
            crashes=sum(hub.crashes for hub in self.hubs),
            points=self.points,
            passed=self.passed,
            lost=lost,
            doubled=len(self.oracle.doubled),
            unseen=unseen,
            broken=tuple((violation.name, violation.text) for violation in broken),
            story=tuple(self.story.of(*about)) if broken else (),
            whole=tuple(self.story.whole()),
        )

    def close(self) -> None:
        """Let go of files and engines."""
        for hub in self.hubs:
            hub.close()
        self.database.close()
