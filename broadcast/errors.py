"""What can go wrong between an admin's words and the sound, in terms the admin can act on."""

from enum import StrEnum
from types import MappingProxyType
from typing import Final

Value = str | int | float


class Kind(StrEnum):
    """The class of an error, mapped to HTTP once, at the edge."""

    INVALID = "invalid"
    NOT_FOUND = "not_found"
    CONFLICT = "conflict"
    DENIED = "denied"
    UNAVAILABLE = "unavailable"


class Problem(StrEnum):
    """Names one sentence of the catalogues; the value is its key."""

    TEXT_EMPTY = "broadcast-text-empty"
    TEXT_UNREADABLE = "broadcast-text-unreadable"
    TEXT_TOO_LONG = "broadcast-text-too-long"
    TEXT_BROKEN = "broadcast-text-broken"
    RECORDING_EMPTY = "broadcast-recording-empty"
    RECORDING_TOO_LARGE = "broadcast-recording-too-large"
    RECORDING_NOT_AUDIO = "broadcast-recording-not-audio"
    RECORDING_BROKEN = "broadcast-recording-broken"
    RECORDING_TOO_SHORT = "broadcast-recording-too-short"
    RECORDING_TOO_LONG = "broadcast-recording-too-long"
    RECORDING_SILENT = "broadcast-recording-silent"
    VOICE_UNAVAILABLE = "broadcast-voice-unavailable"
    MASTERING_FAILED = "broadcast-mastering-failed"
    LOUDNESS_UNREACHED = "broadcast-loudness-unreached"
    STORE_FULL = "broadcast-store-full"
    STORE_UNUSABLE = "broadcast-store-unusable"
    AUDIO_MISSING = "broadcast-audio-missing"
    AUDIO_DAMAGED = "broadcast-audio-damaged"
    SOURCE = "broadcast-source"
    RECORDING_UNKNOWN = "broadcast-recording-unknown"
    TITLE = "broadcast-title"
    CATEGORY_PRIORITY = "broadcast-category-priority"
    NO_ZONES = "broadcast-no-zones"
    ZONE_UNKNOWN = "broadcast-zone-unknown"
    ZONE_SILENT = "broadcast-zone-silent"
    ZONE_NOT_YOURS = "broadcast-zone-not-yours"
    TIME_PAST = "broadcast-time-past"
    TIME_FAR = "broadcast-time-far"
    TIME_TWICE = "broadcast-time-twice"
    TIME_LOCAL = "broadcast-time-local"
    TIME_ZONE = "broadcast-time-zone"
    RULE_WRONG = "broadcast-rule-wrong"
    RULE_NEVER = "broadcast-rule-never"
    RULE_OFTEN = "broadcast-rule-often"
    UNKNOWN = "broadcast-unknown"
    CHANGED = "broadcast-changed"
    WRONG_STATE = "broadcast-wrong-state"
    ON_AIR = "broadcast-on-air"
    NOT_PREPARED = "broadcast-not-prepared"
    SAME_PERSON = "broadcast-same-person"
    APPROVER = "broadcast-approver"
    NO_LOUDSPEAKER = "broadcast-no-loudspeaker"
    RUN_UNKNOWN = "broadcast-run-unknown"
    TEMPLATE_UNKNOWN = "broadcast-template-unknown"
    TEMPLATE_NAME = "broadcast-template-name"
    TEMPLATE_BLANK = "broadcast-template-blank"
    TEMPLATE_UNASKED = "broadcast-template-unasked"
    TEMPLATE_UNFILLED = "broadcast-template-unfilled"
    TEMPLATE_VALUE = "broadcast-template-value"
    TEMPLATE_NONE = "broadcast-template-none"


KINDS: Final = MappingProxyType(
    {
        Problem.VOICE_UNAVAILABLE: Kind.UNAVAILABLE,
        Problem.MASTERING_FAILED: Kind.UNAVAILABLE,
        Problem.STORE_FULL: Kind.UNAVAILABLE,
        Problem.STORE_UNUSABLE: Kind.UNAVAILABLE,
        Problem.AUDIO_MISSING: Kind.NOT_FOUND,
        Problem.AUDIO_DAMAGED: Kind.NOT_FOUND,
        Problem.ZONE_NOT_YOURS: Kind.DENIED,
        Problem.UNKNOWN: Kind.NOT_FOUND,
        Problem.RUN_UNKNOWN: Kind.NOT_FOUND,
        Problem.CHANGED: Kind.CONFLICT,
        Problem.WRONG_STATE: Kind.CONFLICT,
        Problem.ON_AIR: Kind.CONFLICT,
        Problem.NOT_PREPARED: Kind.CONFLICT,
        Problem.SAME_PERSON: Kind.DENIED,
        Problem.APPROVER: Kind.DENIED,
    }
)


class BroadcastError(Exception):
    """Root of this package's errors.

    `problem` names the sentence the county's people read (a catalogue key), `values` what it speaks of
    (limits, sizes, seconds); `detail` is for the log alone. `kind` is one of the five of every package.
    """

    def __init__(self, problem: Problem, *, detail: str = "", **values: Value) -> None:
        self.problem = problem
        self.kind = KINDS.get(problem, Kind.INVALID)
        self.values = MappingProxyType(values)
        self.detail = detail
        named = ", ".join(f"{name}={value}" for name, value in values.items())
        super().__init__(": ".join(part for part in (problem.value, named, detail) if part))


class TextError(BroadcastError):
    """The text cannot be read aloud; nothing was made of it."""


class RecordingError(BroadcastError):
    """The uploaded recording cannot be used; nothing was made of it."""


class SpeechError(BroadcastError):
    """No voice of the chain spoke the text."""


class MasteringError(BroadcastError):
    """The sound could not be brought to the form loudspeakers play."""


class StoreError(BroadcastError):
    """The audio store could not keep or give back a file."""


class RequestError(BroadcastError):
    """What was asked of a broadcast cannot be: what to play, where, when, or by whom."""
