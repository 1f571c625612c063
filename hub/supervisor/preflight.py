"""What is looked at before anything is started, so that a fault is one line and not a heap of tracebacks."""

import errno
import os
import resource
import socket
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from hub.clock import PLAUSIBLE_MS
from hub.domain.errors import HubError, Invalid, Unavailable
from hub.settings import LOOPBACK, PREFIX, Settings

PROBE_BYTES = 1_000_000
RELEASE_S = 2.0  # a run that was killed this moment may hold its ports a little longer
_POLL_S = 0.05


class Port(NamedTuple):
    """One listener to be, and the setting that moves it."""

    host: str
    port: int
    variable: str


def check_folder(folder: Path) -> None:
    """Make the data folder and write into it. Unavailable: folder-unwritable, disk-full."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as probe:
            probe.write(bytes(PROBE_BYTES))
            probe.flush()
            os.fsync(probe.fileno())
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        code = "disk-full" if full else "folder-unwritable"
        raise Unavailable(code, folder=str(folder), reason=error.strerror or str(error)) from error


def ports(settings: Settings) -> Iterator[Port]:
    """Every listener that `up` will have."""
    yield Port(LOOPBACK, settings.http_port, f"{PREFIX}HTTP_PORT")
    if settings.own_broker:
        yield Port(LOOPBACK, settings.mqtt_port, f"{PREFIX}MQTT_PORT")
    if settings.speaks_tls:
        yield Port(settings.bind, settings.https_port, f"{PREFIX}HTTPS_PORT")
    if settings.speaks_tls and settings.own_broker:
        yield Port(settings.bind, settings.mqtts_port, f"{PREFIX}MQTTS_PORT")


def check_ports(settings: Settings, release_s: float = RELEASE_S) -> None:
    """Unavailable port-taken, Invalid port-refused (no such address, or no right to it)."""
    patient_until_s = time.monotonic() + release_s
    for port in ports(settings):
        while (fault := _fault(port)) is not None:
            if fault.code != "port-taken" or time.monotonic() >= patient_until_s:
                raise fault
            time.sleep(_POLL_S)


def clock_is_wrong() -> bool:
    """Before 2024: calls are answered all the same."""
    return time.time() * 1000 < PLAUSIBLE_MS


def lift_file_limit() -> None:
    """Each device holds a descriptor of the broker: take as many as the machine gives."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def _fault(port: Port) -> HubError | None:
    family = socket.AF_INET6 if ":" in port.host else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((port.host, port.port))
            probe.listen(1)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            return Unavailable("port-taken", host=port.host, port=port.port, variable=port.variable)
        reason = error.strerror or str(error)
        return Invalid("port-refused", host=port.host, port=port.port, variable=port.variable, reason=reason)
    return None
