"""From a spoken text or a recording to finished audio in the store: prepared when saved, never when it must sound.

Everything is keyed by what it is made of, so a second time comes from the store, and two studios doing the
same work do no harm.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from broadcast.domain.spoken import check_spoken
from broadcast.errors import Problem, SpeechError
from broadcast.ports import (
    Arrangement,
    AudioStore,
    Mastering,
    Pcm,
    StoredAudio,
    Voice,
    VoiceFault,
    VoiceUnavailable,
)


@dataclass(frozen=True)
class SpokenText:
    """Words as they are to be read, corrected by the admin or not."""

    text: str


@dataclass(frozen=True)
class Recording:
    """An uploaded file, whatever it claims to be."""

    data: bytes


@dataclass(frozen=True)
class PassedOver:
    """A voice that was asked first and did not speak, and why."""

    voice: str
    fault: VoiceFault
    detail: str


@dataclass(frozen=True)
class Prepared:
    """Audio that lies in the store, and how it came there. `voice` is empty for a recording."""

    audio: StoredAudio
    voice: str
    passed_over: tuple[PassedOver, ...]
    from_store: bool


@dataclass(frozen=True)
class Studio:
    """What preparing needs: voices in the order they are asked, the mastering desk, the store."""

    voices: Sequence[Voice]
    mastering: Mastering
    store: AudioStore


def prepare(studio: Studio, source: SpokenText | Recording, arrangement: Arrangement) -> Prepared:
    """Finished audio of this source.

    TextError, RecordingError: the source cannot be used. SpeechError: no voice spoke. MasteringError,
    StoreError: it could not be finished or kept. Nothing is left behind in any of these cases.
    """
    match source:
        case SpokenText(text):
            check_spoken(text)
            return _prepare_text(studio, text, arrangement)
        case Recording(data):
            return _prepare_recording(studio, data, arrangement)


def _prepare_text(studio: Studio, text: str, arrangement: Arrangement) -> Prepared:
    passed_over: list[PassedOver] = []
    for voice in studio.voices:
        key = _key(studio, arrangement, "text", f"{voice.name}\n{text}")
        if known := studio.store.recall(key):
            return Prepared(known, voice.name, tuple(passed_over), from_store=True)
        try:
            sound = voice.speak(text)
        except VoiceUnavailable as unavailable:
            passed_over.append(PassedOver(voice.name, unavailable.fault, unavailable.detail))
            continue
        audio = _finish(studio, sound, arrangement, key)
        return Prepared(audio, voice.name, tuple(passed_over), from_store=False)
    reasons = "; ".join(f"{voice.voice}: {voice.fault} {voice.detail}" for voice in passed_over)
    raise SpeechError(Problem.VOICE_UNAVAILABLE, detail=reasons or "no voice is set up")


def _prepare_recording(studio: Studio, data: bytes, arrangement: Arrangement) -> Prepared:
    key = _key(studio, arrangement, "recording", hashlib.sha256(data).hexdigest())
    if known := studio.store.recall(key):
        return Prepared(known, "", (), from_store=True)
    audio = _finish(studio, studio.mastering.decode(data), arrangement, key)
    return Prepared(audio, "", (), from_store=False)


def _finish(studio: Studio, sound: Pcm, arrangement: Arrangement, key: str) -> StoredAudio:
    audio = studio.store.put(studio.mastering.master(sound, arrangement))
    studio.store.remember(key, audio)
    return audio


def _key(studio: Studio, arrangement: Arrangement, kind: str, content: str) -> str:
    return json.dumps([studio.mastering.version, asdict(arrangement), kind, content], ensure_ascii=False)
