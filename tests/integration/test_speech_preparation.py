"""From a written notice to audio in the store, with the real parts."""

import io
import wave
from collections.abc import Iterator
from pathlib import Path

import pytest

from broadcast.bench import measure_speech
from broadcast.ports import Arrangement, Chime, VoiceFault
from broadcast.preparation import Recording, SpokenText, Studio, prepare
from broadcast.speech.espeak import EspeakVoice
from broadcast.speech.wetext_reader import read_aloud
from broadcast.studio import open_studio
from tests.measuring import sound as meter
from tests.standins.edge_tts_server import Does, EdgeServer

NOTICE = "【停水通知】因管道检修，11月5日8:00-18:00停水，请储水。咨询电话0371-65551234。"


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[Studio]:
    with open_studio(tmp_path / "audio") as made:
        yield made


@pytest.fixture
def edge_studio(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Studio]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with open_studio(tmp_path / "audio", edge_voice="zh-CN-XiaoxiaoNeural") as made:
        yield made


def _good(mp3: bytes) -> meter.Reading:
    reading = meter.read(mp3)
    assert reading.lufs == pytest.approx(-16.0, abs=0.7)
    assert reading.true_peak_dbtp <= -1.5
    return reading


def test_a_written_notice_becomes_finished_audio_and_the_second_time_from_the_store(studio: Studio) -> None:
    spoken = SpokenText(read_aloud(NOTICE))
    prepared = prepare(studio, spoken, Arrangement())
    assert prepared.voice.startswith("espeak-ng")
    reading = _good(studio.store.read(prepared.audio.sha256))
    assert prepared.audio.duration_ms == pytest.approx(reading.duration_s * 1000, abs=1)
    again = prepare(studio, spoken, Arrangement())
    assert (again.audio, again.from_store) == (prepared.audio, True)


def test_without_the_countys_consent_there_is_no_voice_that_sends_texts_away(studio: Studio) -> None:
    assert [voice.name.split("/")[0] for voice in studio.voices] == ["espeak-ng-1.52"]


def test_with_its_consent_the_natural_voice_speaks(
    edge_studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    with EdgeServer() as server:
        monkeypatch.setattr("edge_tts.communicate.WSS_URL", server.url)
        prepared = prepare(edge_studio, SpokenText(read_aloud(NOTICE)), Arrangement())
    assert prepared.voice.startswith("edge-tts")
    _good(edge_studio.store.read(prepared.audio.sha256))


@pytest.mark.parametrize(
    ("does", "fault"),
    [(Does.FORBID, VoiceFault.REFUSED), (Does.CUT, VoiceFault.CUT), (Does.DROP_WORDS, VoiceFault.DROPPED)],
)
def test_when_the_service_fails_espeak_speaks_and_the_admin_learns_why(
    edge_studio: Studio, monkeypatch: pytest.MonkeyPatch, does: Does, fault: VoiceFault
) -> None:
    with EdgeServer(afterwards=does) as server:
        monkeypatch.setattr("edge_tts.communicate.WSS_URL", server.url)
        prepared = prepare(edge_studio, SpokenText(read_aloud(NOTICE)), Arrangement(Chime.NONE, times=1))
    assert prepared.voice.startswith("espeak-ng")
    assert [(passed.voice.split("/")[0], passed.fault) for passed in prepared.passed_over] == [
        ("edge-tts", fault)
    ]
    _good(edge_studio.store.read(prepared.audio.sha256))


def test_a_recording_is_prepared_like_speech(studio: Studio) -> None:
    with EspeakVoice() as voice:
        speech = voice.speak("各位村民请注意，明天停水。")
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(speech.rate_hz)
        out.writeframes(speech.samples)
    prepared = prepare(studio, Recording(file.getvalue()), Arrangement(times=1))
    _good(studio.store.read(prepared.audio.sha256))


def test_the_benchmark_makes_half_a_minute_of_speech_and_finds_it_again() -> None:
    figures = measure_speech()
    assert figures.speech_s > 25
    assert figures.audio_s > 2 * figures.speech_s
    assert min(figures.synthesis_s, figures.mastering_s, figures.again_s) > 0
