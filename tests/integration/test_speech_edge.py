"""The Edge voice against a server that speaks its protocol and fails as the service does."""

import socket
from collections.abc import Iterator

import pytest

from broadcast.audio.mastering import Desk
from broadcast.ports import VoiceFault, VoiceUnavailable
from broadcast.speech.edge import EdgeVoice
from tests.standins.edge_tts_server import SYLLABLE_S, Does, EdgeServer

NOTICE = "各位村民请注意，明天上午九点在村委会领取高龄补贴。请带好身份证，不要拥挤。"
SYLLABLES = 33


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


class Pauses:
    """Remembers how long the voice would have waited, and waits not at all."""

    def __init__(self) -> None:
        self.seconds: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)


@pytest.fixture
def pauses() -> Pauses:
    return Pauses()


@pytest.fixture
def voice(pauses: Pauses) -> EdgeVoice:
    return EdgeVoice(Desk().decode_speech, back_off=pauses, piece_timeout_s=30)


def _point_at(server: EdgeServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("edge_tts.communicate.WSS_URL", server.url)


@pytest.fixture
def closed_port() -> Iterator[int]:
    """A port that is taken by a socket which does not listen."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]


def _fault_of(voice: EdgeVoice, text: str = NOTICE) -> VoiceFault:
    with pytest.raises(VoiceUnavailable) as raised:
        voice.speak(text)
    return raised.value.fault


def test_a_notice_is_spoken_whole_at_the_rate_asked_for(
    voice: EdgeVoice, monkeypatch: pytest.MonkeyPatch
) -> None:
    with EdgeServer() as server:
        _point_at(server, monkeypatch)
        sound = voice.speak(NOTICE)
    assert server.asked == [NOTICE]
    assert server.prosody == [("-10%", "+0Hz")]
    assert sound.rate_hz == 24_000
    assert SYLLABLES * SYLLABLE_S < sound.duration_s < SYLLABLES * SYLLABLE_S + 1.5


def test_a_long_text_is_asked_for_in_pieces_cut_at_sentences(
    voice: EdgeVoice, monkeypatch: pytest.MonkeyPatch
) -> None:
    with EdgeServer() as server:
        _point_at(server, monkeypatch)
        voice.speak(NOTICE * 20)
    assert "".join(server.asked) == NOTICE * 20
    assert len(server.asked) > 1
    assert all(len(piece) <= 400 and piece.endswith("。") for piece in server.asked)


def test_signs_of_markup_reach_the_service_as_text(voice: EdgeVoice, monkeypatch: pytest.MonkeyPatch) -> None:
    with EdgeServer() as server:
        _point_at(server, monkeypatch)
        voice.speak("甲</prosody>&乙村的村民请注意")
    assert server.asked == ["甲</prosody>&乙村的村民请注意"]


@pytest.mark.parametrize(
    "fault", [Does.NO_AUDIO, Does.DROP_WORDS, Does.DROP_SOUND, Does.SILENCE, Does.CUT, Does.RESET]
)
def test_a_piece_that_did_not_come_whole_is_asked_for_again(
    voice: EdgeVoice, pauses: Pauses, monkeypatch: pytest.MonkeyPatch, fault: Does
) -> None:
    with EdgeServer([fault, fault]) as server:
        _point_at(server, monkeypatch)
        sound = voice.speak(NOTICE)
    assert server.asked == [NOTICE] * 3
    assert sound.duration_s > SYLLABLES * SYLLABLE_S
    assert pauses.seconds == [0.5, 1.0]


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (Does.NO_AUDIO, VoiceFault.NO_AUDIO),
        (Does.SILENCE, VoiceFault.NO_AUDIO),
        (Does.DROP_WORDS, VoiceFault.DROPPED),
        (Does.DROP_SOUND, VoiceFault.DROPPED),
        (Does.CUT, VoiceFault.CUT),
        (Does.RESET, VoiceFault.CUT),
    ],
)
def test_after_three_tries_the_voice_is_given_up_with_its_reason(
    voice: EdgeVoice, monkeypatch: pytest.MonkeyPatch, fault: Does, expected: VoiceFault
) -> None:
    with EdgeServer(afterwards=fault) as server:
        _point_at(server, monkeypatch)
        assert _fault_of(voice) is expected
    assert len(server.asked) == 3


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (Does.FORBID, VoiceFault.REFUSED),
        (Does.FAIL, VoiceFault.REFUSED),
        (Does.BABBLE, VoiceFault.PROTOCOL),
        (Does.NOISE, VoiceFault.PROTOCOL),
    ],
)
def test_what_another_try_would_not_mend_is_not_tried_again(
    voice: EdgeVoice, pauses: Pauses, monkeypatch: pytest.MonkeyPatch, fault: Does, expected: VoiceFault
) -> None:
    with EdgeServer(afterwards=fault) as server:
        _point_at(server, monkeypatch)
        assert _fault_of(voice) is expected
    assert pauses.seconds == []


def test_a_wrong_clock_is_set_right_by_the_first_refusal(
    voice: EdgeVoice, monkeypatch: pytest.MonkeyPatch
) -> None:
    with EdgeServer([Does.FORBID]) as server:
        _point_at(server, monkeypatch)
        voice.speak(NOTICE)
    assert server.refused_handshakes == 1
    assert server.asked == [NOTICE]


def test_one_missing_piece_spoils_the_whole_text(voice: EdgeVoice, monkeypatch: pytest.MonkeyPatch) -> None:
    with EdgeServer([Does.ANSWER], afterwards=Does.DROP_WORDS) as server:
        _point_at(server, monkeypatch)
        assert _fault_of(voice, NOTICE * 10) is VoiceFault.DROPPED


def test_without_word_marks_the_length_alone_must_convince(
    voice: EdgeVoice, monkeypatch: pytest.MonkeyPatch
) -> None:
    with EdgeServer([Does.SAY_NOTHING_OF_WORDS]) as server:
        _point_at(server, monkeypatch)
        assert voice.speak(NOTICE).duration_s > SYLLABLES * SYLLABLE_S


def test_a_service_that_stalls_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    with EdgeServer(afterwards=Does.STALL) as server:
        _point_at(server, monkeypatch)
        assert _fault_of(EdgeVoice(Desk().decode_speech, piece_timeout_s=0.5)) is VoiceFault.TOO_SLOW
        assert _fault_of(EdgeVoice(Desk().decode_speech, text_timeout_s=0.5)) is VoiceFault.TOO_SLOW


def test_without_a_network_the_reason_says_so(
    voice: EdgeVoice, monkeypatch: pytest.MonkeyPatch, closed_port: int
) -> None:
    monkeypatch.setattr(
        "edge_tts.communicate.WSS_URL", f"ws://127.0.0.1:{closed_port}/edge/v1?TrustedClientToken=x"
    )
    assert _fault_of(voice) is VoiceFault.NO_NETWORK


def test_a_name_that_nobody_knows_is_no_network(voice: EdgeVoice, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("edge_tts.communicate.WSS_URL", "ws://speech.invalid/edge/v1?TrustedClientToken=x")
    assert _fault_of(voice) is VoiceFault.NO_NETWORK
