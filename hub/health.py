"""How each part of the calls role is, in one line each: what /readyz answers."""

import os
import shutil
from collections.abc import Awaitable, Callable
from pathlib import Path

from hub.clock import Clock
from hub.console.context import Health, Probe
from hub.domain.errors import Unavailable
from hub.mqtt.link import Link
from hub.ring import Ring

LOW_DISK_BYTES = 500_000_000


def _clock(clock: Clock) -> Health:
    if not clock.is_plausible():
        return Health(ok=False, detail="before 2024: set the clock; calls go on, schedules wait")
    if not clock.step_ms:
        return Health(ok=True, detail="steady")
    off = f"{clock.step_ms / 1000:.0f} s off"
    if clock.is_shared:
        return Health(ok=False, detail=f"{off} the database's clock, which counts: set the wrong one right")
    return Health(ok=False, detail=f"the machine's clock was set {off}; restart to follow it")


def probes(
    *,
    database: Callable[[], Awaitable[object]],
    links: dict[str, Link],
    folder: Path,
    clock: Clock,
    ring: Ring,
) -> tuple[Probe, ...]:
    """What the calls role can be asked."""

    async def ask_database() -> Health:
        try:
            await database()
        except Unavailable as error:
            return Health(ok=False, detail=f"not reached: {error.__cause__ or error}")
        return Health(ok=True, detail="answers")

    async def ask_broker() -> Health:
        lost = [f"{name}: {link.trouble}" for name, link in links.items() if not link.connected.is_set()]
        return Health(ok=not lost, detail="; ".join(lost) or "connected")

    async def ask_disk() -> Health:
        free = shutil.disk_usage(folder).free
        writable = os.access(folder, os.W_OK)
        detail = f"{free // 1_000_000} MB free" if writable else "the data folder cannot be written"
        return Health(ok=writable and free >= LOW_DISK_BYTES, detail=detail)

    async def ask_clock() -> Health:
        return _clock(clock)

    async def ask_presses() -> Health:
        waiting = ring.waiting
        return Health(
            ok=not waiting, detail=f"{waiting} shown and not recorded yet" if waiting else "all recorded"
        )

    return (
        Probe("database", ask_database),
        Probe("broker", ask_broker),
        Probe("disk", ask_disk),
        Probe("clock", ask_clock),
        Probe("presses", ask_presses),
    )
