"""Starts programs, keeps them running, ends them in order."""

import asyncio
from collections.abc import Callable, Sequence

from hub.supervisor.keeper import Keeper

GRACE_S = 1.6
FOUNDATION_GRACE_S = 0.8  # together under the 3 s within which all must be gone


async def supervise(keepers: Sequence[Keeper], stop: asyncio.Event, on_ready: Callable[[], None]) -> None:
    """Run all until `stop` is set; HubError when one refuses to run. Returns when every process is gone.

    1. Each starts when its gate opens. 2. `on_ready` once all work. 3. Whatever ends the run, all but the
    foundations are asked to end, then the foundations; who does not go in time is killed.
    """
    tasks = [asyncio.create_task(keeper.keep(), name=keeper.program.name) for keeper in keepers]
    starting = asyncio.create_task(_start(keepers, on_ready), name="start")
    stopped = asyncio.create_task(stop.wait(), name="stop")
    try:
        await _until(stopped, {starting, *tasks})
    finally:
        stopped.cancel()
        starting.cancel()
        await asyncio.gather(stopped, starting, return_exceptions=True)
        await _end(keepers, tasks)


async def _start(keepers: Sequence[Keeper], on_ready: Callable[[], None]) -> None:
    await asyncio.gather(*(keeper.until_ready() for keeper in keepers))
    on_ready()


async def _until(stopped: asyncio.Task[bool], working: set[asyncio.Task[None]]) -> None:
    """Return when told to stop; raise what a program, or the start, failed with."""
    while not stopped.done():
        done, _ = await asyncio.wait({stopped, *working}, return_when=asyncio.FIRST_COMPLETED)
        for task in done & working:
            task.result()
        working -= done


async def _end(keepers: Sequence[Keeper], tasks: Sequence[asyncio.Task[None]]) -> None:
    for is_foundation, grace_s in ((False, GRACE_S), (True, FOUNDATION_GRACE_S)):
        leaving = []
        for keeper, task in zip(keepers, tasks, strict=True):
            if keeper.program.foundation is is_foundation:
                keeper.end()
                leaving.append(task)
        if leaving:
            await asyncio.wait(leaving, timeout=grace_s)
    for keeper in keepers:
        keeper.kill()
    await asyncio.gather(*tasks, return_exceptions=True)
