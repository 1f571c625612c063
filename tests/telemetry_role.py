"""The telemetry role as a process of its own, on a broker and a data folder of the test's."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TypeVar

import msgspec
import pytest

from hub.domain.telemetry import DeviceState, Report
from hub.local_socket import ask
from hub.telemetry import SOCKET
from hub.telemetry.board import read_states
from hub.telemetry.influx_access import InfluxAccess
from tests.brokers import RunningBroker
from tests.stores import copy_sqlite

PATIENCE_S = 30.0
T = TypeVar("T")


class RunningTelemetry:
    """`xiangyin serve --role telemetry`, started, killed and looked at through its file."""

    def __init__(
        self,
        folder: Path,
        broker: RunningBroker,
        influx: InfluxAccess | None = None,
        spool_bytes: int = 1 << 20,
    ) -> None:
        self.folder = folder
        self.file = folder / "telemetry.db"
        self.spool = folder / "spool" / "telemetry"
        self.process: subprocess.Popen[bytes] | None = None
        self._environment = {
            "XIANGYIN_DATA_DIR": str(folder),
            "XIANGYIN_MQTT_PORT": str(broker.port),
            "XIANGYIN_TELEMETRY_SPOOL_BYTES": str(spool_bytes),
        }
        self.influx_environment = {} if influx is None else _variables(influx)
        (folder / "broker").mkdir(parents=True, exist_ok=True)
        (folder / "broker" / "roles.json").write_bytes((broker.folder / "roles.json").read_bytes())

    @property
    def log(self) -> str:
        """What it has written so far."""
        return (self.folder / "telemetry.log").read_text(errors="replace")

    def start(self) -> None:
        """Start it and wait until it listens."""
        with (self.folder / "telemetry.log").open("ab") as log:
            command = [sys.executable, "-m", "hub", "serve", "--role", "telemetry"]
            self.process = subprocess.Popen(
                command, env=os.environ | self._environment | self.influx_environment, stdout=log, stderr=log
            )
        self.until(lambda: (report := self.report()) is not None and not report.link)

    def kill(self) -> None:
        """kill -9, in the middle of whatever it does."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def stop(self) -> int:
        """Ask it to end; its exit status."""
        assert self.process is not None
        self.process.terminate()
        return self.process.wait(PATIENCE_S)

    def report(self) -> Report | None:
        """Its word of this moment; None while it does not run."""
        try:
            said = asyncio.run(ask(self.folder / "run" / SOCKET, b""))
        except OSError:
            return None
        return msgspec.json.decode(said, type=Report)

    def reported(self) -> Report:
        """As `report`, of one that runs."""
        report = self.report()
        assert report is not None, f"the telemetry role does not answer:\n{self.log}"
        return report

    def state(self, device: str) -> DeviceState | None:
        """How it believes a device to be."""
        return self.states(device).get(device)

    def states(self, *devices: str) -> Mapping[str, DeviceState]:
        """How it believes devices to be."""
        return read_states(self.file, devices)

    def until(self, look: Callable[[], T | None]) -> T:
        """What `look` finds, once it finds anything."""
        deadline = time.monotonic() + PATIENCE_S
        while not (found := look()):
            assert self.process is not None
            assert self.process.poll() is None, f"the telemetry role ended:\n{self.log}"
            assert time.monotonic() < deadline, f"waited in vain; it says:\n{self.log}\n{self.report()}"
            time.sleep(0.02)
        return found


def _variables(influx: InfluxAccess) -> dict[str, str]:
    names = {"URL": influx.url, "TOKEN": influx.token, "ORG": influx.org, "BUCKET": influx.bucket}
    return {f"XIANGYIN_INFLUX_{name}": value for name, value in names.items()}


@pytest.fixture
def data_folder(settled_sqlite: Path, tmp_path: Path) -> Path:
    """A data folder whose main database holds the small county."""
    folder = tmp_path / "data"
    folder.mkdir()
    copy_sqlite(settled_sqlite, folder / "xiangyin.db")
    return folder


@pytest.fixture
def telemetry(data_folder: Path, mosquitto_broker: RunningBroker) -> Iterator[RunningTelemetry]:
    """A telemetry role with the embedded store, not started."""
    role = RunningTelemetry(data_folder, mosquitto_broker)
    yield role
    role.kill()
