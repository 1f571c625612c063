"""Draws new keys and writes commands.json: `python -m devices.vectors.make_commands > commands.json`.

The private halves are never written: whoever changes a story makes all of them anew.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Final

import msgspec

from devices.vectors import CommandStory
from devices.vectors.story_limits import emergencies, limits, minutes, quiet_hours, settings, where_audio_lies
from devices.vectors.story_order import copies, key_lists, life, order, runs, stops, stops_without_clock
from devices.vectors.story_trust import (
    addresses,
    forgeries,
    half_knowing,
    key_ages,
    signed_time,
    understanding,
    uses,
    waiting,
)

STORIES: Final[tuple[Callable[[], CommandStory], ...]] = (
    waiting,
    half_knowing,
    signed_time,
    forgeries,
    key_ages,
    uses,
    addresses,
    understanding,
    copies,
    order,
    life,
    stops,
    stops_without_clock,
    key_lists,
    runs,
    limits,
    quiet_hours,
    minutes,
    emergencies,
    where_audio_lies,
    settings,
)


def main() -> None:
    """Write all stories to standard output."""
    cases = [story() for story in STORIES]
    document = {"about": "Bytes on a command topic, and what a device does with them.", "cases": cases}
    sys.stdout.buffer.write(msgspec.json.format(msgspec.json.encode(document), indent=1) + b"\n")


if __name__ == "__main__":
    main()
