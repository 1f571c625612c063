"""The voice that is always there: espeak-ng, in a child that may crash and is started again."""

import logging
import threading
from types import TracebackType
from typing import Final, Self

from broadcast.ports import Pcm, VoiceFault, VoiceUnavailable
from broadcast.speech.espeak_frames import Request
from broadcast.speech.espeak_process import COMMAND, EspeakProcess
from broadcast.speech.espeak_text import respell
from broadcast.speech.phrasing import dictate, phrases
from broadcast.speech.plausible import Pace, account, doubt

_LOG: Final = logging.getLogger(__name__)
_LONGEST_PHRASE: Final = 200
_TRIES: Final = 2
_PACE: Final = Pace(fastest_s=0.15, slowest_s=0.5)
_REVISION: Final = 2
"""Counts changes of our own respelling, pauses and phrasing: they change the sound as settings do."""


class EspeakVoice:
    """Mandarin by espeak-ng. One phrase at a time, from any thread; `close` ends the child.

    Slower (160 words/min, 3.3 syllables/s) and with a wider pitch range than its defaults: tones carry
    meaning, and the listeners are old and far from the loudspeaker.
    """

    def __init__(
        self,
        *,
        voice: str = "cmn+f2",
        rate_wpm: int = 160,
        pitch: int = 45,
        pitch_range: int = 65,
        timeout_s: float = 20.0,
        command: tuple[str, ...] = COMMAND,
    ) -> None:
        self._voice, self._rate_wpm, self._pitch, self._range = voice, rate_wpm, pitch, pitch_range
        self._timeout_s, self._command = timeout_s, command
        self._child: EspeakProcess | None = None
        self._lock = threading.Lock()

    @property
    def name(self) -> str:
        """Engine and settings."""
        return f"espeak-ng-1.52/{_REVISION}/{self._voice}/{self._rate_wpm}/{self._pitch}/{self._range}"

    @property
    def child_pid(self) -> int | None:
        """The process that speaks, when there is one."""
        child = self._child
        return child.pid if child else None

    def speak(self, spoken: str) -> Pcm:
        """The sound of the whole text; VoiceUnavailable when the child fails twice at one phrase."""
        said = phrases(dictate(spoken), _LONGEST_PHRASE)
        if not said:
            raise VoiceUnavailable(VoiceFault.NO_AUDIO, "nothing to speak")
        with self._lock:
            sounds = [self._phrase(phrase.text) for phrase in said]
        rate_hz = sounds[0].rate_hz
        pauses = [bytes(rate_hz * phrase.pause_ms // 1000 * 2) for phrase in said]
        return Pcm(b"".join(s.samples + pause for s, pause in zip(sounds, pauses, strict=True)), rate_hz)

    def close(self) -> None:
        """End the child, if there is one; the next `speak` starts another."""
        with self._lock:
            self._end_child()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _phrase(self, text: str) -> Pcm:
        request = Request(respell(text), self._voice, self._rate_wpm, self._pitch, self._range)
        for tries_left in reversed(range(_TRIES)):
            try:
                sound = self._running_child().speak(request)
            except VoiceUnavailable as fault:
                self._end_child()
                if not tries_left:
                    raise
                _LOG.warning("espeak-ng child failed and is started again: %s", fault)
                continue
            if wrong := doubt(text, sound, _PACE):
                raise VoiceUnavailable(VoiceFault.NO_AUDIO, f"{wrong}: {account(sound, text)}")
            return sound
        raise AssertionError("the last try returns or raises")

    def _running_child(self) -> EspeakProcess:
        if self._child is None:
            self._child = EspeakProcess(self._command, self._timeout_s)
            _LOG.info("espeak-ng %s speaks in process %d", self._child.version, self._child.pid)
        return self._child

    def _end_child(self) -> None:
        child, self._child = self._child, None
        if child:
            child.end()
