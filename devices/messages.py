"""What stands in each message, one struct per topic. `codec` turns bytes into these and back.

Times are integer Unix milliseconds UTC. A field without a default is always on the wire, as null if need be;
a field at its default is left out.
"""

from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct

# `$` alone lets a trailing newline through in Python; the look-ahead shuts it out, in JSON Schema too.
END = r"$(?!\n)"
NO_CONTROL = r"^[^\x00-\x1f\x7f]*" + END

Millis = Annotated[int, Meta(ge=0, le=2**53 - 1, description="Unix milliseconds UTC")]
Duration = Annotated[int, Meta(ge=0, le=2**53 - 1, description="milliseconds")]
PressId = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{1,64}" + END)]
Token = Annotated[str, Meta(pattern=r"^[A-Za-z0-9._:-]{1,64}" + END)]
Label = Annotated[str, Meta(max_length=64, pattern=NO_CONTROL)]
Sentence = Annotated[str, Meta(max_length=400, pattern=NO_CONTROL)]
Sha256 = Annotated[str, Meta(pattern="^[0-9a-f]{64}" + END, description="SHA-256 in lower-case hex")]
ByteCount = Annotated[int, Meta(ge=1, le=64 * 1024 * 1024)]
Url = Annotated[str, Meta(min_length=1, max_length=500, pattern=r"^[\x21-\x7e]+" + END)]
Interval = Annotated[int, Meta(ge=1, le=7 * 86400, description="seconds to the next sign of life")]
Percent = Annotated[float, Meta(ge=0, le=100)]


class PressKind(StrEnum):
    """What a press means. `sos` and `fall` always call; the others are quiet."""

    SOS = "sos"
    FALL = "fall"
    CANCEL = "cancel"
    TEST = "test"
    OK = "ok"
    CALLBACK = "callback"


class Location(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Where the device believes it is: degrees in WGS 84, accuracy in metres."""

    lat: Annotated[float, Meta(ge=-90, le=90)]
    lon: Annotated[float, Meta(ge=-180, le=180)]
    acc_m: Annotated[float, Meta(ge=0)] | None = None


class PressOnWire(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A press as the device writes it. `at` is shown and never decides."""

    id: PressId
    kind: PressKind
    at: Millis | None
    age_ms: Duration | None = None
    battery: Percent | None = None
    signal: Annotated[float, Meta(ge=-1000, le=1000, description="dBm")] | None = None
    loc: Location | None = None


class Press(PressOnWire, frozen=True, kw_only=True, omit_defaults=True):
    """A press as the hub reads it; `decoded` is False when its bytes made no sense and it rings even so."""

    at: Millis | None = None
    decoded: bool = True


class Clock(StrEnum):
    """Whether a device knows the time."""

    OK = "ok"
    NONE = "none"


class Status(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A sign of life, and (`online` false) the last will. Only an offline of the same `session` counts."""

    online: bool
    session: Annotated[str, Meta(min_length=1, max_length=64, pattern=NO_CONTROL)]
    boot: Label | int | None = None
    fw: Label | None = None
    model: Label | None = None
    every_s: Interval | None = None
    clock: Clock | None = None


class Telemetry(Struct, frozen=True, kw_only=True):
    """Measured values by name, finite numbers only; `rejected` counts those that were none."""

    at: int | None
    metrics: dict[str, float]
    rejected: int = 0


class ReceiptState(StrEnum):
    """What a loudspeaker did with a run; `heard` is its own microphone's word."""

    READY = "ready"
    PLAYING = "playing"
    PLAYED = "played"
    HEARD = "heard"
    PREEMPTED = "preempted"
    STOPPED = "stopped"
    REFUSED = "refused"
    FAILED = "failed"


class Receipt(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What one loudspeaker reports about one run. `reason` is one of RefusalReason, or a later firmware's."""

    run: Token
    command: Token | None = None
    state: ReceiptState
    at: Millis | None = None
    played_ms: Duration | None = None
    reason: Token | None = None
    detail: Annotated[str, Meta(max_length=200, pattern=NO_CONTROL)] | None = None
    offset_ms: Annotated[int, Meta(ge=-(2**53), le=2**53, description="start minus start_at")] | None = None
    heard_db: Annotated[float, Meta(ge=-200, le=200)] | None = None
    drill: bool = False


class AckState(StrEnum):
    """How a command ended."""

    DONE = "done"
    REFUSED = "refused"
    FAILED = "failed"


class Ack(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The answer to a command. What cannot be trusted has no id: it is named by the digest of its bytes."""

    id: Token | None
    state: AckState
    reason: Token | None = None
    digest: Sha256 | None = None


class TimeRequest(Struct, frozen=True, kw_only=True):
    """Asks for signed time. `t1` is the device's own clock, whatever it shows, in milliseconds."""

    nonce: PressId
    t1: Annotated[int, Meta(ge=0, le=2**53 - 1)]


class ReplyState(StrEnum):
    """How far the call of a press has come."""

    RECEIVED = "received"
    ANSWERED = "answered"
    COMING = "coming"
    CLOSED = "closed"


class Ask(StrEnum):
    """What the device should ask the elder."""

    RATE = "rate"


class ReplyAudio(Struct, frozen=True, kw_only=True):
    """The sentence of a reply, spoken, for devices without a voice of their own."""

    url: Url
    sha256: Sha256
    bytes: ByteCount


class Reply(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Progress of a device's call. The highest `rev` of a call wins."""

    press: PressId
    call: Token | None
    rev: Annotated[int, Meta(ge=0, le=2**53 - 1)]
    state: ReplyState
    by: Label
    say: Sentence
    audio: ReplyAudio | None = None
    at: Millis
    drill: bool
    ask: Ask | None


UpMessage = PressOnWire | Status | Telemetry | Receipt | Ack | TimeRequest
Message = UpMessage | Reply
