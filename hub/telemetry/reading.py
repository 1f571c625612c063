"""What the calls role reads of telemetry: the role's own words, its file, and whichever store keeps the samples."""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Final

import msgspec

from hub.domain.errors import Unavailable
from hub.domain.telemetry import Bucket, Change, DeviceState, Report, Span
from hub.local_socket import ask
from hub.telemetry import board
from hub.telemetry.port import SeriesReader

PATIENCE_S: Final = 2.0
_report = msgspec.json.Decoder(Report)


class TelemetryReading:
    """Reads beside the loop; nothing here waits for, or holds up, a call. A worker calls `look` each second."""

    def __init__(self, *, socket: Path, path: Path, reader: SeriesReader) -> None:
        self._socket = socket
        self._path = path
        self._reader = reader
        self.report: Report | None = None

    async def series(self, device: str, metric: str, span: Span) -> Sequence[Bucket]:
        """For a chart, oldest first. Unavailable."""
        return await self._reader.read(device, metric, span)

    async def states(self, devices: Collection[str]) -> Mapping[str, DeviceState]:
        """How these devices are; one that never spoke is not among them. Unavailable."""
        return await asyncio.to_thread(board.read_states, self._path, devices)

    async def look(self, after: int, limit: int) -> Sequence[Change]:
        """Take the role's newest report, and what changed behind the change `after`. Unavailable."""
        try:
            self.report = _report.decode(await ask(self._socket, b"", PATIENCE_S))
        except (OSError, msgspec.DecodeError):
            self.report = None
        return await asyncio.to_thread(board.read_changes, self._path, after, limit)

    def trouble(self) -> Unavailable | None:
        """Why nothing new is kept, or nothing new is known; None when all is well."""
        report = self.report
        if report is None:
            return Unavailable("telemetry-silent")
        if report.trouble:
            return Unavailable(report.trouble, store=report.store, reason=report.reason)
        if report.link:
            return Unavailable("telemetry-unreachable", store="MQTT", reason=report.link)
        return None
