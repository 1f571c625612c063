"""Runs one device's pure logic over a real link and real time."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from random import Random
from typing import Protocol

from firmware_sim.connection import Account
from firmware_sim.effects import Effect, LastWill, Moment, Publish, Save
from firmware_sim.faults import FaultyWay
from firmware_sim.link import Link
from firmware_sim.world import World

log = logging.getLogger(__name__)

KEPT = "state.json"


class Firmware(Protocol):
    """What every kind of device's logic can do; see `Button` for what each means."""

    device: str

    @property
    def subscriptions(self) -> tuple[str, ...]: ...
    def last_will(self, session: str) -> LastWill: ...
    def connected(self, now: Moment) -> list[Effect]: ...
    def disconnected(self, now: Moment) -> list[Effect]: ...
    def received(self, topic: str, payload: bytes, now: Moment) -> list[Effect]: ...
    def tick(self, now: Moment) -> list[Effect]: ...
    def next_ms(self) -> int: ...


class Runner:
    """One device alive: link, timer, flash, and its own bad luck."""

    def __init__(self, firmware: Firmware, account: Account, world: World, rng: Random) -> None:
        self.device = firmware.device
        self.account = account
        self._firmware = firmware
        self._world = world
        self._way = FaultyWay(world.faults, rng)
        off_s = world.faults.clock_off_s
        self._clock_off_ms = int(rng.uniform(-off_s, off_s) * 1_000)
        self._link = Link(account, world.exchange, self, rng)
        self._timer: asyncio.TimerHandle | None = None
        self._is_on = False

    @property
    def is_up(self) -> bool:
        """Whether the device is connected to the broker."""
        return self._link.is_up

    @property
    def subscriptions(self) -> tuple[str, ...]:
        """See `Firmware`."""
        return self._firmware.subscriptions

    def start(self) -> None:
        """Switch the device on."""
        self._is_on = True
        self._link.start()
        self._arm()

    def stop(self, *, asleep: bool = False) -> None:
        """Switch it off in good order; `asleep`: until its next sign of life, and nobody need miss it."""
        self._is_on = False
        if self._timer is not None:
            self._timer.cancel()
        self._link.stop(asleep=asleep)

    def cut(self) -> None:
        """Break its connection as a dying network does."""
        self._link.cut()

    def last_will(self, session: str) -> LastWill:
        """See `Firmware`."""
        return self._firmware.last_will(session)

    def link_up(self) -> None:
        """Let the device speak first on its new connection."""
        self._carry_out(self._firmware.connected(self._now()))

    def link_down(self) -> None:
        """Tell the device."""
        self._carry_out(self._firmware.disconnected(self._now()))

    def link_message(self, topic: str, payload: bytes) -> None:
        """Bring the device a message, or what is left of it."""
        for arrival in self._way.carry(payload):
            self._after(arrival.after_s, partial(self._received, topic, arrival.payload))

    def _received(self, topic: str, payload: bytes) -> None:
        self._carry_out(self._firmware.received(topic, payload, self._now()))

    def _now(self) -> Moment:
        return self._world.now(self._clock_off_ms)

    def _tick(self) -> None:
        self._timer = None
        self._carry_out(self._firmware.tick(self._now()))

    def _carry_out(self, effects: list[Effect]) -> None:
        if not self._is_on:  # an answer that came after the end
            return
        for effect in effects:
            self._do(effect)
        self._arm()

    def _do(self, effect: Effect) -> None:
        match effect:
            case Publish():
                self._publish(effect)
            case Save(state):
                self._save(state)

    def _publish(self, message: Publish) -> None:
        for arrival in self._way.carry(message.payload):
            copy = replace(message, payload=arrival.payload)
            self._after(arrival.after_s, partial(self._link.publish, copy))

    def _save(self, state: bytes) -> None:
        try:
            self._world.shelf.write(self.device, KEPT, state)
        except OSError as error:  # a call goes out even when the flash is worn
            log.error("%s: cannot keep its state: %s", self.device, error)  # noqa: TRY400

    def _after(self, delay_s: float, call: Callable[[], None]) -> None:
        if delay_s > 0:
            self._world.exchange.loop.call_later(delay_s, call)
        else:
            call()

    def _arm(self) -> None:
        """Set the timer for what the device wants to do next."""
        due_s = self._firmware.next_ms() / 1_000
        if self._timer is not None:
            if self._timer.when() == due_s:
                return
            self._timer.cancel()
        self._timer = self._world.exchange.loop.call_at(due_s, self._tick)
