"""Signed commands: one struct per type, and how a signer makes one.

All share the envelope `{"id","type","for","seq","iat","nbf","exp"}`. `iat`, `nbf`, `exp` are Unix seconds
(RFC 7519), all other times Unix milliseconds.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Final

import msgspec
from msgspec import Meta, Struct, field

from devices import jws
from devices.errors import EncodeError
from devices.keys import Jwk, KeyRecord, KeySet, Seconds, SigningKey
from devices.messages import END, ByteCount, Duration, Millis, PressId, Sha256, Token, Url

MAX_LIFE_S: Final = 24 * 3600
MAX_LONG_LIFE_S: Final = 8 * 24 * 3600
EMERGENCY_PRIORITY: Final = 224

Address = Annotated[str, Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}" + END)]
Seq = Annotated[int, Meta(ge=1, le=2**53 - 1, description="max(last + 1, Unix ms), per key")]
Priority = Annotated[int, Meta(ge=0, le=255, description="224-255: emergency")]
Volume = Annotated[int, Meta(ge=0, description="0-100; above the device's limit it is lowered to it")]


class CommandType(StrEnum):
    """Every type of command."""

    PLAY = "play"
    STOP = "stop"
    CACHE = "cache"
    PLAN = "plan"
    LIVE = "live"
    SET = "set"
    SELFTEST = "selftest"
    KEYS = "keys"
    TIME = "time"
    REPORT = "report"


class AudioRef(Struct, frozen=True, kw_only=True):
    """One piece of audio: fetched from an enrolled base, played only if its SHA-256 is this one."""

    url: Url
    sha256: Sha256
    bytes: ByteCount
    ms: Duration


AudioList = Annotated[tuple[AudioRef, ...], Meta(min_length=1, max_length=6)]


class Head(Struct, frozen=True, kw_only=True):
    """What can be said of a well-signed command that is otherwise not understood."""

    id: Token


class Envelope(Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="type"):
    """What every command says of itself."""

    id: Token
    for_: Address = field(name="for")
    seq: Seq
    iat: Seconds
    nbf: Seconds | None = None
    exp: Seconds

    @property
    def type(self) -> CommandType:
        """The command's type, as it stands on the wire."""
        return CommandType(str(self.__struct_config__.tag))


class PlayCommand(Envelope, frozen=True, kw_only=True, omit_defaults=True, tag="play"):
    """Play these pieces in this order, `repeat` times, beginning at `start_at`."""

    broadcast: Token
    run: Token
    priority: Priority
    volume: Volume
    repeat: Annotated[int, Meta(ge=1, le=20)] = 1
    audio: AudioList
    start_at: Millis
    text: Annotated[str, Meta(max_length=200)] = ""
    drill: bool = False

    @property
    def duration_ms(self) -> int:
        """How long it sounds, with its repeats."""
        return sum(piece.ms for piece in self.audio) * self.repeat


class StopCommand(Envelope, frozen=True, kw_only=True, omit_defaults=True, tag="stop"):
    """Silence one run, or (`run` null) all, at this address, with all that was signed before."""

    run: Token | None


class CacheCommand(Envelope, frozen=True, kw_only=True, omit_defaults=True, tag="cache"):
    """Fetch approved emergency audio now and keep it."""

    audio: AudioList
    keep_until: Millis


class PlanCommand(Envelope, frozen=True, kw_only=True, omit_defaults=True, tag="plan"):
    """Fetch a file of signed slots for days without uplink."""

    rev: Annotated[int, Meta(ge=0, le=2**53 - 1)]
    url: Url
    sha256: Sha256
    bytes: ByteCount
    from_: Millis = field(name="from")
    until: Millis


class LiveCommand(Envelope, frozen=True, kw_only=True, omit_defaults=True, tag="live"):
    """Play frames as they come, each signed by the one-time `key`."""

    run: Token
    priority: Priority
    volume: Volume
    url: Url
    key: Jwk
    codec: Token
    drill: bool = False


class SetCommand(Envelope, frozen=True, kw_only=True, omit_defaults=True, tag="set"):
    """Change zones, audio bases or volume; what is left out stays."""

    zones: Annotated[tuple[Address, ...], Meta(max_length=32)] | None = None
    bases: Annotated[tuple[Url, ...], Meta(min_length=1, max_length=8)] | None = None
    volume: Volume | None = None


class SelfTestCommand(Envelope, frozen=True, kw_only=True, omit_defaults=True, tag="selftest"):
    """Test yourself; the ack tells."""


class KeysCommand(Envelope, frozen=True, kw_only=True, omit_defaults=True, tag="keys"):
    """The keys to trust from now on. Signed by a root key."""

    rev: Annotated[int, Meta(ge=0, le=2**53 - 1)]
    keys: Annotated[tuple[KeyRecord, ...], Meta(max_length=16)]

    @property
    def key_set(self) -> KeySet:
        """The list as a device keeps it."""
        return KeySet(rev=self.rev, keys=self.keys)


class TimeCommand(Envelope, frozen=True, kw_only=True, omit_defaults=True, tag="time"):
    """Signed time: `t1` the device's own at asking, `t2` and `t3` the hub's at receiving and at answering."""

    nonce: PressId
    t1: Millis
    t2: Millis
    t3: Millis


class ReportCommand(Envelope, frozen=True, kw_only=True, omit_defaults=True, tag="report"):
    """Send status and telemetry now."""


Command = (
    PlayCommand
    | StopCommand
    | CacheCommand
    | PlanCommand
    | LiveCommand
    | SetCommand
    | SelfTestCommand
    | KeysCommand
    | TimeCommand
    | ReportCommand
)
COMMAND: Final[msgspec.json.Decoder[Command]] = msgspec.json.Decoder(Command)


def max_life_s(command: Command) -> int:
    """How long after `iat` a command may still start, in seconds."""
    return MAX_LONG_LIFE_S if isinstance(command, PlanCommand | CacheCommand) else MAX_LIFE_S


def next_seq(last: int, now_ms: int) -> int:
    """Return a key's next sequence number: it grows always, and keeps pace with the clock."""
    return max(last + 1, now_ms)


def fault_of(command: Command) -> str | None:
    """Say what in a command contradicts itself; None when nothing does."""
    if command.exp <= command.iat:
        return "exp is not after iat"
    if command.exp - command.iat > max_life_s(command):
        return f"exp is more than {max_life_s(command)} s after iat"
    if isinstance(command, PlayCommand) and command.start_at > command.exp * 1000:
        return "start_at is after exp"
    if isinstance(command, PlanCommand) and command.until <= command.from_:
        return "until is not after from"
    return None


def sign(command: Command, key: SigningKey) -> str:
    """Sign a command as it goes on the wire; EncodeError when no device would take it."""
    try:
        claims = msgspec.json.encode(command)
        COMMAND.decode(claims)
    except (msgspec.MsgspecError, UnicodeError) as error:
        raise EncodeError(f"{command.type}: {error}") from error
    fault = fault_of(command)
    if fault:
        raise EncodeError(f"{command.type}: {fault}")
    return jws.seal(claims, key)
