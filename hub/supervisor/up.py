"""`xiangyin up`: look, start, say so, keep, end."""

import asyncio
import signal
from collections.abc import Callable

from hub.lost_database import check_database
from hub.settings import Settings
from hub.supervisor.keeper import Keeper, Teller
from hub.supervisor.lock import only_one
from hub.supervisor.logs import RotatingLog
from hub.supervisor.preflight import check_folder, check_ports, lift_file_limit
from hub.supervisor.programs import PREPARED, programs
from hub.supervisor.supervise import supervise

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def up(settings: Settings, teller: Teller, on_ready: Callable[[], None]) -> None:
    """Run until a signal. HubError or BrokerConfigError when it cannot start; nothing is left running then."""
    check_database(settings)
    check_folder(settings.data_dir)
    with only_one(settings.data_dir):
        check_ports(settings)
        lift_file_limit()
        (settings.data_dir / PREPARED).unlink(missing_ok=True)
        asyncio.run(_up(settings, teller, on_ready))


async def _up(settings: Settings, teller: Teller, on_ready: Callable[[], None]) -> None:
    stop = asyncio.Event()
    for number in _SIGNALS:
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    folder = settings.data_dir / "log"
    folder.mkdir(mode=0o700, exist_ok=True)
    keepers = []
    for program in programs(settings):
        log = RotatingLog(
            folder / f"{program.name}.log", limit_bytes=settings.log_bytes, files=settings.log_files
        )
        keepers.append(Keeper(program, log, teller))
    await supervise(keepers, stop, on_ready)
