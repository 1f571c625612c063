"""One started program: its output goes to a log, its process group ends with it, and it ends with us."""

import asyncio
import ctypes
import os
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress

from hub.supervisor.logs import RotatingLog
from hub.supervisor.output import Output

_PR_SET_PDEATHSIG = 1  # linux/prctl.h


class Running:
    """A process in a group of its own. Make one with `start`, and always await `wait`."""

    def __init__(self, process: asyncio.subprocess.Process, output: Output) -> None:
        self._process = process
        self._output = output

    @property
    def pid(self) -> int:
        """The process, and its group."""
        return self._process.pid

    @property
    def last_line(self) -> str:
        """The last line it printed: of a program that refuses to run, the reason."""
        return self._output.last_line

    async def wait(self) -> int:
        """Its exit status (negative: the signal that ended it); whatever it had started is ended as well."""
        try:
            return await self._process.wait()
        finally:
            self.signal(signal.SIGKILL)
            self._output.finish()

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the whole group; nothing happens when it is gone."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, number)


async def start(
    command: Sequence[str], log: RotatingLog, environment: Mapping[str, str] | None = None
) -> Running:
    """Start `command` (an argument list, never a shell); OSError when there is no such program."""
    output = Output(log)
    try:
        process = await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=output.write_end,
            stderr=output.write_end,
            start_new_session=True,  # Ctrl-C in the terminal is for the supervisor, which ends all in order
            preexec_fn=_leash(os.getpid()),
            env=None if environment is None else {**os.environ, **environment},
        )
    except BaseException:
        output.close_write_end()
        output.finish()
        raise
    output.close_write_end()
    return Running(process, output)


def _leash(parent: int) -> Callable[[], None] | None:
    """Runs in the child between fork and exec: the kernel ends it when `parent` dies, however that dies."""
    if sys.platform != "linux":
        return None
    prctl = ctypes.CDLL(None).prctl  # looked up here: a fork must not load libraries

    def hold() -> None:
        prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
        if os.getppid() != parent:  # it died before the leash held
            os._exit(1)

    return hold
