"""What the console is handed by `hub/wiring.py`; it constructs nothing and reads no settings itself."""

import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Protocol, TypeVar

from fastapi import Depends, Request

from devices.messages import Reply
from devices.topics import DeviceKind
from hub.console.known_devices import KnownDevices
from hub.console.remembered import RememberedSessions
from hub.console.streams import Streams
from hub.console.throttle import SignInThrottle
from hub.domain.enrolment import Enrolled, EnrolledTogether
from hub.domain.errors import Unavailable
from hub.domain.events import Event
from hub.domain.register import Device
from hub.domain.telemetry import Bucket, DeviceState, Span
from hub.i18n import Phrases
from hub.metrics import Metrics
from hub.passwords import PasswordChecker
from hub.ports import Reader, Transaction
from hub.services.ingest import Ingested
from hub.sheets.child import SheetChild

if TYPE_CHECKING:
    from hub.console.broadcasting import Broadcasting

T = TypeVar("T")


class Store(Protocol):
    """`hub.db.store.Store`, as far as the console knows it."""

    async def run(self, command: Callable[[Transaction], T], /) -> T:
        """Return after the commit; HubError of the command, Unavailable when nothing could be stored."""
        ...

    async def read(self, query: Callable[[Reader], T], /) -> T:
        """Committed facts."""
        ...


class Clock(Protocol):
    """`hub.clock.Clock`."""

    def now(self) -> int:
        """Unix ms."""
        ...


class Feed(Protocol):
    """`hub.live.feed.Feed`: committed events, and what is shown live without being a row (id 0)."""

    def follow_batches(self, sees: Callable[[Event], bool], after: int | None) -> AsyncIterator[list[Event]]:
        """All behind `after` that `sees` lets through, without a gap; from the newest when None."""
        ...


class Enrolment(Protocol):
    """What devices are told of the hub (`hub.enrolment.Enroller`)."""

    def check(self, kind: DeviceKind, /) -> None:
        """Unavailable when a device of that kind cannot be enrolled now."""
        ...

    def enrol(self, device: Device, password: str, /) -> Enrolled:
        """All that it must be told."""
        ...

    def enrol_together(self, devices: Sequence[tuple[Device, str]], /) -> EnrolledTogether:
        """The same for many, each with its password."""
        ...


class TakePress(Protocol):
    """The one way in for presses, whatever path they came by (`hub.inbox`)."""

    async def __call__(self, device: str, payload: bytes, via: str, /) -> Ingested:
        """Store the press; Unavailable when it could not be (it is shown as not recorded all the same)."""
        ...


class Telemetry(Protocol):
    """What devices measured and how they are (`hub.wiring_telemetry.TelemetryReading`)."""

    async def series(self, device: str, metric: str, span: Span, /) -> Sequence[Bucket]:
        """For a chart, oldest first. Unavailable."""
        ...

    async def states(self, devices: Collection[str], /) -> Mapping[str, DeviceState]:
        """How these devices are, all at once; one that never spoke is not among them. Unavailable."""
        ...

    def trouble(self) -> Unavailable | None:
        """Why nothing new is kept just now, to be said on the page in one sentence; None when all is well."""
        ...


@dataclass(frozen=True, slots=True)
class Health:
    """How one part is, in one line for the operator of the machine."""

    ok: bool
    detail: str


@dataclass(frozen=True, slots=True)
class Probe:
    """A named part and how to ask it; `ask` never raises for a part that is merely down."""

    name: str
    ask: Callable[[], Awaitable[Health]]
    vital: bool = True  # without it the hub is not ready for calls


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsoleContext:
    """Everything pages and API need of the rest of the hub.

    `secure`: people reach us over TLS, so cookies say Secure. `public_url`: the one address people use;
    when set, requests for other hosts are refused. `voice` puts the words into a reply for a device.
    `unrecorded`: presses shown and not stored. `probes`: what /readyz asks.
    `broadcasting`: the studio, silence and audio; None where nothing sounds.
    `demo_logins`: the file with the demo county's sign-ins, None without a demo county.
    """

    store: Store
    feed: Feed
    clock: Clock
    phrases: Phrases
    telemetry: Telemetry
    take_press: TakePress
    enrolment: Enrolment
    voice: Callable[[Reply], Reply]
    unrecorded: Callable[[], Sequence[Event]] = tuple
    secure: bool = False
    public_url: str | None = None
    demo_logins: Path | None = None
    probes: tuple[Probe, ...] = ()
    metrics: Metrics = field(default_factory=Metrics)
    sheets: SheetChild = field(default_factory=SheetChild)
    broadcasting: "Broadcasting | None" = None
    remembered: RememberedSessions = field(default_factory=RememberedSessions)
    known: KnownDevices = field(default_factory=KnownDevices)
    streams: Streams = field(default_factory=Streams)
    passwords: PasswordChecker = field(default_factory=PasswordChecker)
    throttle: SignInThrottle = field(default_factory=lambda: SignInThrottle(secrets.token_bytes(32)))


def context_of(request: Request) -> ConsoleContext:
    """The context of the application that serves `request`."""
    context = request.app.state.context
    assert isinstance(context, ConsoleContext)  # noqa: S101 -- set by create_app
    return context


async def _context(request: Request) -> ConsoleContext:
    return context_of(request)


Context = Annotated[ConsoleContext, Depends(_context)]
