"""The loudspeakers' ears: what each really played, as WAV files named by their true start."""

import asyncio
import logging
import wave
from dataclasses import dataclass
from pathlib import Path

import imageio_ffmpeg

from firmware_sim.effects import StartSound, StopSound

log = logging.getLogger(__name__)

RATE = 16_000  # samples a second, mono, 16 bits: enough to hear every word
BYTES_PER_MS = RATE * 2 // 1_000
KEPT = 20  # recordings per device
AT_ONCE = asyncio.Semaphore(2)  # decoders: a county that plays at once must not starve the devices' own loop


@dataclass(frozen=True, slots=True)
class Sounding:
    """A sound that has begun: where its pieces lie, and when it began (Unix ms of this machine)."""

    sound: StartSound
    files: tuple[Path, ...]
    started_ms: int


async def record(sounding: Sounding, stop: StopSound, folder: Path) -> Path | None:
    """Write what sounded to `folder/<start ms>-<run>.wav`; None when the audio cannot be decoded."""
    whole = await pcm_of(sounding)
    if not whole:
        return None
    heard = whole[sounding.sound.from_ms * BYTES_PER_MS : stop.played_ms * BYTES_PER_MS]
    path = folder / f"{sounding.started_ms}-{stop.run}.wav"
    await asyncio.to_thread(_write, path, heard)
    return path


async def pcm_of(sounding: Sounding) -> bytes:
    """Return the whole of a sound with its repeats; empty when a piece cannot be decoded."""
    pieces = [await decode(file, sounding.sound.volume) for file in sounding.files]
    return b"".join(pieces) * sounding.sound.repeat if all(pieces) else b""


def _write(path: Path, pcm: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(pcm)
    for old in sorted(path.parent.glob("*.wav"))[:-KEPT]:
        old.unlink(missing_ok=True)


async def decode(file: Path, volume: int) -> bytes:
    """Decode audio to 16 bit mono PCM at `volume` percent; empty when it is none.

    Only local files are opened, whatever they refer to.
    """
    command = [
        _ffmpeg(), "-nostdin", "-v", "error", "-protocol_whitelist", "file,pipe",
        "-i", str(file), "-f", "s16le", "-ac", "1", "-ar", str(RATE),
        "-af", f"volume={volume / 100}", "pipe:1",
    ]  # fmt: skip
    async with AT_ONCE:
        process = await asyncio.create_subprocess_exec(
            *command, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
        )
        pcm, complaint = await process.communicate()
    if process.returncode != 0:
        log.warning("%s cannot be played: %s", file.name, complaint.decode(errors="replace").strip())
        return b""
    return pcm


def _ffmpeg() -> str:
    return str(imageio_ffmpeg.get_ffmpeg_exe())  # type: ignore[attr-defined, no-untyped-call]
