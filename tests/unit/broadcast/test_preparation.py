"""Preparing a broadcast: voices in their order, nothing done twice, nothing left behind."""

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from broadcast.audio.store import FileStore
from broadcast.errors import MasteringError, Problem, RecordingError, SpeechError, TextError
from broadcast.ports import Arrangement, Chime, Mastered, Pcm, VoiceFault, VoiceUnavailable
from broadcast.preparation import PassedOver, Prepared, Recording, SpokenText, Studio, prepare

WORDS = SpokenText("各位村民请注意")


@dataclass
class FakeVoice:
    """Speaks its own name and the text, or fails."""

    name: str
    fault: VoiceFault | None = None
    spoken: list[str] = field(default_factory=list)

    def speak(self, spoken: str) -> Pcm:
        if self.fault:
            raise VoiceUnavailable(self.fault, "as planned")
        self.spoken.append(spoken)
        return Pcm(f"{self.name}:{spoken}".encode(), 24_000)


@dataclass
class FakeDesk:
    """Masters by writing down what it was given."""

    version: str = "1"
    mastered: int = 0

    def decode(self, recording: bytes) -> Pcm:
        if recording == b"noise":
            raise RecordingError(Problem.RECORDING_NOT_AUDIO)
        return Pcm(recording, 24_000)

    def master(self, sound: Pcm, arrangement: Arrangement) -> Mastered:
        if sound.samples.endswith("坏".encode()):
            raise MasteringError(Problem.LOUDNESS_UNREACHED)
        self.mastered += 1
        return Mastered(self.version.encode() + str(arrangement).encode() + sound.samples, 1000, -16.0, -3.0)


@pytest.fixture
def natural() -> FakeVoice:
    return FakeVoice("natural")


@pytest.fixture
def plain() -> FakeVoice:
    return FakeVoice("plain")


@pytest.fixture
def desk() -> FakeDesk:
    return FakeDesk()


@pytest.fixture
def studio(natural: FakeVoice, plain: FakeVoice, desk: FakeDesk, tmp_path: Path) -> Studio:
    return Studio([natural, plain], desk, FileStore(tmp_path))


def _prepare(studio: Studio, source: SpokenText | Recording = WORDS) -> Prepared:
    return prepare(studio, source, Arrangement())


def test_the_first_voice_speaks_when_it_can(studio: Studio, plain: FakeVoice) -> None:
    prepared = _prepare(studio)
    assert (prepared.voice, prepared.passed_over, prepared.from_store) == ("natural", (), False)
    assert studio.store.read(prepared.audio.sha256).endswith("natural:各位村民请注意".encode())
    assert plain.spoken == []


def test_the_second_time_comes_from_the_store(studio: Studio, natural: FakeVoice, desk: FakeDesk) -> None:
    first, second = _prepare(studio), _prepare(studio)
    assert second.from_store
    assert second.audio == first.audio
    assert (len(natural.spoken), desk.mastered) == (1, 1)


@pytest.mark.parametrize("fault", list(VoiceFault))
def test_when_it_cannot_the_next_one_does_and_the_reason_is_kept(
    studio: Studio, natural: FakeVoice, fault: VoiceFault
) -> None:
    natural.fault = fault
    prepared = _prepare(studio)
    assert prepared.voice == "plain"
    assert prepared.passed_over == (PassedOver("natural", fault, "as planned"),)


def test_a_voice_that_is_back_is_heard_again_though_the_other_is_in_the_store(
    studio: Studio, natural: FakeVoice
) -> None:
    natural.fault = VoiceFault.NO_NETWORK
    with_plain = _prepare(studio)
    natural.fault = None
    with_natural = _prepare(studio)
    assert with_natural.voice == "natural"
    assert with_natural.audio.sha256 != with_plain.audio.sha256


def test_a_voice_that_stays_away_is_replaced_from_the_store(
    studio: Studio, natural: FakeVoice, plain: FakeVoice
) -> None:
    natural.fault = VoiceFault.NO_NETWORK
    _prepare(studio)
    again = _prepare(studio)
    assert again.from_store
    assert again.passed_over[0].fault is VoiceFault.NO_NETWORK
    assert len(plain.spoken) == 1


def test_when_none_can_every_reason_is_named(studio: Studio, natural: FakeVoice, plain: FakeVoice) -> None:
    natural.fault, plain.fault = VoiceFault.REFUSED, VoiceFault.CRASHED
    with pytest.raises(SpeechError) as raised:
        _prepare(studio)
    assert raised.value.problem is Problem.VOICE_UNAVAILABLE
    assert "natural: refused" in raised.value.detail
    assert "plain: crashed" in raised.value.detail


def test_other_words_another_order_or_another_desk_are_made_anew(studio: Studio, desk: FakeDesk) -> None:
    _prepare(studio)
    _prepare(studio, SpokenText("各位村民请注意。"))
    prepare(studio, WORDS, Arrangement(Chime.EMERGENCY))
    desk.version = "2"
    assert not _prepare(studio).from_store
    assert desk.mastered == 4


def test_a_recording_needs_no_voice_and_is_mastered_once(
    studio: Studio, natural: FakeVoice, desk: FakeDesk
) -> None:
    first = _prepare(studio, Recording(b"RIFF"))
    assert _prepare(studio, Recording(b"RIFF")).audio == first.audio
    assert (first.voice, natural.spoken, desk.mastered) == ("", [], 1)


def test_damage_in_the_store_is_mended_by_preparing_again(studio: Studio) -> None:
    first = _prepare(studio)
    studio.store.path(first.audio.sha256).write_bytes(b"damaged")
    again = _prepare(studio)
    assert not again.from_store
    assert again.audio == first.audio
    studio.store.read(again.audio.sha256)


def test_an_empty_text_asks_no_voice(studio: Studio, natural: FakeVoice) -> None:
    with pytest.raises(TextError) as raised:
        _prepare(studio, SpokenText("  "))
    assert raised.value.problem is Problem.TEXT_EMPTY
    assert natural.spoken == []


@pytest.mark.parametrize(
    ("source", "error"), [(Recording(b"noise"), RecordingError), (SpokenText("坏"), MasteringError)]
)
def test_a_failure_leaves_nothing_in_the_store(
    studio: Studio, tmp_path: Path, source: SpokenText | Recording, error: type[Exception]
) -> None:
    with pytest.raises(error):
        _prepare(studio, source)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
