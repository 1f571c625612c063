"""Buttons in elders' hands: the real firmware's state machine on virtual roads, and plain ones that trust a PUBACK."""

import asyncio
from collections.abc import Awaitable, Callable
from random import Random

from devices import topics
from devices.codec import decode_reply, strange_press_id
from devices.errors import DeviceContractError
from devices.messages import PressKind
from firmware_sim.backoff import Backoff
from firmware_sim.button import Button as Firmware
from firmware_sim.effects import (
    AskReply,
    Effect,
    GaveUp,
    Heard,
    Moment,
    PostPress,
    Publish,
    Save,
    SecondPathAnswer,
    Show,
)
from firmware_sim.gauge import Gauge
from firmware_sim.kept import read_kept
from firmware_sim.vitals import About, Vitals
from tests.simulation.broker import Message, Road, SimBroker
from tests.simulation.county import Button
from tests.simulation.fate import Weather
from tests.simulation.known import DAY_0_MS
from tests.simulation.ledger import Ledger, Pressed
from tests.simulation.oracle import Oracle
from tests.simulation.story import Story

WEEK_S = 604_800  # signs of life are another role's matter: they are not simulated one by one
RINGS = frozenset({PressKind.SOS, PressKind.FALL})
Ask = Callable[[str, PostPress | AskReply], Awaitable[SecondPathAnswer]]


class Environment:
    """What every device of a run shares."""

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        broker: SimBroker,
        weather: Weather,
        ledger: Ledger,
        oracle: Oracle,
        story: Story,
        ask: Ask,
    ) -> None:
        self.loop = loop
        self.broker = broker
        self.weather = weather
        self.ledger = ledger
        self.oracle = oracle
        self.story = story
        self.ask = ask
        self.asked: Callable[[SimButton], None] = lambda _: None
        self.tasks: set[asyncio.Task[None]] = set()


class SimButton:
    """One contract button over its restarts. It is made when it is first pressed: before that nothing happens."""

    def __init__(self, place: Button, here: Environment, dice: Random) -> None:
        self.place = place
        self._here = here
        self._dice = dice
        self._flash: bytes | None = None
        self._off_ms = dice.choice((0, 0, dice.randrange(-5_000, 5_000), dice.randrange(-(10**9), 10**9)))
        self._clockless = dice.random() < 0.1
        self._has_second_path = dice.random() >= here.weather.without_second_path
        self._firmware: Firmware | None = None
        self._road: Road | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._backoff = Backoff(dice)
        self._up_since_s = 0.0
        self._starts = 0
        self.smashed = False
        self.switch_on()

    @property
    def is_on(self) -> bool:
        """Whether it has power, and is whole."""
        return self._firmware is not None

    @property
    def question(self) -> str | None:
        """What it asks the elder just now."""
        return None if self._firmware is None else self._firmware.question

    def press(self, kind: PressKind) -> None:
        """A finger."""
        if self._firmware is None:
            return
        press, effects = self._firmware.press(kind, self._now())
        known = Pressed(self.place, press, kind.value, self._here.loop.time(), kind in RINGS, contract=True)
        self._here.ledger.pressed(known)
        self._tell(f"the elder at {self.place.device} presses {kind.value} ({press})", press)
        self._carry_out(effects)

    def switch_on(self) -> None:
        """Power comes (back): what the flash holds is all that it knows."""
        if self.smashed or self._firmware is not None:
            return
        self._starts += 1
        now = self._now()
        gauge = Gauge(self.place.device, self._dice, now, mains=False)
        about = About(self.place.device, "simulated", f"start-{self._starts}", WEEK_S)
        vitals = Vitals(about, gauge, now.mono_ms + WEEK_S * 1000)
        self._firmware = Firmware(self.place.device, vitals, now, self._flash, self._new_press_id)
        self._here.loop.call_later(self._dice.uniform(0.1, 2), self._connect, self._firmware)
        self._arm()

    def switch_off(self) -> None:
        """Power is gone, without a farewell."""
        self._firmware = None
        self._drop()
        if self._timer is not None:
            self._timer.cancel()

    def smash(self) -> None:
        """It will never speak again. What no one has by now is lost with it."""
        if self.smashed:
            return
        self.smashed = True
        self.switch_off()
        for pressed in self._here.ledger.presses.values():
            if pressed.button.device == self.place.device:
                pressed.gone = True
        self._tell(f"{self.place.device} is smashed")

    def cut(self) -> None:
        """Its connection breaks, and it knows."""
        if self._road is None or self._firmware is None:
            return
        lasted_s = self._here.loop.time() - self._up_since_s
        self._drop()
        self._carry_out(self._firmware.disconnected(self._now()))
        pause_s = 1.0 if self._here.broker.sky.calm else self._backoff.pause_s(lasted_s)
        self._here.loop.call_later(pause_s, self._connect, self._firmware)

    def step_clock(self, by_ms: int) -> None:
        """Somebody set its clock, or it lost it."""
        self._off_ms += by_ms

    def untrue(self) -> list[str]:
        """What it believes of calls that are over or moved on, by rows: (call, what it believes)."""
        if self._firmware is None:
            return []
        told = []
        kept = read_kept(self._flash).calls
        known_calls = {known.call for known in kept}
        for known in kept:
            case = self._here.oracle.cases.get(known.call)
            if case is None or case.test or not case.said:
                continue
            (true,) = case.said[max(case.said)]
            if known.state != true:
                told.append(f"of call {known.call} {known.state}, which is {true}")
            if case.merged_into is not None and case.merged_into not in known_calls:
                told.append(f"of call {known.call} that it is over, and nothing of {case.merged_into}")
        return told

    def arrived(self, message: Message) -> None:
        """The broker sends a message over the connection that stands."""
        road = self._road
        if road is not None:
            road.carry(lambda: self._received(road, message), broken=self._breaker(road))

    def _received(self, road: Road, message: Message) -> None:
        if self._firmware is None or self._road is not road:
            return
        try:
            reply = decode_reply(message.payload)
        except DeviceContractError:
            reply = None
        if reply is not None:
            self._here.oracle.told(self.place.device, reply)
        self._carry_out(self._firmware.received(message.topic, message.payload, self._now()))
        if self.question is not None:
            self._here.asked(self)

    def _connect(self, firmware: Firmware) -> None:
        if self._firmware is not firmware or self._road is not None:
            return
        if not self._here.broker.up:
            pause_s = 1.0 if self._here.broker.sky.calm else self._backoff.pause_s(0)
            self._here.loop.call_later(pause_s, self._connect, firmware)
            return
        self._road = Road(self._dice, self._here.weather, self._here.broker.sky, self._here.loop)
        self._up_since_s = self._here.loop.time()
        device = self.place.device
        self._here.broker.devices[device] = self.arrived
        self._here.broker.cut_devices[device] = self.cut
        firmware.last_will(f"s{self._dice.getrandbits(32)}")
        self._carry_out(firmware.connected(self._now()))

    def _drop(self) -> None:
        self._road = None
        self._here.broker.devices.pop(self.place.device, None)
        self._here.broker.cut_devices.pop(self.place.device, None)

    def _breaker(self, road: Road) -> Callable[[], None]:
        return lambda: self.cut() if self._road is road else None

    def _carry_out(self, effects: list[Effect]) -> None:
        for effect in effects:
            self._do(effect)
        self._arm()

    def _do(self, effect: Effect) -> None:
        match effect:
            case Publish():
                self._publish(effect)
            case PostPress() | AskReply():
                task = self._here.loop.create_task(self._by_second_path(effect))
                self._here.tasks.add(task)
                task.add_done_callback(self._here.tasks.discard)
            case Save(state):
                self._flash = state
            case Show(panel):
                self._tell(f"{self.place.device} shows {panel}")
            case Heard(press, reply):
                self._here.ledger.heard(self.place.device, press, self._here.loop.time())
                self._tell(f"{self.place.device} hears {reply.state} for {press}", press)
            case GaveUp(press):
                self._tell(f"{self.place.device} gives {press} up", press)

    def _publish(self, message: Publish) -> None:
        road = self._road
        if road is None or topics.parse(message.topic).leaf is topics.Leaf.TELEMETRY:
            return
        take = self._here.broker.take
        road.carry(
            lambda: take(message.topic, message.payload, retain=message.retain), broken=self._breaker(road)
        )

    async def _by_second_path(self, what: PostPress | AskReply) -> None:
        firmware = self._firmware
        if self._has_second_path:
            answer = await self._here.ask(self.place.device, what)
        else:
            await asyncio.sleep(self._dice.uniform(1, 5))
            answer = SecondPathAnswer(what.press, isinstance(what, AskReply), None)
        if firmware is None or self._firmware is not firmware:
            return
        if answer.status == 200:
            self._here.oracle.told(self.place.device, decode_reply(answer.body))
        self._carry_out(firmware.second_path_answered(answer, self._now()))

    def _arm(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        if self._firmware is not None:
            due_s = self._firmware.next_ms() / 1000
            self._timer = self._here.loop.call_at(max(due_s, self._here.loop.time() + 0.001), self._tick)

    def _tick(self) -> None:
        if self._firmware is not None:
            self._carry_out(self._firmware.tick(self._now()))

    def _now(self) -> Moment:
        mono_ms = int(self._here.loop.time() * 1000)
        return Moment(mono_ms, None if self._clockless else max(0, DAY_0_MS + mono_ms + self._off_ms))

    def _new_press_id(self) -> str:
        return f"p{self._dice.getrandbits(48):012x}"

    def _tell(self, text: str, *about: str) -> None:
        self._here.story.tell(text, self.place.device, *about)


class PlainButton:
    """A foreign button: it says a press once it has a connection, until the broker has it, and hears nothing."""

    def __init__(self, place: Button, here: Environment, dice: Random) -> None:
        self.place = place
        self._here = here
        self._dice = dice

    def press(self, kind: PressKind) -> None:
        """A finger. Some send what no contract knows: it rings all the same."""
        number = f"q{self._dice.getrandbits(48):012x}"
        if self._dice.random() < 0.2:
            payload = f'{{"button":"{number}"}}'.encode()
            press, kind = strange_press_id(payload), PressKind.SOS
        else:
            payload, press = f'{{"id":"{number}","kind":"{kind}","at":null}}'.encode(), number
        pressed = Pressed(
            self.place, press, kind.value, self._here.loop.time(), kind in RINGS, contract=False, owed=False
        )
        self._here.ledger.pressed(pressed)
        self._here.story.tell(
            f"the elder at {self.place.device} presses a plain button ({press})", self.place.device, press
        )
        self._send(payload, pressed, 0)

    def _send(self, payload: bytes, pressed: Pressed, tries: int) -> None:
        """Over TCP: it arrives, or the connection is known to be broken and it is sent again."""
        broker, dice = self._here.broker, self._dice
        if not broker.up or (not self._here.broker.sky.calm and dice.random() < self._here.weather.loss):
            self._here.loop.call_later(dice.uniform(1, 20), self._send, payload, pressed, tries + 1)
            return
        pressed.owed = True  # from here on the broker answers for it
        broker.take(topics.call(self.place.device), payload)
        if not self._here.broker.sky.calm and dice.random() < self._here.weather.double:
            self._here.loop.call_later(
                dice.uniform(0, 5), broker.take, topics.call(self.place.device), payload
            )
