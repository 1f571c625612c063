"""The one sound card of this machine: the simulated loudspeakers heard in the room, one at a time."""

import asyncio
import shutil
from collections.abc import Callable

from firmware_sim.errors import FirmwareError
from firmware_sim.recorder import BYTES_PER_MS, RATE, Sounding, pcm_of

PLAYER = ("aplay", "-q", "-t", "raw", "-f", "S16_LE", "-r", str(RATE), "-c", "1")


class Aloud:
    """Plays through aplay; while one loudspeaker sounds the others are only recorded."""

    def __init__(self) -> None:
        if shutil.which(PLAYER[0]) is None:
            raise FirmwareError("not_found", f"--sound needs {PLAYER[0]} (package alsa-utils)")
        self._taken = False

    async def play(self, sounding: Sounding, now_ms: Callable[[], int]) -> None:
        """Play to the end, or until cancelled; what passed while it was decoded is left out."""
        if self._taken:
            return
        self._taken = True
        try:
            pcm = await pcm_of(sounding)
            from_ms = sounding.sound.from_ms + now_ms() - sounding.started_ms
            await _pipe(pcm[from_ms * BYTES_PER_MS :])
        finally:
            self._taken = False


async def _pipe(pcm: bytes) -> None:
    process = await asyncio.create_subprocess_exec(*PLAYER, stdin=asyncio.subprocess.PIPE)
    try:
        await process.communicate(pcm)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
