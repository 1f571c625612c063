"""The telemetry role: signs of life and measured values in, kept; a process of its own beside the calls."""

import asyncio
import logging
import signal
import threading

from hub.broker import endpoints
from hub.clock import Clock
from hub.domain.errors import Unavailable
from hub.settings import Settings
from hub.wiring_telemetry import TelemetryRole, build_telemetry_role

ROLE = "telemetry"
WATCH_EVERY_S = 10
LAST_WORDS_S = 1.0  # less than the supervisor's patience
log = logging.getLogger(__name__)


async def run(settings: Settings) -> None:
    """Run until SIGTERM or SIGINT. Errors: HubError (the file of telemetry), OSError (the spool's folder)."""
    (endpoint,) = endpoints(settings, ROLE).values()
    role = build_telemetry_role(settings, endpoint)
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


async def _work(role: TelemetryRole, stopping: asyncio.Event) -> None:
    await role.tags.learn()
    parts = (role.link.run(), role.rounds.run(), _watch(role.clock), role.tags.run())
    tasks = [asyncio.create_task(part) for part in parts]
    until = asyncio.create_task(stopping.wait())
    done, _ = await asyncio.wait({until, *tasks}, return_when=asyncio.FIRST_COMPLETED)
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
