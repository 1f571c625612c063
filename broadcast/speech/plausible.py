"""Whether a piece of sound can be the words it is meant to be: long enough, not too long, not silent."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np

from broadcast.ports import Pcm

_FRAME_S: Final = 0.05
_HEARD_DBFS: Final = -45.0
_BREATH_S: Final = 1.5
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


class Doubt(StrEnum):
    """What speaks against a sound being these words."""

    TOO_SHORT = "too short"
    TOO_LONG = "too long"
    SILENT = "silent"


def doubt(text: str, sound: Pcm, pace: Pace) -> Doubt | None:
    """What is wrong with this sound of this text; None when nothing is."""
    spoken = syllables(text)
    if sound.duration_s < spoken * pace.fastest_s:
        return Doubt.TOO_SHORT
    if sound.duration_s > spoken * pace.slowest_s + _BREATH_S:
        return Doubt.TOO_LONG
    if heard_share(sound) < pace.least_heard:
        return Doubt.SILENT
    return None


def account(sound: Pcm, text: str) -> str:
    """The figures behind a doubt, for the log."""
    return (
        f"{sound.duration_s:.2f} s for {syllables(text):.0f} syllables, {heard_share(sound):.0%} of it heard"
    )
