"""The telemetry role: signs of life and measured values in, kept; a process of its own beside the calls."""

import asyncio
import signal
import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import msgspec

from devices.topics import ALL_STATUS, ALL_TELEMETRY
from hub.broker import endpoints
from hub.clock import Clock
from hub.db.looking import Onlooker
from hub.db.presence import read_filed
from hub.domain.errors import Unavailable
from hub.domain.telemetry import Counts
from hub.local_socket import serve
from hub.mqtt.link import Delivery, Endpoint, Link
from hub.settings import Settings
from hub.telemetry import SOCKET, board
from hub.telemetry.board import Board
from hub.telemetry.database import FILE
from hub.telemetry.embedded import EmbeddedStore
from hub.telemetry.feeder import Feeder
from hub.telemetry.fleet import Fleet
from hub.telemetry.intake import Intake
from hub.telemetry.port import SampleStore
from hub.telemetry.rounds import Rounds
from hub.telemetry.spool import SampleSpool
from hub.telemetry.tags import TagBook

ROLE = "telemetry"
WATCH_EVERY_S = 10
LAST_WORDS_S = 1.0  # less than the supervisor's patience


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """All that runs in this process, ready to be started; `feeder.run` wants a thread of its own."""

    clock: Clock
    link: Link
    rounds: Rounds
    feeder: Feeder
    spool: SampleSpool
    board: Board
    register: Onlooker
    socket: Path
    tags: TagBook


async def run(settings: Settings) -> None:
    """Run until SIGTERM or SIGINT. Errors: HubError (the file of telemetry), OSError (the spool's folder)."""
    (endpoint,) = endpoints(settings, ROLE).values()
    role = build(settings, endpoint)
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    feeding = threading.Thread(target=role.feeder.run, name="telemetry-feeder", daemon=True)
    feeding.start()
    try:
        await _work(role, stopping)
    finally:
        await role.rounds.end()
        role.feeder.end()
        # a store that hangs is left alone: what it does not have is on the disk
        await asyncio.to_thread(feeding.join, LAST_WORDS_S)
        role.spool.close()
        role.board.close()
        role.register.close()


async def _work(role: Parts, stopping: asyncio.Event) -> None:
    await role.tags.learn()

    async def tell(_question: bytes) -> bytes:
        return msgspec.json.encode(role.rounds.report())

    parts = (role.link.run(), role.rounds.run(), _watch(role.clock), role.tags.run())
    tasks = [asyncio.create_task(part) for part in parts]
    server = await serve(role.socket, tell)
    until = asyncio.create_task(stopping.wait())
    done, _ = await asyncio.wait({until, *tasks}, return_when=asyncio.FIRST_COMPLETED)
    server.close()
    for task in (until, *tasks):
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    for task in done - {until}:
        task.result()  # a part that ended by itself has failed: the supervisor starts us again


async def _watch(clock: Clock) -> None:
    """Calls go on by the old time when the machine's clock is set; here a new start follows it."""
    while True:
        await asyncio.sleep(WATCH_EVERY_S)
        if clock.check():
            raise Unavailable("telemetry-clock")


def build(settings: Settings, endpoint: Endpoint) -> Parts:
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
    return Parts(
        clock=clock,
        link=link,
        rounds=rounds,
        feeder=feeder,
        spool=spool,
        board=own_board,
        register=register,
        socket=settings.run_dir / SOCKET,
        tags=tags,
    )


def _store(settings: Settings) -> tuple[str, Callable[[], SampleStore]]:
    """The store's name and how to open it, in the thread that will use it and as often as it takes."""
    if settings.influx is None:
        return FILE, partial(EmbeddedStore, settings.data_dir / FILE)
    from hub.telemetry.influx import InfluxStore  # heavy, and seldom wanted

    return settings.influx.name, partial(InfluxStore, settings.influx)


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
