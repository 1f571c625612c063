"""The sounds that say: listen. Composed here, so nobody else's rights are in them.

Routine: four bell notes up a pentatonic scale (D F♯ A D), the last one left to ring. Emergency: two notes a
fourth apart in quick turns, four times; it is none of the state's air-raid signals.
"""

from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from broadcast.audio.level import amplified, talking_dbfs
from broadcast.ports import Chime, Pcm

_Signal = NDArray[np.float64]
# Partials of a small bell: multiple of the note, share of its sound, seconds until it has faded to 1/e
_PARTIALS: Final = ((1.0, 1.0, 0.55), (2.0, 0.45, 0.30), (3.01, 0.22, 0.18), (4.2, 0.10, 0.09))
_D5, _FIS5, _A5, _D6 = 587.33, 739.99, 880.00, 1174.66
_ROUTINE: Final = ((0.00, _D5), (0.32, _FIS5), (0.64, _A5), (0.96, _D6))
_ROUTINE_S: Final = 2.6
_A4, _EMERGENCY_STEP_S = 440.0, 0.28
_EMERGENCY_TURNS: Final = 4
_ATTACK_S: Final = 0.006
LEVEL_DBFS: Final = -21.0
"""Mean level, a little under the talking, which is brought to −20 dBFS before both are mastered."""


@cache
def chime(kind: Chime, rate_hz: int) -> Pcm:
    """The sound of that kind; empty for NONE."""
    if kind is Chime.NONE:
        return Pcm(b"", rate_hz)
    signal = _routine(rate_hz) if kind is Chime.ROUTINE else _emergency(rate_hz)
    plain = Pcm((signal / np.abs(signal).max() * 32767).astype("<i2").tobytes(), rate_hz)
    level = talking_dbfs(plain)
    return plain if level is None else amplified(plain, LEVEL_DBFS - level)


def _routine(rate_hz: int) -> _Signal:
    signal = np.zeros(int(_ROUTINE_S * rate_hz))
    for start_s, note_hz in _ROUTINE:
        start = int(start_s * rate_hz)
        signal[start:] += _bell(note_hz, (len(signal) - start) / rate_hz, rate_hz)
    return signal * _fade_out(len(signal), rate_hz)


def _emergency(rate_hz: int) -> _Signal:
    notes = [_reed(note_hz, rate_hz) for note_hz in (_D5, _A4) * _EMERGENCY_TURNS]
    return np.concatenate(notes)


def _bell(note_hz: float, length_s: float, rate_hz: int) -> _Signal:
    at = np.arange(round(length_s * rate_hz)) / rate_hz
    partials = [
        share * np.exp(-at / fades_s) * np.sin(2 * np.pi * note_hz * multiple * at)
        for multiple, share, fades_s in _PARTIALS
    ]
    signal: _Signal = np.sum(partials, axis=0) * np.minimum(1.0, at / _ATTACK_S)
    return signal


def _reed(note_hz: float, rate_hz: int) -> _Signal:
    at = np.arange(int(_EMERGENCY_STEP_S * rate_hz)) / rate_hz
    signal: _Signal = np.sum(
        [np.sin(2 * np.pi * note_hz * odd * at) / odd for odd in (1, 3, 5) if note_hz * odd < rate_hz / 2],
        axis=0,
    )
    edge = np.minimum(1.0, np.minimum(at, at[::-1]) / 0.012)
    return signal * edge


def _fade_out(length: int, rate_hz: int) -> _Signal:
    left_s = np.arange(length)[::-1] / rate_hz
    faded: _Signal = np.minimum(1.0, left_s / 0.25)
    return faded
