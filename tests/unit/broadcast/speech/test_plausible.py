"""Sound that cannot be the words it should be is doubted."""

import numpy as np
import pytest

from broadcast.ports import Pcm
from broadcast.speech.plausible import Doubt, Pace, doubt, heard_share, syllables

PACE = Pace(fastest_s=0.15, slowest_s=0.5)
TEXT = "各位村民请注意明天停水"


def _tone(seconds: float, level: float = 0.3, rate_hz: int = 16000) -> Pcm:
    at = np.arange(int(seconds * rate_hz)) / rate_hz
    return Pcm((np.sin(2 * np.pi * 300 * at) * level * 32767).astype("<i2").tobytes(), rate_hz)


def test_speech_of_the_right_length_is_believed() -> None:
    assert doubt(TEXT, _tone(3.3), PACE) is None


@pytest.mark.parametrize(
    ("seconds", "expected"), [(1.0, Doubt.TOO_SHORT), (9.0, Doubt.TOO_LONG), (0.0, Doubt.TOO_SHORT)]
)
def test_too_short_and_too_long_are_doubted(seconds: float, expected: Doubt) -> None:
    assert doubt(TEXT, _tone(seconds), PACE) is expected


def test_silence_is_doubted() -> None:
    assert doubt(TEXT, Pcm(bytes(2 * 16000 * 3), 16000), PACE) is Doubt.SILENT


def test_half_a_second_of_tone_in_silence_is_little() -> None:
    assert heard_share(Pcm(_tone(0.5).samples + bytes(2 * 16000 * 2), 16000)) == pytest.approx(0.2)


def test_latin_words_count_by_their_letters() -> None:
    assert syllables("连接Wi-Fi，好。") == pytest.approx(3 + 4 / 2.5)
