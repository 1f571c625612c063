"""A meter of our own for finished sound, which shares no code with what made it.

Loudness by pyloudnorm (ITU-R BS.1770-4), true peak by four-fold oversampling as its Annex 2 asks.
"""

import subprocess
from dataclasses import dataclass

import imageio_ffmpeg
import numpy as np
import pyloudnorm
from numpy.typing import NDArray


@dataclass(frozen=True)
class Reading:
    """What was measured on the decoded file."""

    lufs: float
    true_peak_dbtp: float
    duration_s: float
    rate_hz: int


def _oversampled(samples: NDArray[np.float64], times: int) -> NDArray[np.float64]:
    """The curve between the samples, by padding the spectrum; silence at the ends keeps it from wrapping round."""
    padded = np.zeros(1 << (len(samples) + 2048).bit_length())  # a power of two transforms fast
    padded[1024 : 1024 + len(samples)] = samples
    curve: NDArray[np.float64] = np.fft.irfft(np.fft.rfft(padded), times * len(padded)) * times
    return curve


def decoded(mp3: bytes) -> NDArray[np.float64]:
    """Mono samples between −1 and 1 (and beyond, where a decoder overshoots)."""
    ffmpeg = str(imageio_ffmpeg.get_ffmpeg_exe())  # type: ignore[attr-defined, no-untyped-call]
    command = [ffmpeg, "-loglevel", "error", "-f", "mp3", "-i", "pipe:0"]
    raw = subprocess.run(
        [*command, "-f", "f32le", "pipe:1"], input=mp3, capture_output=True, check=True
    ).stdout
    return np.frombuffer(raw, dtype="<f4").astype(np.float64)


def read(mp3: bytes, rate_hz: int = 24_000) -> Reading:
    """The meter's reading of an MP3."""
    samples = decoded(mp3)
    peak = np.abs(_oversampled(samples, 4)).max()
    lufs = float(pyloudnorm.Meter(rate_hz).integrated_loudness(samples))  # type: ignore[attr-defined, no-untyped-call]
    return Reading(lufs, float(20 * np.log10(peak)), len(samples) / rate_hz, rate_hz)


@dataclass(frozen=True)
class Frame:
    """Header of one MPEG audio frame."""

    layer: int
    bitrate_kbps: int
    rate_hz: int
    mono: bool


_BITRATES_LSF = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
_RATES_LSF = (22_050, 24_000, 16_000)


def frames(mp3: bytes) -> list[Frame]:
    """All frames of an MPEG-2 layer III file, one after the other from its first byte; fails on anything else."""
    found, at = [], 0
    while at < len(mp3):
        header = int.from_bytes(mp3[at : at + 4], "big")
        assert header >> 21 == 0x7FF, f"no frame at byte {at}"
        assert header >> 19 & 3 == 2, "not MPEG-2"
        kbps, rate = _BITRATES_LSF[header >> 12 & 15], _RATES_LSF[header >> 10 & 3]
        found.append(Frame(4 - (header >> 17 & 3), kbps, rate, header >> 6 & 3 == 3))
        at += 72_000 * kbps // rate + (header >> 9 & 1)
    assert at == len(mp3)
    return found
