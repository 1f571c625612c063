"""`python -m firmware_sim FLEET.json`: run the devices of a fleet file, or press one of their buttons."""

import asyncio
import fcntl
import logging
import os
import signal
import sys
from collections.abc import Iterable
from contextlib import AsyncExitStack
from pathlib import Path
from random import Random

import msgspec

from firmware_sim import control
from firmware_sim.aloud import Aloud
from firmware_sim.audio_store import AudioStore
from firmware_sim.connection import Exchange
from firmware_sim.connectors import Connectors
from firmware_sim.control import Answer, PressOrder
from firmware_sim.errors import FirmwareError
from firmware_sim.fleet import Fleet
from firmware_sim.fleet_file import DeviceEntry, FleetFile, read_fleet, trust_of
from firmware_sim.http import new_client
from firmware_sim.journal import Journal
from firmware_sim.lifetime import die_with_parent
from firmware_sim.options import Options, called, read_options
from firmware_sim.presser import Presser
from firmware_sim.second_path import SecondPath
from firmware_sim.shelf import Shelf
from firmware_sim.world import World

log = logging.getLogger("firmware_sim")

ANSWER_SLACK_S = 5.0
# a button that runs for one press alone: like one that sleeps between presses and shows itself once a week
SLEEPS_S = 7 * 86_400


def main(arguments: list[str]) -> int:
    """Run until a signal, or press once; returns the exit code."""
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s: %(message)s", level=logging.INFO)
    logging.getLogger("httpx").setLevel(logging.WARNING)
    try:
        options = read_options(arguments)
        if options.press is not None:
            return _press(options, options.press)
        die_with_parent()
        asyncio.run(_run(options, read_fleet(options.fleet)))
    except FirmwareError as error:
        sys.stderr.write(f"{called()}: {error}\n")
        return 2
    return 0


def _press(options: Options, device: str) -> int:
    """Ask the simulator that runs, or be that one device for as long as the press takes, asleep before and after."""
    fleet = read_fleet(options.fleet)
    order = PressOrder(device, options.kind, options.wait_s)
    answer = control.order(options.state, order, options.wait_s + ANSWER_SLACK_S)
    if answer is None:
        answer = asyncio.run(_press_alone(options, fleet, order))
    sys.stdout.write(msgspec.json.encode(answer).decode() + "\n")
    return 0 if answer.outcome == "received" else 1


async def _press_alone(options: Options, file: FleetFile, order: PressOrder) -> Answer:
    async with AsyncExitStack() as stack:
        _lock(options.state, stack)
        entries = [
            msgspec.structs.replace(entry, every_s=SLEEPS_S)
            for entry in file.devices
            if entry.id == order.device
        ]
        fleet = await _start(options, file, entries, stack, asleep=True)
        try:
            return await fleet.obey(order)
        except FirmwareError as error:
            return Answer(error=str(error))


async def _run(options: Options, file: FleetFile) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    async with AsyncExitStack() as stack:
        _lock(options.state, stack)
        fleet = await _start(options, file, file.devices, stack)
        stack.callback((await control.listen(options.state, fleet.obey)).close)
        pressing = None
        if options.mean_press_s is not None:
            presser = Presser(Random(), options.mean_press_s)  # noqa: S311 - a demo's dice
            pressing = loop.create_task(fleet.press_now_and_then(presser))
        log.info("%d simulated devices", len(fleet.runners))
        await stop.wait()
        if pressing is not None:
            pressing.cancel()


async def _start(
    options: Options,
    file: FleetFile,
    entries: Iterable[DeviceEntry],
    stack: AsyncExitStack,
    *,
    asleep: bool = False,
) -> Fleet:
    loop = asyncio.get_running_loop()
    trust = trust_of(file.mqtt, options.fleet.parent)
    options.state.mkdir(mode=0o700, parents=True, exist_ok=True)
    client = await stack.enter_async_context(new_client(trust))
    world = World(
        exchange=Exchange(file.mqtt.host, file.mqtt.port, trust, loop, Connectors(loop)),
        second_path=SecondPath(file.http, client),
        store=AudioStore(options.state / "audio", client),
        recordings=options.state / "played" if options.record else None,
        aloud=Aloud() if options.sound else None,
        shelf=Shelf(options.state / "flash"),
        journal=Journal(options.state / "journal.jsonl"),
        faults=options.faults,
    )
    fleet = Fleet(entries, world, Random())  # noqa: S311 - jitter and drift
    stack.callback(fleet.stop, asleep=asleep)
    fleet.start()
    return fleet


def _lock(folder: Path, stack: AsyncExitStack) -> None:
    """Two simulators with one flash would be two devices with one name."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = stack.enter_context((folder / "lock").open("w"))
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise FirmwareError("conflict", f"{folder}: another simulator runs here; stop it first") from None
    except OSError as error:
        raise FirmwareError("denied", f"{folder}: {error.strerror}; choose another with --state") from error


if __name__ == "__main__":
    code = main(sys.argv[1:])
    logging.shutdown()
    sys.stdout.flush()
    os._exit(code)  # a thread that still looks up a name must not hold up the end
