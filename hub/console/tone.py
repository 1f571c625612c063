"""The desk's ring tone, made here so that nothing is owed to anybody: `python -m hub.console.tone` writes it.

Two rising pairs of pulses and a pause: a low fundamental with harmonics up to 4 kHz, the shape IEC 60601-1-8
gives alarms, so that it is heard through a room's noise and by ears that no longer hear the high tones.
"""

from __future__ import annotations

import io
import math
import wave
from array import array
from pathlib import Path

RATE_HZ = 16_000
HARMONICS = ((1, 1.0), (2, 0.55), (3, 0.4), (4, 0.3), (5, 0.18))
PULSE_S = 0.17
EDGE_S = 0.02
# start (s), fundamental (Hz); the rest of LENGTH_S is silence, so that a loop breathes
PULSES = ((0.0, 587.3), (0.21, 784.0), (0.52, 587.3), (0.73, 784.0))
LENGTH_S = 1.6
FILE = Path(__file__).parent / "static" / "ring.wav"


def samples() -> array[int]:
    """The tone as signed 16-bit mono at RATE_HZ, peak just below full scale."""
    mixed = [0.0] * int(LENGTH_S * RATE_HZ)
    for start_s, hertz in PULSES:
        first = int(start_s * RATE_HZ)
        for i in range(int(PULSE_S * RATE_HZ)):
            mixed[first + i] += _pulse(i / RATE_HZ, hertz)
    peak = max(abs(value) for value in mixed)
    return array("h", (round(value / peak * 32_000) for value in mixed))


def _pulse(at_s: float, hertz: float) -> float:
    edge = min(1.0, at_s / EDGE_S, (PULSE_S - at_s) / EDGE_S)
    return edge * sum(gain * math.sin(2 * math.pi * hertz * n * at_s) for n, gain in HARMONICS)


def wav() -> bytes:
    """The whole file."""
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE_HZ)
        file.writeframes(samples().tobytes())
    return out.getvalue()


if __name__ == "__main__":
    FILE.write_bytes(wav())
