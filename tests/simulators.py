"""The simulator as a process of its own, on a fleet file and a state folder of the test's."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from devices.messages import PressKind
from firmware_sim.control import Answer, CountOrder, CutOrder, Order, PressOrder, order
from tests.brokers import RunningBroker

PATIENCE_S = 30.0


class Simulator:
    """`python -m firmware_sim`, started, stopped and spoken to."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.state = folder / "state"
        self.fleet = folder / "fleet.json"
        self.process: subprocess.Popen[bytes] | None = None

    def write_fleet(
        self, broker: RunningBroker, *devices: Mapping[str, object], http: str = "http://127.0.0.1:9",
        ca: str | None = None,
    ) -> None:  # fmt: skip
        """Write the fleet file; each device needs an `id` that the broker knows, and may say more."""
        entries = [
            {"kind": "button", "every_s": 300, "username": each["id"],
             "password": broker.passwords[str(each["id"])], **each}
            for each in devices
        ]  # fmt: skip
        port = broker.tls_port if ca else broker.port
        mqtt = {"host": broker.host, "port": port, "ca": ca}
        self.fleet.write_text(json.dumps({"mqtt": mqtt, "http": http, "devices": entries}))

    def command(self, *arguments: str) -> list[str]:
        """The command line, for a test that starts it in its own way."""
        return [sys.executable, "-m", "firmware_sim", str(self.fleet), "--state", str(self.state), *arguments]

    def start(self, *arguments: str) -> None:
        """Start it quietly and wait until it takes orders."""
        with (self.folder / "stderr.log").open("ab") as log:
            self.process = subprocess.Popen(self.command("--quiet", *arguments), stderr=log)
        self.until(lambda: self._try(CountOrder()) is not None, "the simulator to take orders")

    def until_connected(self, devices: int) -> None:
        """Wait until so many devices are connected."""
        self.until(lambda: self.ask(CountOrder()).connected == devices, f"{devices} devices to connect")

    def press(self, device: str, kind: PressKind = PressKind.SOS, wait_s: float = PATIENCE_S) -> Answer:
        """Press a button and wait for what comes of it."""
        return self.ask(PressOrder(device, kind, wait_s))

    def cut(self, device: str) -> None:
        """Break a device's connection."""
        self.ask(CutOrder(device))

    def ask(self, what: Order) -> Answer:
        """Give an order to the running simulator."""
        answer = order(self.state, what, PATIENCE_S)
        assert answer is not None, "no simulator runs"
        return answer

    def stop(self) -> int:
        """Ask it to end; returns its exit code."""
        assert self.process is not None
        self.process.terminate()
        return self.process.wait(PATIENCE_S)

    def kill(self) -> None:
        """End it as a power cut does."""
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.process.wait(PATIENCE_S)

    def until(self, condition: Callable[[], bool], what: str) -> None:
        """Wait for a condition."""
        deadline = time.monotonic() + PATIENCE_S
        while not condition():
            assert self.process is None or self.process.poll() is None, self.log
            assert time.monotonic() < deadline, f"waited in vain for {what}\n{self.log}"
            time.sleep(0.02)

    @property
    def log(self) -> str:
        """What it wrote."""
        return (self.folder / "stderr.log").read_text(errors="replace")

    def _try(self, what: Order) -> Answer | None:
        return order(self.state, what, PATIENCE_S)


@pytest.fixture
def simulator(tmp_path: Path) -> Iterator[Simulator]:
    """A simulator that is not started yet; nothing is left of it after the test."""
    running = Simulator(tmp_path)
    try:
        yield running
    finally:
        running.kill()
