"""The signer role: no network, no database, nothing but keys, rules and a socket."""

import asyncio
import logging
import signal
from pathlib import Path

from hub.clock import Clock
from hub.domain.errors import Unavailable
from hub.only_one import only_one
from hub.settings import Settings
from hub.signer.desk import SigningDesk
from hub.signer.ledger import Ledger
from hub.signer.safe import Safe
from hub.signer.service import SignerService

LOCK = "signer.lock"
RENEW_EVERY_S = 3_600
WATCH_EVERY_S = 10
log = logging.getLogger(__name__)


async def run(settings: Settings) -> None:
    """Until SIGTERM or SIGINT. Unavailable: the keys are lost, another signer has them, or the clock has been
    set to where it belongs and a new start will follow it."""
    clock, safe = Clock(), Safe(settings.data_dir)
    settings.run_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    # two signers on one set of keys would give one number twice
    folder = settings.run_dir
    with only_one(folder / LOCK, lambda pid: Unavailable("signer-twice", folder=str(folder), pid=pid)):
        ring = safe.open(clock.now() // 1000)
        ledger = Ledger(safe.ledger)
        desk = SigningDesk(ring, ledger, save=safe.save, now=clock.now, plausible=clock.is_plausible)
        log.info("signing with keys of rev %d", ring.rev)
        try:
            await _serve(SignerService(desk), desk, clock, settings.run_dir)
        finally:
            ledger.close()


async def _serve(service: SignerService, desk: SigningDesk, clock: Clock, folder: Path) -> None:
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    tasks = [asyncio.create_task(work) for work in (service.run(folder), _renew(desk), _watch(clock))]
    until = asyncio.create_task(stopping.wait())
    done, _ = await asyncio.wait({until, *tasks}, return_when=asyncio.FIRST_COMPLETED)
    for task in (until, *tasks):
        task.cancel()
    await asyncio.gather(until, *tasks, return_exceptions=True)
    for task in done - {until}:
        task.result()  # a part that ended by itself has failed


async def _renew(desk: SigningDesk) -> None:
    while True:
        await asyncio.sleep(RENEW_EVERY_S)
        desk.renew()


async def _watch(clock: Clock) -> None:
    """A machine without a clock of its own starts in 1970 and is told the time a little later."""
    while True:
        await asyncio.sleep(WATCH_EVERY_S)
        clock.check()
        if clock.step_ms and not clock.is_plausible():
            raise Unavailable("signer-clock")
