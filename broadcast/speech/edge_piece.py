"""One piece of text from the Edge service, checked to be whole; every way it can fail has a name."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import aiohttp
import edge_tts
from edge_tts.exceptions import EdgeTTSException, NoAudioReceived, SkewAdjustmentError

from broadcast.domain.spoken.clean import is_readable
from broadcast.errors import BroadcastError
from broadcast.ports import Pcm, VoiceFault
from broadcast.speech.plausible import Doubt, Pace, account, doubt

_TICKS_PER_S: Final = 10_000_000
_CONNECT_TIMEOUT_S: Final = 10
_LEAST_SPOKEN: Final = 0.9
_LATE_END_S: Final = 0.3
_PACE: Final = Pace(fastest_s=0.13, slowest_s=0.6, least_heard=0.3)


class PieceFailed(Exception):
    """This piece did not come, or not whole."""

    def __init__(self, fault: VoiceFault, detail: str = "") -> None:
        self.fault = fault
        self.detail = detail
        super().__init__(f"{fault}: {detail}")


@dataclass(frozen=True)
class _Received:
    mp3: bytes
    words: str
    last_word_ends_s: float
    ended: bool


async def fetch(
    text: str, voice: str, rate: str, pitch: str, *, timeout_s: float, decode: Callable[[bytes], Pcm]
) -> Pcm:
    """The sound of one piece; PieceFailed when it does not come, or words of it are missing."""
    try:
        async with asyncio.timeout(timeout_s):
            received = await _receive(text, voice, rate, pitch, timeout_s)
        sound = decode(received.mp3)
    except (EdgeTTSException, aiohttp.ClientError, OSError, TimeoutError) as error:
        raise PieceFailed(_fault_of(error), f"{type(error).__name__}: {error}") from error
    except (BroadcastError, ValueError, LookupError, TypeError) as error:
        # The service answered something that edge-tts or ffmpeg cannot read.
        raise PieceFailed(VoiceFault.PROTOCOL, f"{type(error).__name__}: {error}") from error
    _check(text, received, sound)
    return sound


async def _receive(text: str, voice: str, rate: str, pitch: str, timeout_s: float) -> _Received:
    communicate = edge_tts.Communicate(
        text,
        voice,
        rate=rate,
        pitch=pitch,
        boundary="WordBoundary",
        connect_timeout=_CONNECT_TIMEOUT_S,
        receive_timeout=max(1, round(timeout_s)),
    )
    mp3, words, ends = bytearray(), "", 0.0
    async for chunk in communicate.stream():
        if chunk["type"] == "audio":
            mp3 += chunk["data"]
        else:
            words += chunk["text"]
            ends = max(ends, chunk["offset"] + chunk["duration"])
    # A connection that closes in the middle ends the stream without an error. Only at the service's own
    # "turn.end" does edge-tts add the piece's bytes to this sum.
    ended = communicate.state["cumulative_audio_bytes"] == len(mp3)
    return _Received(bytes(mp3), words, ends / _TICKS_PER_S, ended)


def _check(text: str, received: _Received, sound: Pcm) -> None:
    if not received.ended:
        raise PieceFailed(VoiceFault.CUT, f"closed after {len(received.mp3)} bytes")
    asked, spoken = _readable(text), _readable(received.words)
    if spoken and spoken < asked * _LEAST_SPOKEN:
        raise PieceFailed(VoiceFault.DROPPED, f"{spoken} of {asked} characters were spoken")
    if sound.duration_s + _LATE_END_S < received.last_word_ends_s:
        detail = f"{sound.duration_s:.1f} s of sound, the last word ends at {received.last_word_ends_s:.1f} s"
        raise PieceFailed(VoiceFault.DROPPED, detail)
    if wrong := doubt(text, sound, _PACE):
        fault = VoiceFault.NO_AUDIO if wrong is Doubt.SILENT else VoiceFault.DROPPED
        raise PieceFailed(fault, f"{wrong}: {account(sound, text)}")


def _readable(text: str) -> int:
    return sum(map(is_readable, text))


def _fault_of(error: Exception) -> VoiceFault:
    match error:
        case NoAudioReceived():
            return VoiceFault.NO_AUDIO
        case SkewAdjustmentError() | aiohttp.ClientResponseError():
            return VoiceFault.REFUSED
        case TimeoutError():
            return VoiceFault.TOO_SLOW
        case aiohttp.ServerDisconnectedError() | ConnectionResetError():
            return VoiceFault.CUT
        case EdgeTTSException() | aiohttp.ClientPayloadError():
            return VoiceFault.PROTOCOL
        case _:
            return VoiceFault.NO_NETWORK
