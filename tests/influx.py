"""A real InfluxDB for tests: Debian's 1.6 engine, behind a rewrite that gives it the write path of version 2.

influxdb-client writes to `/api/v2/write?bucket=database/policy`; 1.6 knows `/write?db=&rp=`. nginx turns the
one into the other (tests/standins/influx_gate.conf). `cut_off` takes the gate away, `refuse` lets it say no.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from hub.telemetry.influx_access import InfluxAccess
from tests.ports import free_port

START_S = 30.0
GATE = Path(__file__).parent / "standins" / "influx_gate.conf"
ENGINE = """reporting-disabled = true
bind-address = "127.0.0.1:{rpc}"
[meta]
  dir = "{folder}/meta"
[data]
  dir = "{folder}/data"
  wal-dir = "{folder}/wal"
  query-log-enabled = false
[http]
  bind-address = "127.0.0.1:{http}"
  log-enabled = false
[logging]
  level = "error"
"""


class RunningInflux:
    """An engine and its gate, each a process that can be ended and started again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._engine_port, self._gate_port = free_port(), free_port()
        self._engine: subprocess.Popen[bytes] | None = None
        self._gate: subprocess.Popen[bytes] | None = None
        self.access = InfluxAccess(
            url=f"http://127.0.0.1:{self._gate_port}", token="any", org="any", bucket="county/autogen"
        )
        config = ENGINE.format(folder=folder, rpc=free_port(), http=self._engine_port)
        (folder / "influxdb.conf").write_text(config)
        self._write_gate("off")

    def start(self) -> None:
        """Engine, database, gate."""
        self.start_engine()
        self.ask("CREATE DATABASE county", post=True)
        self.bring_back()

    def start_engine(self) -> None:
        """The engine on what it has on disk."""
        command = ["influxd", "-config", str(self.folder / "influxdb.conf")]
        self._engine = self._run(command, f"http://127.0.0.1:{self._engine_port}/ping")

    def kill_engine(self) -> None:
        """kill -9; the gate stands, and nobody is behind it."""
        assert self._engine is not None
        self._engine.kill()
        self._engine.wait(START_S)

    def cut_off(self) -> None:
        """Nothing listens any more where the hub looks."""
        assert self._gate is not None
        self._gate.terminate()
        self._gate.wait(START_S)
        self._gate = None

    def bring_back(self, refusing: str = "off") -> None:
        """The gate stands again; with a status `refusing` it answers every write with that."""
        self._write_gate(refusing)
        if self._gate is not None:
            self.cut_off()
        self._gate = self._run(["nginx", "-c", str(self.folder / "gate.conf")], f"{self.access.url}/ping")

    def ask(self, question: str, *, post: bool = False) -> str:
        """What the engine itself says."""
        query = {"q": question, "db": "county", "epoch": "ms"}
        url = f"http://127.0.0.1:{self._engine_port}/query"
        return httpx.request("POST" if post else "GET", url, params=query).text

    def put(self, line: str) -> None:
        """Somebody else writes a line."""
        httpx.post(f"http://127.0.0.1:{self._engine_port}/write", params={"db": "county"}, content=line)

    def close(self) -> None:
        """Leave nothing behind."""
        for process in (self._gate, self._engine):
            if process is not None:
                process.kill()
                process.wait(START_S)

    def _write_gate(self, refusing: str) -> None:
        text = GATE.read_text()
        values = {"FOLDER": self.folder, "GATE_PORT": self._gate_port, "ENGINE_PORT": self._engine_port}
        values["REFUSAL"] = "" if refusing == "off" else f"return {refusing};"
        for name, value in values.items():
            text = text.replace(f"@{name}@", str(value))
        (self.folder / "gate.conf").write_text(text)

    def _run(self, command: list[str], url: str) -> subprocess.Popen[bytes]:
        with (self.folder / "stderr.log").open("ab") as log:
            process = subprocess.Popen(command, stdout=log, stderr=log, env=dict(os.environ))
        deadline = time.monotonic() + START_S
        while not _answers(url):
            said = (self.folder / "stderr.log").read_text(errors="replace")
            assert process.poll() is None, f"{command[0]} ended at once:\n{said}"
            assert time.monotonic() < deadline, f"{command[0]} did not start:\n{said}"
            time.sleep(0.02)
        return process


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=2).is_success
    except httpx.HTTPError:
        return False


@contextmanager
def running_influx() -> Iterator[RunningInflux]:
    """A started InfluxDB that is gone after the block, with its folder."""
    with tempfile.TemporaryDirectory(prefix="xiangyin-influx-") as folder:
        influx = RunningInflux(Path(folder).resolve())
        try:
            influx.start()
            yield influx
        finally:
            influx.close()


@pytest.fixture(scope="module")
def influx_server() -> Iterator[RunningInflux]:
    """One InfluxDB for a file of tests."""
    with running_influx() as influx:
        yield influx


@pytest.fixture
def influx(influx_server: RunningInflux) -> RunningInflux:
    """That InfluxDB, empty and within reach."""
    influx_server.ask("DROP DATABASE county", post=True)
    influx_server.ask("CREATE DATABASE county", post=True)
    influx_server.bring_back()
    return influx_server
