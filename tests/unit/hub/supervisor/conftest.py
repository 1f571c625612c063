"""Small programs to supervise, written in a line of shell, and a teller who remembers."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import pytest

from hub.supervisor.keeper import Keeper, Program
from hub.supervisor.logs import RotatingLog


class Remembered:
    """A teller whose words a test can wait for."""

    def __init__(self) -> None:
        self.words: list[str] = []
        self.reasons: list[str] = []

    def ended(self, program: str, status: int, reason: str, pause_s: float) -> None:
        assert pause_s >= 0
        self.reasons.append(reason)
        self.words.append(f"{program} ended {status}")

    def started_again(self, program: str) -> None:
        self.words.append(f"{program} again")

    def hung(self, program: str) -> None:
        self.words.append(f"{program} hung")

    def late(self, program: str) -> None:
        self.words.append(f"{program} late")


class MakeKeeper(Protocol):
    def __call__(self, name: str, script: str, *, foundation: bool = False) -> Keeper: ...


class Until(Protocol):
    async def __call__(self, condition: Callable[[], bool]) -> None: ...


async def _always() -> bool:
    return True


async def _until(condition: Callable[[], bool]) -> None:
    """The test's own time limit is the end of patience."""
    while not condition():  # noqa: ASYNC110 - processes raise no event
        await asyncio.sleep(0.01)


def _alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


@pytest.fixture
def told() -> Remembered:
    return Remembered()


@pytest.fixture
def until() -> Until:
    return _until


@pytest.fixture
def alive() -> Callable[[int], bool]:
    """Whether a process runs: neither gone nor a zombie."""
    return _alive


@pytest.fixture
def make_keeper(tmp_path: Path, told: Remembered) -> MakeKeeper:
    """A keeper of a shell script that starts again without a pause."""

    def make(name: str, script: str, *, foundation: bool = False) -> Keeper:
        program = Program(name, ("/bin/sh", "-c", script), _always, foundation=foundation)
        log = RotatingLog(tmp_path / f"{name}.log", limit_bytes=100_000, files=2)
        return Keeper(program, log, told, chance=lambda: 0.0)

    return make
