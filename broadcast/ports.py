"""What preparing a broadcast needs of the world: a normaliser, voices, a mastering desk and a store."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True)
class Pcm:
    """Mono sound: signed 16-bit little-endian samples at `rate_hz`."""

    samples: bytes
    rate_hz: int

    @property
    def duration_s(self) -> float:
        """Length in seconds."""
        return len(self.samples) / 2 / self.rate_hz


class VoiceFault(StrEnum):
    """Why a voice did not speak; kept with the broadcast and shown to the admin."""

    REFUSED = "refused"
    NO_AUDIO = "no_audio"
    DROPPED = "dropped"
    TOO_SLOW = "too_slow"
    CUT = "cut"
    NO_NETWORK = "no_network"
    PROTOCOL = "protocol"
    CRASHED = "crashed"
    NOT_INSTALLED = "not_installed"


class VoiceUnavailable(Exception):
    """This voice cannot speak now; the next one of the chain is asked."""

    def __init__(self, fault: VoiceFault, detail: str = "") -> None:
        self.fault = fault
        self.detail = detail
        super().__init__(f"{fault}: {detail}" if detail else str(fault))


class Voice(Protocol):
    """One speech engine with its settings."""

    @property
    def name(self) -> str:
        """Engine, version, voice and settings: two voices of one name make the same sound."""
        ...

    def speak(self, spoken: str) -> Pcm:
        """The sound of a spoken text; VoiceUnavailable with the reason when it cannot be had whole."""
        ...


class Chime(StrEnum):
    """The sound that says: listen."""

    NONE = "none"
    ROUTINE = "routine"
    EMERGENCY = "emergency"


@dataclass(frozen=True)
class Arrangement:
    """What is played in which order: the chime, then the message `times` over with pauses between."""

    chime: Chime = Chime.ROUTINE
    times: int = 2
    pause_ms: int = 1200


@dataclass(frozen=True)
class Mastered:
    """A finished MP3 and what was measured on it after decoding."""

    mp3: bytes
    duration_ms: int
    loudness_lufs: float
    true_peak_dbtp: float


class Mastering(Protocol):
    """Turns raw sound into what a horn on a pole can play: clear, loud, never clipped."""

    @property
    def version(self) -> str:
        """Changes whenever the same input would give other bytes."""
        ...

    def decode(self, recording: bytes) -> Pcm:
        """The sound of an uploaded file; RecordingError when it is none, or too long, or silent."""
        ...

    def master(self, sound: Pcm, arrangement: Arrangement) -> Mastered:
        """The finished MP3, −16 LUFS ± 0.7 and at most −1.5 dBTP; MasteringError otherwise."""
        ...


@dataclass(frozen=True)
class StoredAudio:
    """One finished audio, by the hash that names its file and that the signed command carries."""

    sha256: str
    size_bytes: int
    duration_ms: int
    loudness_lufs: float
    true_peak_dbtp: float


class AudioStore(Protocol):
    """Finished audio by content, and a memo of what was made from what."""

    def put(self, audio: Mastered) -> StoredAudio:
        """Keep it; the same bytes are kept once. StoreError when the disk does not take them."""
        ...

    def read(self, sha256: str) -> bytes:
        """The bytes of that hash, verified; StoreError when missing or damaged."""
        ...

    def path(self, sha256: str) -> Path:
        """Where the file stands (for serving ranges); StoreError when there is none."""
        ...

    def recall(self, key: str) -> StoredAudio | None:
        """What was remembered under this key, if its file is still whole."""
        ...

    def remember(self, key: str, audio: StoredAudio) -> None:
        """Next time `recall` of this key gives this audio."""
        ...

    def collect(self, referenced: Iterable[str], *, older_than_s: float, now_s: float) -> int:
        """Delete what nobody refers to and what is older than the grace; returns bytes freed."""
        ...
