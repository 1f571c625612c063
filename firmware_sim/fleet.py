"""A county's devices in one process and one thread's loop."""

import asyncio
import logging
import secrets
from collections.abc import Iterable
from random import Random
from typing import TypeVar

from devices.messages import PressKind
from firmware_sim.assembly import build
from firmware_sim.button_runner import ButtonRunner
from firmware_sim.control import Answer, CountOrder, CutOrder, Order, PressOrder
from firmware_sim.effects import Heard
from firmware_sim.errors import FirmwareError
from firmware_sim.fleet_file import DeviceEntry
from firmware_sim.presser import Presser
from firmware_sim.runner import Runner
from firmware_sim.world import World

log = logging.getLogger(__name__)

FAREWELL_S = 0.3


R = TypeVar("R", bound=Runner)


class Fleet:
    """All devices of a fleet file but those to keep one's hands off."""

    def __init__(self, entries: Iterable[DeviceEntry], world: World, rng: Random) -> None:
        self._world = world
        boot = secrets.token_hex(4)
        self.runners: dict[str, Runner] = {}
        self._hands_off: set[str] = set()
        for entry in entries:
            if entry.hands_off:
                self._hands_off.add(entry.id)
            else:
                self.runners[entry.id] = build(entry, world, rng, boot)
        self.buttons = {name: each for name, each in self.runners.items() if isinstance(each, ButtonRunner)}

    def start(self) -> None:
        """Switch all on."""
        for runner in self.runners.values():
            runner.start()

    def stop(self, *, asleep: bool = False) -> None:
        """Switch all off, or let all sleep; whoever has no time left for a farewell just vanishes, and its will says
        so."""
        loop = self._world.exchange.loop
        until_s = loop.time() + FAREWELL_S
        for runner in self.runners.values():
            if loop.time() > until_s:
                break
            runner.stop(asleep=asleep)
        for task in self._world.tasks:
            task.cancel()

    def connected(self) -> int:
        """Count the devices whose link is up."""
        return sum(runner.is_up for runner in self.runners.values())

    async def press_now_and_then(self, presser: Presser) -> None:
        """Let elders press until cancelled."""
        buttons = [runner.button for runner in self.buttons.values()]
        while buttons:
            await asyncio.sleep(presser.pause_s())
            button, kind = presser.choose(buttons)
            press, _ = self.buttons[button.device].press(kind)
            log.info("%s pressed: %s %s", button.device, kind, press)

    async def obey(self, order: Order) -> Answer:
        """Carry out an order from outside."""
        match order:
            case PressOrder(device, kind, wait_s):
                return await self.press(device, kind, wait_s)
            case CutOrder(device):
                self._find(self.runners, device).cut()
                return Answer(device=device, outcome="cut")
            case CountOrder():
                return Answer(devices=len(self.runners), connected=self.connected())

    async def press(self, device: str, kind: PressKind, wait_s: float) -> Answer:
        """Press a button's key and wait until somebody has it, `wait_s` at the longest."""
        press, told = self._find(self.buttons, device).press(kind)
        await asyncio.wait([told], timeout=wait_s)
        if not told.done():
            return Answer(device=device, press=press, outcome="timeout")
        heard = told.result()
        if not isinstance(heard, Heard):
            return Answer(device=device, press=press, outcome="gave_up")
        return Answer(
            device=device, press=press, outcome="received", after_ms=heard.after_ms, reply=heard.reply
        )

    def _find(self, among: dict[str, R], device: str) -> R:
        if device in among:
            return among[device]
        if device in self._hands_off:
            raise FirmwareError("denied", f"{device}: the fleet file says hands off; press it yourself")
        raise FirmwareError("not_found", f"{device}: no such simulated button; the fleet file names them")
