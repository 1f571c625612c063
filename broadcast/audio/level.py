"""How loud the talking in a sound is, its pauses left out; pure arithmetic on samples."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from broadcast.ports import Pcm

_FRAME_S: Final = 0.05
_FLOOR_DBFS: Final = -60.0
_BELOW_LOUDEST_DB: Final = 25.0
_FULL: Final = 32768.0
_STRAIGHT: Final = np.float32(0.7)


def talking_dbfs(sound: Pcm) -> float | None:
    """Mean level of the frames within 25 dB of the loudest ones; None when all of it is below −60 dBFS."""
    samples = np.frombuffer(sound.samples, dtype="<i2").astype(np.float32) / _FULL
    frame = max(1, int(sound.rate_hz * _FRAME_S))
    frames = samples[: len(samples) // frame * frame].reshape(-1, frame)
    if not len(frames):
        return None
    power: NDArray[np.float64] = np.square(frames, dtype=np.float64).mean(axis=1)
    # The loudest frames without a single click or knock on the microphone
    loudest = float(np.quantile(power, 0.98))
    if loudest < 10 ** (_FLOOR_DBFS / 10):
        return None
    talking = power[power > loudest * 10 ** (-_BELOW_LOUDEST_DB / 10)]
    return float(10 * np.log10(np.mean(talking)))


def amplified(sound: Pcm, gain_db: float) -> Pcm:
    """Louder or softer by so much; what would exceed full scale is bent softly before it."""
    samples: NDArray[np.float32] = np.frombuffer(sound.samples, dtype="<i2").astype(np.float32)
    samples *= np.float32(10 ** (gain_db / 20) / _FULL)
    size = np.abs(samples)
    bent = _STRAIGHT + (1 - _STRAIGHT) * np.tanh((size - _STRAIGHT) / (1 - _STRAIGHT))
    soft = np.copysign(np.where(size > _STRAIGHT, bent, size), samples)
    return Pcm((soft * np.float32(_FULL - 1)).astype("<i2").tobytes(), sound.rate_hz)
