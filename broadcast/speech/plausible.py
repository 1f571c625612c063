"""Whether a piece of sound can be the words it is meant to be: long enough, not too long, not silent."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from broadcast.ports import Pcm

_FRAME_S: Final = 0.05
_HEARD_DBFS: Final = -45.0
_LATIN_LETTERS_PER_SYLLABLE: Final = 2.5


@dataclass(frozen=True)
class Pace:
    """How long a voice takes for a syllable, pauses included: below `fastest_s` words are missing,
    above `slowest_s` something else is being said (pinyin spelled in English takes twice as long)."""

    fastest_s: float
    slowest_s: float
    least_heard: float = 0.35


def syllables(text: str) -> float:
    """Ideographs, each a syllable, and Latin words by their letters."""
    ideographs = sum("\u3400" <= char <= "\u9fff" for char in text)
    letters = sum(char.isascii() and char.isalnum() for char in text)
    return ideographs + letters / _LATIN_LETTERS_PER_SYLLABLE


def heard_share(sound: Pcm) -> float:
    """Share of 50 ms frames louder than −45 dBFS."""
    samples = np.frombuffer(sound.samples, dtype="<i2").astype(np.float32) / 32768
    frame = int(sound.rate_hz * _FRAME_S)
    frames = samples[: len(samples) // frame * frame].reshape(-1, frame)
    if not len(frames):
        return 0.0
    power = np.mean(frames**2, axis=1)
    return float(np.mean(power > 10 ** (_HEARD_DBFS / 10)))


def doubt(text: str, sound: Pcm, pace: Pace) -> str:
    """What is wrong with this sound of this text; empty when nothing is."""
    spoken = syllables(text)
    shortest_s, longest_s = spoken * pace.fastest_s, spoken * pace.slowest_s + 1.5
    if sound.duration_s < shortest_s:
        return f"{sound.duration_s:.2f} s for {spoken:.0f} syllables, at least {shortest_s:.2f} s expected"
    if sound.duration_s > longest_s:
        return f"{sound.duration_s:.2f} s for {spoken:.0f} syllables, at most {longest_s:.2f} s expected"
    share = heard_share(sound)
    if share < pace.least_heard:
        return f"only {share:.0%} of it is louder than silence"
    return ""
