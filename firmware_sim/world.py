"""What all simulated devices of a process share: clocks, roads, flash, and the record of what they did."""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass, field
from pathlib import Path
from time import time_ns

from firmware_sim.aloud import Aloud
from firmware_sim.audio_store import AudioStore
from firmware_sim.connection import Exchange
from firmware_sim.effects import Moment
from firmware_sim.faults import FaultProfile
from firmware_sim.journal import Journal
from firmware_sim.second_path import SecondPath
from firmware_sim.shelf import Shelf


@dataclass(frozen=True, slots=True)
class World:
    """Handed to every runner."""

    exchange: Exchange
    second_path: SecondPath
    shelf: Shelf
    journal: Journal
    store: AudioStore
    recordings: Path | None = None  # a folder for what loudspeakers played
    aloud: Aloud | None = None
    faults: FaultProfile = field(default_factory=FaultProfile)
    tasks: set[asyncio.Task[None]] = field(default_factory=set)

    def now(self, clock_off_ms: int = 0) -> Moment:
        """Read the clocks: the loop's monotonic one, and the wall's as a wrong clock would show it."""
        return Moment(int(self.exchange.loop.time() * 1_000), self.wall_ms() + clock_off_ms)

    def wall_ms(self) -> int:
        """Unix milliseconds of this machine, whatever a device believes."""
        return time_ns() // 1_000_000

    def background(self, work: Coroutine[None, None, None]) -> asyncio.Task[None]:
        """Run a coroutine beside the device's own life; the reference keeps it from being collected."""
        task = self.exchange.loop.create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)
        return task
