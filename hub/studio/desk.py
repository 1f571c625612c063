"""The work of the studio, by the parts of broadcast/: only the studio's own process loads it."""

from pathlib import Path

from broadcast.audio.recording import decode
from broadcast.domain.broadcasts import Audio
from broadcast.errors import Problem, RecordingError
from broadcast.ports import Arrangement, Chime
from broadcast.preparation import Prepared, Recording, SpokenText, Studio, prepare
from broadcast.speech.wetext_reader import read_aloud
from hub.studio.wire import (
    Answer,
    Checked,
    Made,
    Question,
    RecordingAsked,
    RecordingWanted,
    Spoken,
    SpokenAsked,
    TextWanted,
)


class StudioDesk:
    """Answers questions, from any thread; BroadcastError when it cannot be done as asked.

    `local` has no voice that sends texts away.
    """

    def __init__(self, studio: Studio, recordings: Path) -> None:
        self._studio = studio
        self._local = Studio(studio.voices[-1:], studio.mastering, studio.store)
        self._recordings = recordings

    def answer(self, question: Question) -> Answer:
        """Do what is asked."""
        match question:
            case SpokenAsked(text):
                return Spoken(read_aloud(text))
            case RecordingAsked(sha256):
                return Checked(int(decode(self._read(sha256)).duration_s * 1000))
            case TextWanted():
                return self._speak(question)
            case RecordingWanted(sha256=sha256, times=times, emergency=emergency):
                source = Recording(self._read(sha256))
                return _made("", prepare(self._studio, source, _arrangement(times, emergency=emergency)))

    def _speak(self, wanted: TextWanted) -> Made:
        spoken = read_aloud(wanted.text) if wanted.spoken is None else wanted.spoken
        studio = self._local if wanted.local else self._studio
        arrangement = _arrangement(wanted.times, emergency=wanted.emergency)
        return _made(spoken, prepare(studio, SpokenText(wanted.before + spoken), arrangement))

    def _read(self, sha256: str) -> bytes:
        try:
            return (self._recordings / sha256).read_bytes()
        except OSError as error:
            raise RecordingError(Problem.RECORDING_UNKNOWN, detail=str(error)) from error


def _arrangement(times: int, *, emergency: bool) -> Arrangement:
    return Arrangement(chime=Chime.EMERGENCY if emergency else Chime.ROUTINE, times=times)


def _made(spoken: str, prepared: Prepared) -> Made:
    audio = prepared.audio
    return Made(
        spoken=spoken,
        audio=Audio(
            sha256=audio.sha256,
            bytes=audio.size_bytes,
            ms=audio.duration_ms,
            loudness_lufs=audio.loudness_lufs,
            true_peak_dbtp=audio.true_peak_dbtp,
            voice=prepared.voice,
            passed_over=tuple(f"{each.voice}: {each.fault}" for each in prepared.passed_over),
        ),
    )
