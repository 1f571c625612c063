"""Finished sound, measured with a meter that shares no code with the desk."""

from collections.abc import Callable, Iterator

import numpy as np
import pytest
from numpy.typing import NDArray

from broadcast.audio.mastering import Desk
from broadcast.errors import Kind, MasteringError, Problem
from broadcast.ports import Arrangement, Chime, Pcm
from broadcast.speech.espeak import EspeakVoice
from tests.measuring import sound as meter

BARE = Arrangement(Chime.NONE, times=1, pause_ms=0)
Samples = NDArray[np.float64]
CHANCE = np.random.default_rng(7)


@pytest.fixture(scope="module")
def voice() -> Iterator[EspeakVoice]:
    with EspeakVoice() as speaking:
        yield speaking


@pytest.fixture(scope="module")
def notice(voice: EspeakVoice) -> Pcm:
    return voice.speak("各位村民请注意，明天上午九点在村委会领取高龄补贴。")


def _pcm(samples: Samples, rate_hz: int = 24_000) -> Pcm:
    return Pcm((np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes(), rate_hz)


def _samples(sound: Pcm) -> Samples:
    return np.frombuffer(sound.samples, dtype="<i2").astype(np.float64) / 32768


def _check(mp3: bytes) -> meter.Reading:
    reading = meter.read(mp3)
    assert reading.lufs == pytest.approx(-16.0, abs=0.7)
    assert reading.true_peak_dbtp <= -1.5
    return reading


INPUTS: dict[str, Callable[[Samples], Samples]] = {
    "as it comes": lambda speech: speech,
    "quiet": lambda speech: speech * 0.01,
    "overdriven": lambda speech: speech * 30,
    "with a clap": lambda speech: np.concatenate([speech * 0.05, CHANCE.normal(0, 0.9, 1200), speech * 0.05]),
    "going away": lambda speech: np.concatenate([speech * step for step in (1, 0.3, 0.1, 0.03)]),
    "with long pauses": lambda speech: np.concatenate([speech, np.zeros(22_050 * 10), speech]),
    "half a second": lambda speech: speech[:11_025],
    "in noise": lambda speech: speech + CHANCE.normal(0, 0.03, len(speech)),
    "off centre": lambda speech: speech * 0.3 + 0.5,
    "a hum": lambda speech: 0.5 * np.sin(np.arange(len(speech)) * 2 * np.pi * 100 / 22_050),
    "a square wave": lambda speech: 0.9 * np.sign(np.sin(np.arange(len(speech)) * 2 * np.pi * 440 / 22_050)),
}


@pytest.mark.parametrize("arrangement", [Arrangement(Chime.EMERGENCY), BARE], ids=["twice", "bare"])
@pytest.mark.parametrize("kind", INPUTS)
def test_every_input_ends_equally_loud_and_below_its_peak(
    kind: str, arrangement: Arrangement, notice: Pcm
) -> None:
    mastered = Desk().master(_pcm(INPUTS[kind](_samples(notice)), notice.rate_hz), arrangement)
    reading = _check(mastered.mp3)
    assert mastered.loudness_lufs == pytest.approx(reading.lufs, abs=0.3)
    assert mastered.true_peak_dbtp == pytest.approx(reading.true_peak_dbtp, abs=0.5)
    assert mastered.duration_ms == pytest.approx(reading.duration_s * 1000, abs=1)


@pytest.mark.parametrize("text", ["好。", "请注意！"])
def test_a_word_or_two_is_loud_enough(voice: EspeakVoice, text: str) -> None:
    _check(Desk().master(voice.speak(text), BARE).mp3)


def test_two_minutes_are_as_loud_as_one_sentence(voice: EspeakVoice) -> None:
    sound = voice.speak("各位村民请注意，明天上午九点在村委会领取高龄补贴。请带好身份证，不要拥挤。" * 5)
    assert _check(Desk().master(sound, Arrangement()).mp3).duration_s > 110


def test_the_file_is_plain_mono_mp3_of_one_rate_from_its_first_byte(notice: Pcm) -> None:
    frames = meter.frames(Desk().master(notice, Arrangement()).mp3)
    assert set(frames) == {meter.Frame(layer=3, bitrate_kbps=64, rate_hz=24_000, mono=True)}


def test_the_same_sound_gives_the_same_bytes(notice: Pcm) -> None:
    assert Desk().master(notice, Arrangement()) == Desk().master(notice, Arrangement())


def test_chime_pause_and_repetition_take_their_time(notice: Pcm) -> None:
    def length_s(arrangement: Arrangement) -> float:
        return Desk().master(notice, arrangement).duration_ms / 1000

    once = length_s(BARE)
    assert length_s(Arrangement(Chime.NONE, times=2, pause_ms=1500)) == pytest.approx(
        once + notice.duration_s + 1.5, abs=0.05
    )
    assert length_s(Arrangement(Chime.ROUTINE, times=1)) == pytest.approx(once + 2.6 + 0.5, abs=0.05)


def test_the_low_end_is_gone_and_the_consonants_are_lifted() -> None:
    at = np.arange(24_000 * 3) / 24_000
    tones = sum(0.1 * np.sin(2 * np.pi * hz * at) for hz in (60, 600, 2800))
    made = meter.decoded(Desk().master(_pcm(np.asarray(tones)), BARE).mp3)
    power = np.abs(np.fft.rfft(made)) ** 2
    hz = np.fft.rfftfreq(len(made), 1 / 24_000)

    def level_db(centre: float) -> float:
        return float(10 * np.log10(power[np.abs(hz - centre) < 5].sum()))

    assert level_db(60) < level_db(600) - 12
    assert level_db(2800) > level_db(600) + 2


def test_chimes_are_different_and_none_is_silent(notice: Pcm) -> None:
    mp3s = [Desk().master(notice, Arrangement(kind, times=1)).mp3 for kind in Chime]
    assert len(set(mp3s)) == len(Chime)
    for mp3 in mp3s[1:]:
        start = meter.decoded(mp3)[: 24_000 * 2]
        assert 20 * np.log10(np.sqrt(np.mean(start**2))) > -35


def test_silence_is_refused_and_not_turned_up(notice: Pcm) -> None:
    with pytest.raises(MasteringError) as raised:
        Desk().master(_pcm(np.zeros(24_000)), BARE)
    assert raised.value.problem is Problem.LOUDNESS_UNREACHED


def test_a_single_click_cannot_be_made_loud_and_says_so() -> None:
    click = np.zeros(48_000)
    click[24_000] = 0.99
    with pytest.raises(MasteringError) as raised:
        Desk().master(_pcm(click), BARE)
    assert raised.value.problem is Problem.LOUDNESS_UNREACHED
    assert raised.value.kind is Kind.INVALID


def test_an_ffmpeg_that_fails_is_a_fault_of_ours(notice: Pcm, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("broadcast.audio.ffmpeg.executable", lambda: "/nonexistent/ffmpeg")
    with pytest.raises(MasteringError) as raised:
        Desk().master(notice, BARE)
    assert raised.value.problem is Problem.MASTERING_FAILED
    assert raised.value.kind is Kind.UNAVAILABLE
