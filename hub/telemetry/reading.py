"""What the calls role reads of telemetry: the telemetry role's file, and whichever store keeps the samples."""

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import Final

from hub.domain.errors import Unavailable
from hub.domain.telemetry import Bucket, Change, DeviceState, Report, Span
from hub.telemetry import board
from hub.telemetry.port import SeriesReader

SILENT_MS: Final = 10_000  # it reports each second; a merge or a busy machine may take a few


class TelemetryReading:
    """Reads in threads; nothing here waits for, or holds up, a call. `look` is called each second by a worker."""

    def __init__(self, path: Path, reader: SeriesReader, now: Callable[[], int]) -> None:
        self._path = path
        self._reader = reader
        self._now = now
        self.report: Report | None = None

    async def series(self, device: str, metric: str, span: Span) -> Sequence[Bucket]:
        """For a chart, oldest first. Unavailable."""
        return await self._reader.read(device, metric, span)

    async def states(self, devices: Collection[str]) -> Mapping[str, DeviceState]:
        """How these devices are; one that never spoke is not among them. Unavailable."""
        return await asyncio.to_thread(board.read_states, self._path, devices)

    async def look(self, after: int, limit: int) -> Sequence[Change]:
        """Take the role's newest report, and what changed behind the change `after`. Unavailable."""
        self.report = await asyncio.to_thread(board.read_report, self._path)
        return await asyncio.to_thread(board.read_changes, self._path, after, limit)

    def trouble(self) -> Unavailable | None:
        """Why nothing new is kept, or nothing new is known; None when all is well."""
        report = self.report
        if report is None or self._now() - report.at > SILENT_MS:
            return Unavailable("telemetry-silent")
        if report.trouble:
            return Unavailable(report.trouble, store=report.store, reason=report.reason)
        if report.link:
            return Unavailable("telemetry-unreachable", store="MQTT", reason=report.link)
        return None
