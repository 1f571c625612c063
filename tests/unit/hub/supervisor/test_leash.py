"""Programs die with their supervisor, also when it is killed and can end nothing any more."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from tests.unit.hub.supervisor.conftest import Until

SUPERVISOR = """
import asyncio, sys
from pathlib import Path
from hub.supervisor import running
from hub.supervisor.logs import RotatingLog

async def main():
    log = RotatingLog(Path(sys.argv[1]), limit_bytes=1000, files=1)
    child = await running.start(["/bin/sleep", "600"], log)
    print(child.pid, flush=True)
    await child.wait()

asyncio.run(main())
"""


async def test_a_killed_supervisor_leaves_no_orphan(
    tmp_path: Path, alive: Callable[[int], bool], until: Until
) -> None:
    with subprocess.Popen(  # noqa: ASYNC220 - its parent is what the test kills
        [sys.executable, "-c", SUPERVISOR, str(tmp_path / "log")], stdout=subprocess.PIPE, text=True
    ) as supervisor:
        assert supervisor.stdout is not None
        child = int(await asyncio.to_thread(supervisor.stdout.readline))
        assert alive(child)

        os.kill(supervisor.pid, signal.SIGKILL)

        await until(lambda: not alive(child))
