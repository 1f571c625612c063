"""The machine: Python, folder, disk, clock, open files, settings."""

import os
import platform
import resource
import shutil
import time
from collections.abc import Iterator
from datetime import UTC, datetime

from hub.checkup.finding import Finding, broken, doubtful, fine
from hub.clock import PLAUSIBLE_MS
from hub.domain.errors import Unavailable
from hub.health import LOW_DISK_BYTES
from hub.settings import Settings, unknown_variables
from hub.supervisor.preflight import check_folder

FEW_FILES = 4096  # a county's broker holds one for each device
MB = 1_000_000


def examine_machine(settings: Settings) -> Iterator[Finding]:
    """One finding for each part."""
    yield fine("python", "doctor-python", version=platform.python_version())
    yield from _settings()
    yield from _folder(settings)
    yield _clock()
    yield _files()


def _settings() -> Iterator[Finding]:
    for name, meant in unknown_variables(os.environ).items():
        yield doubtful("settings", "setting-unknown", name=name, meant=meant or "xiangyin settings")


def _folder(settings: Settings) -> Iterator[Finding]:
    try:
        check_folder(settings.data_dir)
    except Unavailable as error:
        yield broken("folder", error.code, **error.params)
        return
    yield fine("folder", "doctor-folder", folder=str(settings.data_dir))
    free = shutil.disk_usage(settings.data_dir).free
    say = fine if free >= LOW_DISK_BYTES else doubtful
    yield say("disk", "doctor-disk" if free >= LOW_DISK_BYTES else "doctor-disk-low", free=free // MB)


def _clock() -> Finding:
    now = datetime.now(UTC)
    if time.time() * 1000 < PLAUSIBLE_MS:
        return broken("clock", "clock-wrong", year=now.year)
    return fine("clock", "doctor-clock", now=now.isoformat(timespec="seconds"))


def _files() -> Finding:
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < FEW_FILES:
        return doubtful("files", "doctor-files-few", limit=hard, wanted=FEW_FILES)
    return fine("files", "doctor-files", limit=hard)
