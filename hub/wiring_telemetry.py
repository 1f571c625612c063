"""Telemetry as the calls role has it: read, watched, told as events."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from hub.clock import Clock
from hub.console.context import Health, Probe
from hub.db.store import Store
from hub.domain.presence import Presence
from hub.metrics import TelemetryFigures
from hub.settings import Settings
from hub.telemetry import SOCKET
from hub.telemetry.database import FILE
from hub.telemetry.embedded_reader import EmbeddedReader
from hub.telemetry.port import SeriesReader
from hub.telemetry.reading import TelemetryReading
from hub.workers.housekeeping import Chore
from hub.workers.presence import LOOK_EVERY_S, PresenceWorker


@dataclass(frozen=True, slots=True, kw_only=True)
class TelemetryWatch:
    """What the calls role has of telemetry: `chore` looks each second, `probe` is its line of /readyz."""

    reading: TelemetryReading
    chore: Chore
    probe: Probe


def build_telemetry_watch(
    settings: Settings, store: Store, clock: Clock, figures: TelemetryFigures
) -> TelemetryWatch:
    """Build it; nothing needs to be there yet."""
    path = settings.data_dir / FILE
    reading = TelemetryReading(
        socket=settings.run_dir / SOCKET, path=path, reader=_series_reader(settings, path)
    )
    worker = PresenceWorker(board=reading, store=store, now=clock.now)
    _connect(figures, reading)

    async def ask() -> Health:
        return _health(reading)

    return TelemetryWatch(
        reading=reading,
        chore=Chore("looking at the telemetry role", LOOK_EVERY_S, worker.look),
        probe=Probe("telemetry", ask, vital=False),  # calls go on without it
    )


def _series_reader(settings: Settings, path: Path) -> SeriesReader:
    if settings.influx is None:
        return EmbeddedReader(path)
    from hub.telemetry.influx_reader import InfluxReader

    return InfluxReader(settings.influx)


def _health(reading: TelemetryReading) -> Health:
    report, trouble = reading.report, reading.trouble()
    if report is None:
        return Health(ok=False, detail="the telemetry role does not run; calls go on")
    fate = f"waiting on disk: {report.waiting}, lost so far: {report.counts.dropped}"
    if trouble is None:
        return Health(ok=True, detail=f"{report.store}; stored: {report.counts.stored}, {fate}")
    how = "refuses" if trouble.code == "telemetry-refused" else "is not reached"
    return Health(
        ok=False, detail=f"{trouble.params['store']} {how}: {trouble.params['reason']}; {fate}; calls go on"
    )


def _connect(figures: TelemetryFigures, reading: TelemetryReading) -> None:
    def count(name: str) -> Callable[[], int]:
        return lambda: 0 if reading.report is None else int(getattr(reading.report.counts, name))

    def devices(presence: Presence) -> Callable[[], float]:
        return lambda: 0 if reading.report is None else reading.report.devices.get(presence.value, 0)

    figures.messages.source = count("messages")
    figures.stored.source = count("stored")
    figures.undecodable.source = count("undecodable")
    figures.rejected.source = count("values_rejected")
    figures.clock_off.source = count("clock_off")
    figures.refused.source = count("refused")
    figures.dropped.source = count("dropped")
    figures.waiting.source = lambda: 0 if reading.report is None else reading.report.waiting
    figures.online.source = devices(Presence.ONLINE)
    figures.late.source = devices(Presence.LATE)
    figures.lost.source = devices(Presence.LOST)
