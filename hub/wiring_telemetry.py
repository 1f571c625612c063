"""The composition root of telemetry: the role that keeps it, and what the calls role reads of it."""

import asyncio
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from devices.topics import ALL_STATUS, ALL_TELEMETRY
from hub.clock import Clock
from hub.db.looking import Onlooker
from hub.db.presence import read_filed
from hub.domain.telemetry import Bucket, Change, Counts, DeviceState, Report, Span
from hub.mqtt.link import Delivery, Endpoint, Link
from hub.settings import Settings
from hub.telemetry import board
from hub.telemetry.board import Board
from hub.telemetry.database import FILE
from hub.telemetry.embedded import EmbeddedStore
from hub.telemetry.embedded_reader import EmbeddedReader
from hub.telemetry.feeder import Feeder
from hub.telemetry.fleet import Fleet
from hub.telemetry.influx_access import InfluxAccess
from hub.telemetry.intake import Intake
from hub.telemetry.port import SampleStore, SeriesReader
from hub.telemetry.rounds import Rounds
from hub.telemetry.spool import SampleSpool
from hub.telemetry.tags import TagBook


@dataclass(frozen=True, slots=True, kw_only=True)
class TelemetryRole:
    """All that runs in the telemetry process, ready to be started; `feeder.run` wants a thread of its own."""

    clock: Clock
    link: Link
    rounds: Rounds
    feeder: Feeder
    spool: SampleSpool
    board: Board
    register: Onlooker
    tags: TagBook


def build_telemetry_role(settings: Settings, endpoint: Endpoint) -> TelemetryRole:
    """Build the telemetry role. Unavailable (its file cannot be used), OSError (its spool cannot)."""
    clock = Clock()
    path = settings.data_dir / FILE
    own_board = Board(path)
    fleet = Fleet()
    fleet.restore(board.read_entries(path))
    register = Onlooker(settings.database)
    tags = TagBook(lambda: register.read_sync(lambda read: list(read_filed(read.conn))))
    intake = Intake(fleet, tags.of, clock.now)
    spool = SampleSpool(settings.data_dir / "spool" / "telemetry", settings.telemetry_spool_bytes)
    name, open_store = _store(settings)
    feeder = Feeder(spool, open_store, name, clock.now)
    link = _link(endpoint, intake)
    rounds = Rounds(
        intake=intake,
        fleet=fleet,
        spool=spool,
        feeder=feeder,
        board=own_board,
        counted=_counted(path),
        now=clock.now,
        link_trouble=lambda: "" if link.connected.is_set() else link.trouble,
    )
    return TelemetryRole(
        clock=clock,
        link=link,
        rounds=rounds,
        feeder=feeder,
        spool=spool,
        board=own_board,
        register=register,
        tags=tags,
    )


def _store(settings: Settings) -> tuple[str, Callable[[], SampleStore]]:
    """The store's name and how to open it, in the thread that will use it and as often as it takes."""
    access = influx_access(settings)
    if access is None:
        return FILE, partial(EmbeddedStore, settings.data_dir / FILE)
    from hub.telemetry.influx import InfluxStore  # heavy, and seldom wanted

    return access.name, partial(InfluxStore, access)


def influx_access(settings: Settings) -> InfluxAccess | None:
    """Where InfluxDB is; None when telemetry stays in the embedded store."""
    if settings.influx_url is None:
        return None
    token = "" if settings.influx_token is None else settings.influx_token.get_secret_value()
    return InfluxAccess(
        url=settings.influx_url, token=token, org=settings.influx_org, bucket=settings.influx_bucket
    )


def _link(endpoint: Endpoint, intake: Intake) -> Link:
    def arrived(delivery: Delivery) -> None:
        link.ack(delivery)
        intake.arrived(delivery.topic, delivery.payload, retained=delivery.retain)

    topics = ((ALL_TELEMETRY, 0), (ALL_STATUS, 1))
    link = Link(endpoint, topics=topics, on_message=arrived, durable=False)
    return link


def _counted(path: Path) -> Counts:
    report = board.read_report(path)
    return Counts() if report is None else report.counts


class TelemetryReading:
    """What the calls role knows of telemetry: it reads the role's file, and whichever store keeps the samples."""

    def __init__(self, settings: Settings) -> None:
        self._path = settings.data_dir / FILE
        self._reader = self._series_reader(settings)

    async def series(self, device: str, metric: str, span: Span) -> Sequence[Bucket]:
        """For a chart, oldest first. Unavailable."""
        return await self._reader.read(device, metric, span)

    async def states(self, devices: Collection[str]) -> dict[str, DeviceState]:
        """How these devices are; one that never spoke is not among them. Unavailable."""
        return await asyncio.to_thread(board.read_states, self._path, devices)

    def changes(self, after: int, limit: int) -> Sequence[Change]:
        """For the presence worker. Unavailable."""
        return board.read_changes(self._path, after, limit)

    def report(self) -> Report | None:
        """How the telemetry role was a moment ago. Unavailable."""
        return board.read_report(self._path)

    def _series_reader(self, settings: Settings) -> SeriesReader:
        access = influx_access(settings)
        if access is None:
            return EmbeddedReader(self._path)
        from hub.telemetry.influx_reader import InfluxReader

        return InfluxReader(access)
