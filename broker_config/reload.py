"""Telling the running broker to read its account files again."""

import os
import signal
import sys
import threading
import time
from functools import cache
from pathlib import Path

from broker_config.errors import BrokerConfigError
from devices.errors import Kind

PID_FILE = "broker.pid"
MIN_RELOAD_INTERVAL_S = 1.0
"""mosquitto hashes every client's password again at each reload and serves nobody meanwhile."""
START_WAIT_S = 10.0
_POLL_S = 0.02


class Reloader:
    """Has the broker of one folder read its account files again, at most once a second.

    Safe to call from many threads: those who ask while one waits for its second are served by the same
    signal.
    """

    def __init__(self, folder: Path) -> None:
        self._pid_file = folder / PID_FILE
        self._lock = threading.Lock()
        self._last_s = -MIN_RELOAD_INTERVAL_S

    def reload(self) -> bool:
        """Signal the broker; False when none runs (it reads the files as it starts). Blocks up to 1 s."""
        asked_s = time.monotonic()
        with self._lock:
            if self._last_s > asked_s:
                return True  # signalled after we asked, so with our change
            time.sleep(max(0.0, self._last_s + MIN_RELOAD_INTERVAL_S - time.monotonic()))
            self._last_s = time.monotonic()
            return _hang_up(self._pid_file)


@cache
def _reloader(folder: Path) -> Reloader:
    return Reloader(folder)


def reload(folder: Path) -> bool:
    """`Reloader.reload` for the broker of `folder`, one reloader per folder and process."""
    return _reloader(folder.resolve()).reload()


def _hang_up(pid_file: Path) -> bool:
    """Send SIGHUP once the broker listens for it; before that the signal would kill it."""
    give_up_s = time.monotonic() + START_WAIT_S
    while True:
        pid = _broker_pid(pid_file)
        if pid is None:
            return False
        if _handles_hangup(pid):
            break
        if time.monotonic() > give_up_s:
            raise BrokerConfigError(
                f"process {pid} in {pid_file} does not listen for SIGHUP; restart the broker",
                Kind.UNAVAILABLE,
            )
        time.sleep(_POLL_S)
    try:
        os.kill(pid, signal.SIGHUP)
    except ProcessLookupError:
        return False
    except PermissionError as error:
        raise BrokerConfigError(
            f"the broker (process {pid}) runs as another user and cannot be signalled; run both as one",
            Kind.DENIED,
        ) from error
    return True


def _broker_pid(pid_file: Path) -> int | None:
    """The process in the pid file, if it is alive and a broker: a number left behind may be anyone's."""
    try:
        pid = int(pid_file.read_text(encoding="ascii"))
        os.kill(pid, 0)
    except PermissionError:
        return pid
    except (OSError, ValueError):
        return None
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return pid if sys.platform != "linux" else None
    return pid if b"mosquitto" in command or b"broker_config" in command else None


def _handles_hangup(pid: int) -> bool:
    """Whether the process catches SIGHUP (or holds it back until it does); True where nobody can tell."""
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace")
    except OSError:
        return True
    masks = dict(line.split(":", 1) for line in status.splitlines() if line.startswith(("SigCgt", "SigBlk")))
    return any(int(mask, 16) & (1 << (signal.SIGHUP - 1)) for mask in masks.values())
