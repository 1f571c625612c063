"""What a device's logic is told and what it asks for: instants in, effects out.

The state machines (`button`, `loudspeaker`) do no I/O and read no clock. `runner` carries their effects out
over real sockets; a simulation on a virtual clock can carry the same effects out over none.
"""

from dataclasses import dataclass

from devices.errors import RefusalReason
from devices.messages import Reply


@dataclass(frozen=True, slots=True)
class Moment:
    """One instant as a device knows it.

    `mono_ms` never steps and counts from any origin; `wall_ms` is Unix milliseconds, None without a clock.
    """

    mono_ms: int
    wall_ms: int | None

    def later(self, by_ms: int) -> "Moment":
        """Return the moment `by_ms` after this one."""
        return Moment(self.mono_ms + by_ms, None if self.wall_ms is None else self.wall_ms + by_ms)


@dataclass(frozen=True, slots=True)
class LastWill:
    """What the broker publishes, retained at QoS 1, when this connection dies."""

    topic: str
    payload: bytes


@dataclass(frozen=True, slots=True)
class Publish:
    """Send over MQTT. `keep`: store while the link is down and send again until the broker has it."""

    topic: str
    payload: bytes
    qos: int
    retain: bool = False
    keep: bool = False


@dataclass(frozen=True, slots=True)
class PostPress:
    """Send a press by the second path; exactly one `SecondPathAnswer` comes back."""

    press: str
    payload: bytes


@dataclass(frozen=True, slots=True)
class AskReply:
    """Ask the second path for the newest reply to a press; exactly one `SecondPathAnswer` comes back."""

    press: str


@dataclass(frozen=True, slots=True)
class SecondPathAnswer:
    """How the second path answered: to an AskReply (`asked`) or a PostPress; `status` None is no answer."""

    press: str
    asked: bool
    status: int | None
    body: bytes = b""
    retry_after_s: int | None = None


@dataclass(frozen=True, slots=True)
class Save:
    """Put `state` where it survives a restart, before the effects that follow are carried out."""

    state: bytes


@dataclass(frozen=True, slots=True)
class Speak:
    """Say a reply's sentence aloud."""

    reply: Reply


@dataclass(frozen=True, slots=True)
class Show:
    """The device's lamp changes to `panel`."""

    panel: str


@dataclass(frozen=True, slots=True)
class Heard:
    """A press has its first `received` or later, `after_ms` after the finger."""

    press: str
    reply: Reply
    after_ms: int


@dataclass(frozen=True, slots=True)
class GaveUp:
    """A press was repeated for 24 h and never answered."""

    press: str


@dataclass(frozen=True, slots=True)
class Resubscribe:
    """The device's `subscriptions` have changed."""


@dataclass(frozen=True, slots=True)
class Fetch:
    """Bring this audio onto the device from the first address that has it; exactly one `Fetched` comes back.

    No redirects, no more than `bytes`, and nothing counts that has another SHA-256.
    """

    sha256: str
    urls: tuple[str, ...]
    bytes: int


@dataclass(frozen=True, slots=True)
class Fetched:
    """The end of a fetch: `reason` None when the audio lies on the device, verified."""

    sha256: str
    reason: RefusalReason | None = None

    @property
    def is_final(self) -> bool:
        """Whether trying again is useless: it is here, or what lies there is not what was signed."""
        return self.reason in (None, RefusalReason.HASH_MISMATCH)


@dataclass(frozen=True, slots=True)
class StartSound:
    """Play these pieces in this order, `repeat` times, from `from_ms` of the whole, at `volume` (0-100)."""

    run: str
    pieces: tuple[str, ...]
    repeat: int
    volume: int
    from_ms: int


@dataclass(frozen=True, slots=True)
class StopSound:
    """The sound of `run` is over after `played_ms` of the whole."""

    run: str
    played_ms: int


Effect = (
    Publish
    | PostPress
    | AskReply
    | Save
    | Speak
    | Show
    | Heard
    | GaveUp
    | Resubscribe
    | Fetch
    | StartSound
    | StopSound
)
