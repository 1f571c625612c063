"""The sounds that say: listen."""

import numpy as np
import pytest

from broadcast.audio.chime import LEVEL_DBFS, chime
from broadcast.audio.level import talking_dbfs
from broadcast.ports import Chime


@pytest.mark.parametrize("kind", [Chime.ROUTINE, Chime.EMERGENCY])
def test_it_lasts_about_two_seconds_at_its_level_and_never_clips(kind: Chime) -> None:
    sound = chime(kind, 24_000)
    samples = np.frombuffer(sound.samples, dtype="<i2").astype(int)
    level = talking_dbfs(sound)
    assert 1.5 < sound.duration_s < 3.0
    assert level == pytest.approx(LEVEL_DBFS, abs=0.3)
    assert np.abs(samples).max() < 32_000


@pytest.mark.parametrize("kind", [Chime.ROUTINE, Chime.EMERGENCY])
def test_it_begins_and_ends_without_a_click(kind: Chime) -> None:
    samples = np.frombuffer(chime(kind, 24_000).samples, dtype="<i2").astype(int)
    assert np.abs(samples[:5]).max() < 1000
    assert np.abs(samples[-5:]).max() < 1000


def test_the_routine_chime_rises() -> None:
    samples = np.frombuffer(chime(Chime.ROUTINE, 24_000).samples, dtype="<i2").astype(float)

    def loudest_hz(start_s: float) -> float:
        part = samples[int(start_s * 24_000) : int((start_s + 0.3) * 24_000)]
        return float(np.fft.rfftfreq(len(part), 1 / 24_000)[np.abs(np.fft.rfft(part)).argmax()])

    assert loudest_hz(0.0) == pytest.approx(587, abs=5)
    assert loudest_hz(0.33) == pytest.approx(740, abs=5)
    assert loudest_hz(1.0) == pytest.approx(1175, abs=5)


def test_none_is_nothing() -> None:
    assert chime(Chime.NONE, 24_000).samples == b""
