"""The pipe through which a program's words reach its log.

A pipe of our own and not asyncio's: there, `wait` returns only when the pipe is closed, and whatever the
program had started may hold it open for ever (python/cpython#119710).
"""

import asyncio
import os

from hub.supervisor.logs import RotatingLog

_CHUNK = 65_536
_TAIL = 4_096
_LEFT_CHUNKS = 64


class Output:
    """Hand `write_end` to the program, then close it here; `finish` takes what is left and ends the reading.

    At the end at most `_LEFT_CHUNKS` are taken: a stranger that still writes shall not hold us.
    """

    def __init__(self, log: RotatingLog) -> None:
        self._read_end, self.write_end = os.pipe()
        os.set_blocking(self._read_end, False)
        self._log = log
        self._tail = b""
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(self._read_end, self._take)

    @property
    def last_line(self) -> str:
        """The last line so far, without the spaces around it."""
        lines = self._tail.decode(errors="replace").strip().splitlines()
        return lines[-1].strip() if lines else ""

    def close_write_end(self) -> None:
        """The program has its own copy by now, or there is no program."""
        os.close(self.write_end)

    def finish(self) -> None:
        """Read what was printed before the end, and no more."""
        for _ in range(_LEFT_CHUNKS):
            if not self._take():
                break
        self._loop.remove_reader(self._read_end)
        os.close(self._read_end)

    def _take(self) -> bool:
        try:
            chunk = os.read(self._read_end, _CHUNK)
        except BlockingIOError:
            return False
        if not chunk:  # every writer is gone: the end of a pipe is always readable
            self._loop.remove_reader(self._read_end)
            return False
        self._tail = (self._tail + chunk)[-_TAIL:]
        self._log.write(chunk)
        return True
