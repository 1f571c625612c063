"""Which key may sign what, and what a command needs before it is followed."""

from __future__ import annotations

from typing import Final

from devices.commands import (
    Command,
    CommandType,
    LiveCommand,
    PlayCommand,
)
from devices.enrolment import is_emergency
from devices.keys import Use

ROOT: Final = "root"
"""Stands among the uses for the root keys of the enrolment."""

_SIGNERS: Final[dict[CommandType, frozenset[str]]] = {
    CommandType.STOP: frozenset({Use.STOP}),
    CommandType.CACHE: frozenset({Use.ROUTINE, Use.EMERGENCY}),
    CommandType.PLAN: frozenset({Use.ROUTINE}),
    CommandType.SELFTEST: frozenset({Use.ROUTINE}),
    CommandType.REPORT: frozenset({Use.ROUTINE, Use.SET}),
    CommandType.SET: frozenset({Use.SET}),
    # A root key may tell the time as well: a new device has no other key yet.
    CommandType.TIME: frozenset({Use.SET, ROOT}),
    CommandType.KEYS: frozenset({ROOT}),
}

WITHOUT_CLOCK: Final = frozenset({CommandType.STOP, CommandType.KEYS, CommandType.TIME})
"""Followed by a device that knows neither the time nor what it heard before."""

NOT_VOIDED: Final = frozenset({CommandType.STOP, CommandType.KEYS, CommandType.TIME})
"""A stop silences; it takes no key and no clock away."""


def signers_of(command: Command) -> frozenset[str]:
    """Return the uses of which a key needs one to sign this command."""
    if isinstance(command, PlayCommand | LiveCommand):
        return frozenset({Use.EMERGENCY if is_emergency(command.priority) else Use.ROUTINE})
    return _SIGNERS[command.type]


def run_of(command: Command) -> str | None:
    """Return the run that a command makes sound; None when it makes none."""
    return command.run if isinstance(command, PlayCommand | LiveCommand) else None
