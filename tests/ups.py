"""`xiangyin up` as a user runs it: a process of its own on free ports in a temporary folder."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.ports import free_port

ROLES = {"signer", "studio", "calls", "telemetry"}
EVERYTHING = {"broker", *ROLES, "demo"}
PATIENCE_S = 120.0  # against a hang; nothing is measured by it


class RunningUp:
    """One data folder and the `up` that runs on it; it can be ended and started again."""

    def __init__(self, folder: Path, screen: Path, **settings: str) -> None:
        self.folder = folder
        self.http_port, self.mqtt_port = free_port(), free_port()
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("XIANGYIN_")},
            "XIANGYIN_DATA_DIR": str(folder),
            "XIANGYIN_HTTP_PORT": str(self.http_port),
            "XIANGYIN_MQTT_PORT": str(self.mqtt_port),
            "XIANGYIN_LANG": "en",
            **settings,
        }
        self.process: subprocess.Popen[str] | None = None
        self._screen = screen

    def start(self, *options: str, until_ready: bool = True) -> None:
        """Start `up`; with `until_ready` return when it says so."""
        with self._screen.open("w") as screen:
            self.process = subprocess.Popen(
                [sys.executable, "-P", "-m", "hub", "up", *options],
                env=self.environment,
                stdout=screen,
                stderr=screen,
                text=True,
                start_new_session=True,
            )
        if until_ready:
            self.until(lambda: "is ready after" in self.screen)

    def command(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run another command of the program with the same settings."""
        return subprocess.run(
            [sys.executable, "-P", "-m", "hub", *words],
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE_S,
        )

    def until(self, condition: Callable[[], bool]) -> None:
        """Wait for a condition while `up` runs."""
        give_up_s = time.monotonic() + PATIENCE_S
        while not condition():
            assert self.process is not None
            assert self.process.poll() is None, f"up has ended:\n{self.screen}\n{self.logs}"
            assert time.monotonic() < give_up_s, f"nothing happens:\n{self.screen}\n{self.logs}"
            time.sleep(0.02)

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to `up` alone."""
        assert self.process is not None
        self.process.send_signal(number)

    def ended(self) -> int:
        """Wait for its end; the exit status."""
        assert self.process is not None
        return self.process.wait(PATIENCE_S)

    @property
    def screen(self) -> str:
        """What it has printed."""
        return self._screen.read_text()

    @property
    def logs(self) -> str:
        """The logs of its programs, for a failed assertion."""
        return "\n".join(f"--- {log.name}\n{log.read_text()}" for log in (self.folder / "log").glob("*.log"))

    def children(self) -> dict[str, int]:
        """Program → process id, of those that run now."""
        assert self.process is not None
        tasks = Path(f"/proc/{self.process.pid}/task")
        pids = [int(pid) for task in tasks.iterdir() for pid in _children(task)]
        return {_program(pid): pid for pid in pids if _program(pid)}

    def logins(self) -> dict[str, dict[str, str]]:
        """demo-logins.json."""
        read: dict[str, dict[str, str]] = json.loads((self.folder / "demo-logins.json").read_text())
        return read

    def close(self) -> None:
        """Whatever the test left running ends."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(PATIENCE_S)


def _children(task: Path) -> list[str]:
    try:
        return (task / "children").read_text().split()
    except (FileNotFoundError, ProcessLookupError):  # a thread that has ended meanwhile
        return []


def _program(pid: int) -> str:
    try:
        words = Path(f"/proc/{pid}/cmdline").read_text().split("\0")
    except (FileNotFoundError, ProcessLookupError):
        return ""
    known = {
        "mosquitto": "broker",
        "embedded": "broker",
        "signer": "signer",
        "studio": "studio",
        "calls": "calls",
        "telemetry": "telemetry",
        "firmware_sim": "demo",
    }
    line = " ".join(words)
    return next((name for word, name in known.items() if word in line), "")


def alive(pid: int) -> bool:
    """Whether the process runs: neither gone nor a zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


@pytest.fixture
def make_up(tmp_path: Path) -> Iterator[Callable[..., RunningUp]]:
    """`RunningUp` on a folder of the test's, ended with the test."""
    made: list[RunningUp] = []

    def make(name: str = "data", **settings: str) -> RunningUp:
        made.append(RunningUp(tmp_path / name, tmp_path / f"screen-{len(made)}", **settings))
        return made[-1]

    yield make
    for up in made:
        up.close()
