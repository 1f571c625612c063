"""What is written down while a proof runs, one line each: presses before they go out, replies as they come."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple, TextIO


class Pressed(NamedTuple):
    """A line of the ledger: written and flushed before anything of the press leaves its button."""

    press: str
    device: str
    at_ns: int


class Heard(NamedTuple):
    """A button has the first reply to its press."""

    press: str
    at_ns: int


class Told(NamedTuple):
    """An event that told of a press reached the screen; `event` 0: shown, and not recorded yet."""

    press: str
    event: int
    at_ns: int


def write(file: TextIO, line: Pressed | Heard) -> None:
    """Append; what is flushed is with the kernel and outlives this process."""
    file.write(" ".join(map(str, line)) + "\n")
    file.flush()


def read_ledger(path: Path) -> list[Pressed]:
    """Every press, in the order of fingers."""
    rows = (line.split() for line in path.read_text().splitlines())
    return [Pressed(press, device, int(at)) for press, device, at in rows]


def read_heard(path: Path) -> list[Heard]:
    """Every first reply."""
    rows = (line.split() for line in path.read_text().splitlines())
    return [Heard(press, int(at)) for press, at in rows]
