"""What the telemetry role does again and again: samples to the disk, presence judged, the board kept."""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import msgspec

from hub.domain.errors import Unavailable
from hub.domain.telemetry import Counts, Report
from hub.telemetry.board import Board
from hub.telemetry.feeder import Feeder
from hub.telemetry.fleet import Fleet
from hub.telemetry.intake import Intake
from hub.telemetry.spool import SampleSpool

FLUSH_S: Final = 0.2  # what a killed process can lose at most
LOOK_MS: Final = 1_000
log = logging.getLogger(__name__)


class Rounds:
    """Runs in the loop; the disk is touched by a thread. `link_trouble` is empty while the broker is there."""

    def __init__(
        self,
        *,
        intake: Intake,
        fleet: Fleet,
        spool: SampleSpool,
        feeder: Feeder,
        board: Board,
        counted: Counts,
        now: Callable[[], int],
        link_trouble: Callable[[], str],
    ) -> None:
        """`counted`: what earlier processes counted."""
        self._intake = intake
        self._fleet = fleet
        self._spool = spool
        self._feeder = feeder
        self._board = board
        self._counted = counted
        self._now = now
        self._link_trouble = link_trouble
        self._lost_to_disk = 0
        self._listening_since: int | None = None
        self._look_at = 0
        self._disk = ThreadPoolExecutor(max_workers=1, thread_name_prefix="telemetry-disk")

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            await self.flush()
            if self._now() >= self._look_at:
                self._look_at = self._now() + LOOK_MS
                await self.look()
            await asyncio.sleep(FLUSH_S)

    async def flush(self) -> None:
        """Bring what has come to the disk."""
        samples = self._intake.take()
        if not samples:
            return
        try:
            await asyncio.get_running_loop().run_in_executor(self._disk, self._spool.append, samples)
        except OSError as error:
            self._lost_to_disk += len(samples)
            log.warning("%d samples are lost, the disk takes them not: %s", len(samples), error)
        self._feeder.nudge()

    async def look(self) -> None:
        """Judge every device, and write down what is new."""
        now = self._now()
        if self._link_trouble():
            self._listening_since = None  # nobody is judged by a silence in which we were deaf
        else:
            self._listening_since = self._listening_since or now
            self._fleet.judge(now, self._listening_since)
        entries = self._fleet.take_touched()
        try:
            is_whole = await asyncio.get_running_loop().run_in_executor(
                self._disk, self._board.put, entries, self.report()
            )
            if not is_whole:
                self._fleet.touch_all()
        except Unavailable as error:
            self._fleet.touch_again(entries)
            log.warning("the board cannot be written: %s", error)

    async def end(self) -> None:
        """Bring the last of it to the disk."""
        await self.flush()
        await self.look()
        self._disk.shutdown()

    def report(self) -> Report:
        """How we are now."""
        trouble = self._feeder.trouble
        return Report(
            at=self._now(),
            store=self._feeder.name,
            trouble="" if trouble is None else trouble.code,
            reason="" if trouble is None else str(trouble.params.get("reason", "")),
            link=self._link_trouble(),
            waiting=self._spool.waiting,
            devices=self._fleet.census(),
            counts=self._counts(),
        )

    def _counts(self) -> Counts:
        ours = msgspec.structs.replace(
            self._intake.counts,
            stored=self._feeder.stored,
            refused=self._feeder.refused,
            dropped=self._intake.counts.dropped + self._spool.dropped + self._lost_to_disk,
        )
        return self._counted.plus(ours)
