"""`xiangyin up`: look, prepare, start, say so, keep, end."""

import asyncio
import signal
from collections.abc import Callable

from hub.domain.errors import Unavailable
from hub.settings import Settings
from hub.supervisor import running
from hub.supervisor.keeper import Keeper, Teller
from hub.supervisor.lock import only_one
from hub.supervisor.logs import RotatingLog
from hub.supervisor.preflight import check_folder, check_ports, lift_file_limit
from hub.supervisor.programs import PREPARE, programs
from hub.supervisor.supervise import supervise

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def up(settings: Settings, teller: Teller, on_ready: Callable[[], None]) -> None:
    """Run until a signal. HubError or BrokerConfigError when it cannot start; nothing is left running then."""
    check_folder(settings.data_dir)
    with only_one(settings.data_dir):
        check_ports(settings)
        lift_file_limit()
        asyncio.run(_up(settings, teller, on_ready))


async def _up(settings: Settings, teller: Teller, on_ready: Callable[[], None]) -> None:
    stop = asyncio.Event()
    for number in _SIGNALS:
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    if not await _prepared(settings, stop):
        return
    fleet = settings.data_dir / "demo" / "fleet.json"
    keepers = [Keeper(program, _log(settings, program.name), teller) for program in programs(settings, fleet)]
    await supervise(keepers, stop, on_ready)


async def _prepared(settings: Settings, stop: asyncio.Event) -> bool:
    """Whether to go on: False when told to stop meanwhile."""
    switch = "--demo" if settings.demo else "--no-demo"
    process = await running.start((*PREPARE, switch), _log(settings, "prepare"))
    preparing = asyncio.create_task(process.wait())
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait({preparing, stopping}, return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    if not preparing.done():
        process.signal(signal.SIGKILL)  # each of its steps is whole or nothing
        await preparing
        return False
    if preparing.result() != 0:
        raise Unavailable("up-unprepared", reason=process.last_line)
    return True


def _log(settings: Settings, name: str) -> RotatingLog:
    folder = settings.data_dir / "log"
    folder.mkdir(mode=0o700, exist_ok=True)
    return RotatingLog(folder / f"{name}.log", limit_bytes=settings.log_bytes, files=settings.log_files)
