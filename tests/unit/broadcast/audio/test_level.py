"""The level of talking, and gain that never clips."""

import numpy as np
import pytest

from broadcast.audio.level import amplified, talking_dbfs
from broadcast.ports import Pcm


def _tone(seconds: float, peak: float) -> bytes:
    at = np.arange(int(seconds * 24_000)) / 24_000
    return (np.sin(2 * np.pi * 440 * at) * peak * 32767).astype("<i2").tobytes()


def test_a_sine_is_three_decibels_under_its_peak() -> None:
    assert talking_dbfs(Pcm(_tone(1, 0.1), 24_000)) == pytest.approx(-23.0, abs=0.1)


def test_pauses_do_not_count() -> None:
    talking = Pcm(_tone(1, 0.1), 24_000)
    with_pauses = Pcm(talking.samples + bytes(48_000 * 5) + talking.samples, 24_000)
    assert talking_dbfs(with_pauses) == pytest.approx(-23.0, abs=0.1)


@pytest.mark.parametrize("samples", [b"", bytes(100), bytes(48_000), _tone(1, 0.0005)])
def test_nothing_and_next_to_nothing_has_no_level(samples: bytes) -> None:
    assert talking_dbfs(Pcm(samples, 24_000)) is None


def test_gain_moves_the_level_by_so_much() -> None:
    louder = amplified(Pcm(_tone(1, 0.05), 24_000), 12.0)
    assert talking_dbfs(louder) == pytest.approx(-17.0, abs=0.1)


def test_too_much_gain_bends_and_does_not_wrap_round() -> None:
    bent = np.frombuffer(amplified(Pcm(_tone(1, 0.5), 24_000), 40.0).samples, dtype="<i2").astype(float)
    tone = np.frombuffer(_tone(1, 0.5), dtype="<i2").astype(float)
    assert np.abs(bent).max() < 32_768
    assert np.all(np.sign(bent) * np.sign(tone) >= 0)
