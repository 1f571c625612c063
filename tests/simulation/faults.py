"""What goes wrong, and when: each fault comes again and again, at the rate of the run's weather."""

import asyncio
from collections.abc import Callable
from random import Random
from typing import TYPE_CHECKING

from devices.messages import PressKind

if TYPE_CHECKING:
    from tests.simulation.devices import SimButton
    from tests.simulation.process import Hub
    from tests.simulation.world import World

NEIGHBOURHOOD = 40  # buttons that hang on one mast
NIGHT_S = 420.0
IN_A_FIRE = 0.2  # of the buttons that are pressed in it, how many it takes


class Faults:
    """All faults of one run, until it is calm."""

    def __init__(self, world: "World") -> None:
        self._world = world

    def begin(self) -> None:
        """Let everything that this run's weather has happen, again and again."""
        w = self._world.weather
        for name, every_s, fault in (
            ("crash", w.crash_every_s, self._crash),
            ("power cut", w.power_cut_every_s, self._power_cut),
            ("sql", w.sql_fault_every_s, self._sql_fault),
            ("database", w.database_outage_every_s, self._database_outage),
            ("hang", w.hang_every_s, self._hang),
            ("broker crash", w.broker_crash_every_s, self._broker_crash),
            ("broker outage", w.broker_outage_every_s, self._broker_outage),
            ("hub cut", w.hub_cut_every_s, self._hub_cut),
            ("hub clock", w.hub_clock_step_every_s, self._hub_clock),
            ("device cut", w.device_cut_every_s, self._device_cut),
            ("device restart", w.device_restart_every_s, self._device_restart),
            ("device clock", w.device_clock_step_every_s, self._device_clock),
            ("screen cut", w.screen_cut_every_s, self._screen_cut),
            ("blackout", w.blackout_every_s, self._blackout),
            ("wrong start", w.wrong_start_every_s, self._wrong_start),
            ("missed", w.missed_every_s, self._missed),
            ("together", w.together_every_s, self._world.elders.press_together),
        ):
            if every_s:
                if fault == self._missed:  # once when nothing follows that would put it right by chance
                    at_s = self._world.wanted.days * 86_400 - 50
                    self._world.loop.call_later(at_s, fault, self._world.fate.stream("fault", "missed last"))
                self._world.background(
                    self._again_and_again(every_s, self._world.fate.stream("fault", name), fault)
                )

    async def _again_and_again(self, every_s: float, dice: Random, fault: Callable[[Random], None]) -> None:
        while True:
            await asyncio.sleep(dice.expovariate(1 / every_s))
            if self._world.calm:
                return
            fault(dice)

    def _crash(self, dice: Random) -> None:
        life = dice.choice(self._world.hubs).life
        if life is not None:
            life.guard.arm_crash()

    def _power_cut(self, _dice: Random) -> None:
        self._world.story.tell("the power fails")
        for hub in self._world.hubs:
            self._end(hub, "in a power cut")

    def _end(self, hub: "Hub", where: str) -> None:
        if hub.life is not None:
            hub.die(hub.life, where)

    def _blackout(self, dice: Random) -> None:
        """Piece by piece; elders press meanwhile, and not every button outlives it. What nobody but a spool has by
        the end must come out of it."""
        for_s = dice.uniform(10, 60)
        self._away(for_s)
        for _ in range(3):
            self._world.loop.call_later(
                dice.uniform(0, for_s * 0.7), self._world.elders.somebody_presses, dice, IN_A_FIRE
            )
        self._world.loop.call_later(for_s * 0.9, self._all_fails, dice)

    def _all_fails(self, dice: Random) -> None:
        if not self._world.calm:
            self._broker_crash(dice)
            self._power_cut(dice)

    def _wrong_start(self, dice: Random) -> None:
        """What is armed by the wrong clock must ring after two restarts, the second with a right one."""
        hub, by_s = dice.choice(self._world.hubs), dice.choice((3_600, 86_400)) * dice.uniform(0.5, 1.5)
        whose = "the database" if self._world.is_shared and dice.random() < 0.5 else hub.name
        self._world.story.tell(f"{whose}'s clock is {by_s:.0f} s ahead, in a night when nobody looks")
        self._world.asleep_until_s = self._world.loop.time() + NIGHT_S
        for _ in range(3):
            self._world.loop.call_later(dice.uniform(60, 110), self._world.elders.somebody_presses, dice, 0.0)
        right_s = dice.uniform(115, 130)
        if whose != hub.name:
            self._world.step_server(by_s)
            self._world.loop.call_later(right_s, self._right_server, by_s)
            return
        hub.step_clock(by_s)
        self._end(hub, "and starts with a wrong clock")
        self._world.loop.call_later(right_s, self._right_start, hub, by_s)

    def _right_server(self, by_s: float) -> None:
        if not self._world.calm:
            self._world.story.tell("the database's clock is set right")
            self._world.step_server(-by_s)

    def _right_start(self, hub: "Hub", by_s: float) -> None:
        if not self._world.calm:  # then its clock is right
            self._world.story.tell(f"{hub.name}'s clock is set right")
            hub.step_clock(-by_s)
            self._end(hub, "and starts with a right clock")

    def _sql_fault(self, dice: Random) -> None:
        life = dice.choice(self._world.hubs).life
        if life is not None:
            life.guard.arm_fault()

    def _database_outage(self, dice: Random) -> None:
        self._away(dice.choice((2, 20, 120)) * dice.uniform(0.5, 1.5))

    def _away(self, for_s: float) -> None:
        self._world.story.tell("the database is away")
        self._world.database_away = True
        self._world.loop.call_later(for_s, self._database_back)

    def _hang(self, dice: Random) -> None:
        for_s = dice.choice((5, 30, 60)) * dice.uniform(0.5, 1.5)
        self._world.story.tell(f"the database answers nobody for {for_s:.0f} s")
        self._world.hangs(for_s)

    def _database_back(self) -> None:
        if self._world.database_away:
            self._world.database_away = False
            self._world.story.tell("the database is back")

    def _broker_crash(self, dice: Random) -> None:
        if self._world.broker.up:
            self._world.story.tell("the broker crashes and forgets")
            self._world.broker.crash()
            self._world.loop.call_later(dice.uniform(1, 40), self._broker_back)

    def _broker_outage(self, dice: Random) -> None:
        if self._world.broker.up:
            self._world.story.tell("nobody reaches the broker")
            self._world.broker.up = False
            self._world.broker.cut_all()
            self._world.loop.call_later(dice.uniform(1, 90), self._broker_back)

    def _broker_back(self) -> None:
        if not self._world.broker.up:
            self._world.broker.up = True
            self._world.story.tell("the broker is there")

    def _hub_cut(self, dice: Random) -> None:
        life = dice.choice(self._world.hubs).life
        if life is not None:
            link = dice.choice(life.links)
            self._world.story.tell(f"{link.account} loses its connection")
            link.cut()

    def _hub_clock(self, dice: Random) -> None:
        hub = dice.choice(self._world.hubs)
        by_s = dice.choice((3, 60, 3_600, 86_400)) * dice.uniform(-1, 1)
        if self._world.is_shared and dice.random() < 0.3:
            self._world.story.tell(f"the database's wall clock is stepped by {by_s:.0f} s")
            self._world.step_server(by_s)
        else:
            self._world.story.tell(f"{hub.name}'s wall clock is stepped by {by_s:.0f} s")
            hub.step_clock(by_s)

    def _device_cut(self, dice: Random) -> None:
        """Half of a neighbourhood."""
        buttons = self._world.elders.contract_buttons()
        first = dice.randrange(len(buttons)) if len(buttons) > NEIGHBOURHOOD else 0
        for button in buttons[first : first + NEIGHBOURHOOD]:
            if dice.random() < 0.5:
                button.cut()

    def _device_restart(self, dice: Random) -> None:
        awake = [button for button in self._world.elders.contract_buttons() if button.is_on]
        if awake:
            button = dice.choice(awake)
            self._world.story.tell(f"{button.place.device} loses its power", button.place.device)
            button.switch_off()
            self._world.loop.call_later(dice.choice((1, 30, 300)) * dice.uniform(0.5, 1.5), button.switch_on)

    def _missed(self, dice: Random) -> None:
        """It comes and is told, goes, and comes again; of that, its hubs can hear only what the broker remembers."""
        buttons = [button for button in self._world.elders.contract_buttons() if button.is_on]
        if not buttons:
            return
        button = dice.choice(buttons)
        button.press(PressKind.SOS)
        self._world.loop.call_later(2.0, button.cut)
        self._world.loop.call_later(dice.uniform(5, 10), self._misses, button, dice.uniform(10, 30))

    def _misses(self, button: "SimButton", for_s: float) -> None:
        if self._world.calm or not button.is_on:
            return
        device = button.place.device
        self._world.story.tell(f"{device} has no power, and is back while no hub hears so", device)
        button.switch_off()
        self._world.loop.call_later(for_s, button.switch_on)
        self._world.loop.call_later(for_s - 1.0, self._deafen, 6.0)

    def _deafen(self, for_s: float) -> None:
        for hub in self._world.hubs:
            if hub.life is not None and not self._world.calm:
                hub.life.links[1].stay_away(for_s)

    def _device_clock(self, dice: Random) -> None:
        buttons = self._world.elders.contract_buttons()
        if buttons:
            dice.choice(buttons).step_clock(int(dice.choice((60, 3_600, 10**6)) * dice.uniform(-1000, 1000)))

    def _screen_cut(self, dice: Random) -> None:
        dice.choice(self._world.people).cut()
