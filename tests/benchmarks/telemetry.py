"""`xiangyin bench telemetry`: telemetry stored per second beside a bare subscriber, and calls beside a flood of it.

Stored: what the telemetry role's store has more at the end of a window than at its beginning, while more is
published than anybody can take; bare: what aiomqtt on uvloop receives of the same flood on the same broker. Of
that its `async for` is given a part, the rest waits in its queue for ever: both are shown.
Calls: press → event at a client of the stream, without and with 2,000 telemetry messages a second beside them.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from tests.benchmarks.plant import Plant, running_plant
from tests.benchmarks.press import Child, latencies_ms, percentile, press
from tests.benchmarks.publisher import Job
from tests.brokers import RunningBroker, Wanted
from tests.telemetry_role import RunningTelemetry

MEASURING = 200
BUTTONS = 300
FLOOD = 40_000.0
BESIDE = 2_000.0
WARM_S, WINDOW_S, ROUNDS = 3.0, 8.0, 3
PRESSES, PRESS_S = 10.0, 40.0


class Rate(NamedTuple):
    """Messages a second: given to the program, and read from the network besides."""

    given: float
    read: float


class Heartbeats(Child):
    """A child of this bench that answers lines."""

    def ask(self) -> tuple[int, int]:
        """What it was given so far, and what waits for that."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        given, waiting = map(int, self._process.stdout.readline().split())
        return given, given + waiting


@contextmanager
def flood(broker: RunningBroker, devices: list[str], rate: float) -> Iterator[None]:
    """`rate` messages a second as long as the block lasts."""
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump({device: broker.passwords[device] for device in devices}, file)
        file.flush()
        child = Child("tests.benchmarks.heartbeats", "send", str(broker.port), file.name, str(rate))
        try:
            yield
        finally:
            child.finish()


def rate_of(count: Callable[[], tuple[int, int]]) -> Rate:
    """How fast the figures of `count` grow."""
    time.sleep(WARM_S)
    first, began = count(), time.monotonic()
    time.sleep(WINDOW_S)
    last, ended = count(), time.monotonic()
    given, read = ((after - before) / (ended - began) for before, after in zip(first, last, strict=True))
    return Rate(given, read)


def stored(role: RunningTelemetry) -> tuple[int, int]:
    """What its store has, and what it has read."""
    counts = role.reported().counts
    return counts.stored, counts.messages


def ours(plant: Plant, role: RunningTelemetry, devices: list[str]) -> Rate:
    """Messages that come into the store."""
    role.start()
    with flood(plant.broker, devices, FLOOD):
        found = rate_of(lambda: stored(role))
    role.stop()
    return found


def bare(plant: Plant, devices: list[str]) -> Rate:
    """Messages that a bare subscriber receives."""
    port, user = str(plant.broker.port), "hub.1.telemetry"
    watcher = Heartbeats("tests.benchmarks.heartbeats", "bare", port, user, plant.broker.roles[user])
    with flood(plant.broker, devices, FLOOD):
        found = rate_of(watcher.ask)
    watcher.finish()
    return found


def latencies(plant: Plant) -> list[float]:
    """Press → event at a client of the stream, in ms."""
    passwords = {device: plant.broker.passwords[device] for device in plant.devices}
    watcher = Child("tests.benchmarks.watchers", "sse", str(plant.http_port), plant.token)
    job = Job(port=plant.broker.port, devices=passwords, rate=PRESSES, seconds=PRESS_S)
    sent, _ = press(plant, job)
    time.sleep(1.0)
    seen = list(latencies_ms(watcher.finish()).values())
    if len(seen) != sent.sent:
        raise RuntimeError(f"{sent.sent} presses, {len(seen)} events")
    return seen


def saturation(plant: Plant, role: RunningTelemetry, devices: list[str]) -> None:
    """Print stored beside received, in turns: whatever else this machine does meets both."""
    print("messages/s: stored, given to a bare `async for`, ratio; read into its queue without bound, ratio")
    for _ in range(ROUNDS):
        mine, theirs = ours(plant, role, devices), bare(plant, devices)
        print(
            f"{mine.given:8,.0f} {theirs.given:8,.0f} {mine.given / theirs.given:6.0%}"
            f" {theirs.read:8,.0f} {mine.given / theirs.read:6.0%}",
            flush=True,
        )


def beside(plant: Plant, role: RunningTelemetry, devices: list[str]) -> None:
    """Print how long calls take without and with telemetry."""
    idle = latencies(plant)
    before, began = stored(role)[0], time.monotonic()
    with flood(plant.broker, devices, BESIDE):
        busy = latencies(plant)
    taken = (stored(role)[0] - before) / (time.monotonic() - began)
    for share in (0.5, 0.99):
        without, with_it = percentile(idle, share), percentile(busy, share)
        print(
            f"press → event p{share * 100:.0f}: {without:.2f} ms idle, {with_it:.2f} ms: {with_it / without:.2f} ×"
        )
    print(f"telemetry stored meanwhile: {taken:,.0f}/s; memory {memory_mb(role):.0f} MB")


def memory_mb(role: RunningTelemetry) -> float:
    """Resident memory of the role's process."""
    assert role.process is not None
    status = Path(f"/proc/{role.process.pid}/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) / 1024


def main() -> None:
    """Print both, or the one that is named: `calls`, `store`."""
    only = sys.argv[1:]
    with (
        tempfile.TemporaryDirectory(prefix="xiangyin-bench-") as folder,
        running_plant(Path(folder) / "hub", BUTTONS) as plant,
    ):
        devices = [f"tele-{n:04}" for n in range(MEASURING)]
        plant.broker.add_devices(*(Wanted(device) for device in devices))
        role = RunningTelemetry(plant.folder, plant.broker, spool_bytes=1 << 28)
        try:
            if not only or "calls" in only:
                role.start()
                beside(plant, role, devices)
                role.stop()
            if not only or "store" in only:
                plant.stop()  # nobody presses, and both have the machine to themselves
                saturation(plant, role, devices)
        finally:
            role.kill()


if __name__ == "__main__":
    main()
