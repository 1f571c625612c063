"""The child process as the hub uses it: a job goes in, its answer comes out, two at a time at most."""

import asyncio
import contextlib
import logging
import os
import sys
from typing import Final, TypeVar

import msgspec

from hub.domain.errors import Unavailable
from hub.sheets.messages import Job, Reading, ReadJob, WriteJob, read_back

D = TypeVar("D")
AT_A_TIME: Final = 2
PATIENCE_S: Final = 150.0
BELOW_CALLS: Final = 10  # niceness: calls come first
log = logging.getLogger(__name__)


class SheetChild:
    """Reads and writes files of the county's data, apart from the process that carries calls."""

    def __init__(self) -> None:
        self._turn = asyncio.Semaphore(AT_A_TIME)

    async def read(self, job: ReadJob, data: bytes, draft: type[D]) -> Reading[D]:
        """What the file says, its lines as `draft`. Unavailable: the child could not do it."""
        return await asyncio.to_thread(read_back, await self._do(job, data), draft)

    async def write(self, job: WriteJob) -> bytes:
        """The file. Unavailable: the child could not do it."""
        return await self._do(job, b"")

    async def _do(self, job: Job, data: bytes) -> bytes:
        asked = await asyncio.to_thread(msgspec.json.encode, job)
        async with self._turn:
            child = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "hub.sheets",
                stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
            )  # fmt: skip
            with contextlib.suppress(ProcessLookupError):  # it may have ended already
                os.setpriority(os.PRIO_PROCESS, child.pid, BELOW_CALLS)
            try:
                async with asyncio.timeout(PATIENCE_S):
                    answer, said = await child.communicate(b"%d\n%b%b" % (len(asked), asked, data))
            except TimeoutError as error:
                raise Unavailable("sheet-failed") from error
            finally:
                if child.returncode is None:
                    child.kill()
                    await child.wait()
        if child.returncode != 0:
            log.error("a file could not be read or written: %s", said.decode(errors="replace")[-2_000:])
            raise Unavailable("sheet-failed")
        return answer
