"""Buttons in a process of their own, pressed on time whatever happens (open loop).

`python -m tests.proving.pressing JOB` reads a JSON job, connects, prints `ready`, and obeys a line at a time:
`rate N` (presses a second, over all buttons in turn; 0: none), `cut` (every connection breaks at once),
`end`. A press stands in the ledger before its button has done anything about it.
"""

from __future__ import annotations

import asyncio
import secrets
import sys
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from random import Random
from typing import TextIO

import msgspec

from devices.ids import new_press_id
from devices.messages import PressKind
from firmware_sim.audio_store import AudioStore
from firmware_sim.button import Button
from firmware_sim.button_runner import ButtonRunner
from firmware_sim.connection import Account, Exchange
from firmware_sim.connectors import Connectors
from firmware_sim.effects import Effect, GaveUp, Heard
from firmware_sim.faults import FaultProfile
from firmware_sim.fleet_file import Broker, trust_of
from firmware_sim.gauge import Gauge
from firmware_sim.http import new_client
from firmware_sim.journal import Journal
from firmware_sim.runner import Runner
from firmware_sim.second_path import SecondPath
from firmware_sim.shelf import Shelf
from firmware_sim.vitals import About, Vitals
from firmware_sim.world import World
from tests.proving import records
from tests.proving.plain_button import PlainButton

EVERY_S = 300
POLL_S = 0.05
STRIDE_NS = 2_000_000


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """Who presses, and where. `contract`: repeat until `received`, by the second path too; else plain QoS 1."""

    host: str
    port: int
    ca: str | None = None
    http: str
    devices: Mapping[str, str]
    contract: bool
    double: float = 0.0
    ledger: str
    heard: str


class PlainRunner(Runner):
    """Runs a plain button and tells of the first reply to each press."""

    def __init__(
        self, button: PlainButton, account: Account, world: World, on_heard: Callable[[str], None]
    ) -> None:
        super().__init__(button, account, world, Random())
        self._button = button
        self._on_heard = on_heard

    def press(self) -> None:
        """A finger on the key."""
        self._carry_out(self._button.press(self._now()))

    def _do(self, effect: Effect) -> None:
        if isinstance(effect, Heard):
            self._on_heard(effect.press)
        else:
            super()._do(effect)


class Hands:
    """All buttons of a job, and the hands that press them."""

    def __init__(self, job: Job, world: World, ledger: TextIO, heard: TextIO) -> None:
        self._world = world
        self._ledger = ledger
        self._heard = heard
        self._rate = 0.0
        self.runners: list[Runner] = []
        self._fingers: list[Callable[[], None]] = []
        build = self._contract if job.contract else self._plain
        for device, password in job.devices.items():
            runner, finger = build(device, Account(device, device, password))
            self.runners.append(runner)
            self._fingers.append(finger)

    def set_rate(self, per_s: float) -> None:
        """From now on."""
        self._rate = per_s

    async def press(self) -> None:
        """Press each button in turn until cancelled. What was due while this process slept is made up for."""
        turn, due_ns = 0, time.monotonic_ns()
        while True:
            now_ns = time.monotonic_ns()
            if not self._rate:
                due_ns = now_ns
            while self._rate and due_ns <= now_ns:
                self._fingers[turn % len(self._fingers)]()
                turn += 1
                due_ns += int(1e9 / self._rate)
            await asyncio.sleep(max(STRIDE_NS, min(due_ns - now_ns, 50_000_000)) / 1e9)

    def _contract(self, device: str, account: Account) -> tuple[Runner, Callable[[], None]]:
        new_id = partial(self._begin, device)
        button = Button(device, self._vitals(device), self._world.now(), None, new_id)
        runner = ButtonRunner(button, account, self._world, Random())

        def finger() -> None:
            _, told = runner.press(PressKind.SOS)
            told.add_done_callback(self._settled)

        return runner, finger

    def _plain(self, device: str, account: Account) -> tuple[Runner, Callable[[], None]]:
        button = PlainButton(device, self._vitals(device), partial(self._begin, device))
        runner = PlainRunner(button, account, self._world, self._hear)
        return runner, runner.press

    def _vitals(self, device: str) -> Vitals:
        now = self._world.now()
        about = About(device, "proof", secrets.token_hex(4), EVERY_S)
        first_ms = now.mono_ms + secrets.randbelow(EVERY_S * 1_000)
        return Vitals(about, Gauge(device, Random(), now, mains=False), first_ms)

    def _begin(self, device: str) -> str:
        """A press is born: it stands in the ledger before anybody can send it."""
        press = new_press_id()
        records.write(self._ledger, records.Pressed(press, device, time.monotonic_ns()))
        return press

    def _settled(self, told: asyncio.Future[Heard | GaveUp]) -> None:
        if not told.cancelled() and isinstance(outcome := told.result(), Heard):
            self._hear(outcome.press)

    def _hear(self, press: str) -> None:
        records.write(self._heard, records.Heard(press, time.monotonic_ns()))


async def obey(hands: Hands) -> None:
    """Until `end`, or the end of stdin."""
    loop = asyncio.get_running_loop()
    while line := (await loop.run_in_executor(None, sys.stdin.readline)).split():
        match line:
            case ["rate", per_s]:
                hands.set_rate(float(per_s))
            case ["cut"]:
                for runner in hands.runners:
                    runner.cut()
            case _:
                return


async def work(job: Job, ledger: TextIO, heard: TextIO) -> None:
    """See the head of this file."""
    loop = asyncio.get_running_loop()
    here = Path(job.ledger).parent
    trust = trust_of(Broker(job.host, job.port, job.ca), here)
    async with new_client(trust) as client:
        world = World(
            exchange=Exchange(job.host, job.port, trust, loop, Connectors(loop)),
            second_path=SecondPath(job.http, client),
            shelf=Shelf(None),
            journal=Journal(None),
            store=AudioStore(here / "audio", client),
            faults=FaultProfile(double=job.double),
        )
        hands = Hands(job, world, ledger, heard)
        for runner in hands.runners:
            runner.start()
        while not all(runner.is_up for runner in hands.runners):  # noqa: ASYNC110 - no event tells of the last one
            await asyncio.sleep(POLL_S)
        print("ready", flush=True)
        pressing = asyncio.create_task(hands.press())
        await obey(hands)
        pressing.cancel()
        for runner in hands.runners:
            runner.stop()


def main() -> None:
    """See the head of this file."""
    job = msgspec.json.decode(Path(sys.argv[1]).read_bytes(), type=Job)
    with Path(job.ledger).open("a") as ledger, Path(job.heard).open("a") as heard:
        asyncio.run(work(job, ledger, heard))


if __name__ == "__main__":
    main()
