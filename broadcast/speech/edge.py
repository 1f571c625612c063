"""The natural voice: Microsoft Edge's read-aloud service. Only where the county allows its texts to leave it.

The service promises nothing. It drops words under load, closes in the middle, refuses without saying why and
changes several times a year; so every piece is checked, and whatever goes wrong is VoiceUnavailable with the
reason, on which the next voice of the chain speaks.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Final

from broadcast.ports import Pcm, VoiceFault, VoiceUnavailable
from broadcast.speech.edge_piece import PieceFailed, fetch
from broadcast.speech.phrasing import Phrase, dictate, joined, phrases

_LOG: Final = logging.getLogger(__name__)
_REVISION: Final = 1
_LONGEST_SENTENCE: Final = 400
_LONGEST_PIECE: Final = 240  # a dropped word weighs more in a short piece, and less is lost with it
_TRIES: Final = 3
_WORTH_ANOTHER_TRY: Final = frozenset({VoiceFault.NO_AUDIO, VoiceFault.DROPPED, VoiceFault.CUT})

Decode = Callable[[bytes], Pcm]


class EdgeVoice:
    """Mandarin by edge-tts. `speak` runs an event loop of its own: call it from a thread without one."""

    def __init__(
        self,
        decode: Decode,
        *,
        voice: str = "zh-CN-XiaoxiaoNeural",
        rate_percent: int = -10,
        pitch_hz: int = 0,
        piece_timeout_s: float = 20.0,
        text_timeout_s: float = 120.0,
        back_off: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """`decode` turns the service's MP3 into samples."""
        self._decode, self._voice = decode, voice
        self._rate, self._pitch = f"{rate_percent:+d}%", f"{pitch_hz:+d}Hz"
        self._piece_timeout_s, self._text_timeout_s = piece_timeout_s, text_timeout_s
        self._back_off = back_off

    @property
    def name(self) -> str:
        """Engine and settings."""
        return f"edge-tts/{_REVISION}/{self._voice}/{self._rate}/{self._pitch}"

    def speak(self, spoken: str) -> Pcm:
        """The sound of the whole text; VoiceUnavailable when any piece of it cannot be had whole."""
        pieces = joined(phrases(dictate(spoken), _LONGEST_SENTENCE), _LONGEST_PIECE)
        if not pieces:
            raise VoiceUnavailable(VoiceFault.NO_AUDIO, "nothing to speak")
        sounds = asyncio.run(self._all(pieces))
        rate_hz = sounds[0].rate_hz
        pauses = [bytes(rate_hz * piece.pause_ms // 2000 * 2) for piece in pieces]  # it adds silence itself
        return Pcm(b"".join(s.samples + pause for s, pause in zip(sounds, pauses, strict=True)), rate_hz)

    async def _all(self, pieces: tuple[Phrase, ...]) -> list[Pcm]:
        # One after the other: it drops words when asked for many at once.
        try:
            async with asyncio.timeout(self._text_timeout_s):
                return [await self._piece(piece.text) for piece in pieces]
        except TimeoutError as error:
            raise VoiceUnavailable(VoiceFault.TOO_SLOW, f"not done in {self._text_timeout_s} s") from error

    async def _piece(self, text: str) -> Pcm:
        for attempt in range(1, _TRIES + 1):
            try:
                return await fetch(
                    text,
                    self._voice,
                    self._rate,
                    self._pitch,
                    timeout_s=self._piece_timeout_s,
                    decode=self._decode,
                )
            except PieceFailed as failed:
                if failed.fault not in _WORTH_ANOTHER_TRY or attempt == _TRIES:
                    raise VoiceUnavailable(failed.fault, failed.detail) from failed
                _LOG.warning("edge-tts: %s, try %d of %d", failed, attempt, _TRIES)
                await self._back_off(0.5 * attempt)
        raise AssertionError("the last try returns or raises")
