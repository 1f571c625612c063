"""What services need of the world. `hub/db` implements these over SQLite and PostgreSQL; nothing else does."""

from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar

import msgspec

from devices.messages import Reply
from hub.domain.calls import Call
from hub.domain.desks import Desk
from hub.domain.events import Event, NewEvent
from hub.domain.people import Scope, User
from hub.domain.residents import Card, Household
from hub.domain.sessions import Session

T = TypeVar("T")


class StoredPress(msgspec.Struct, frozen=True):
    """A press already known: the call it opened or joined, None when it opened none."""

    id: str
    call: str | None
    received_at: int


class NewPress(msgspec.Struct, frozen=True, kw_only=True):
    """A press to remember for 30 days under (device, id)."""

    device: str
    id: str
    kind: str
    call: str | None
    received_at: int
    at: int | None
    via: str
    decoded: bool
    late: bool


class Timer(msgspec.Struct, frozen=True, kw_only=True):
    """A durable timer of a call, due at `due_at` (Unix ms)."""

    id: int
    call: str
    step: str
    due_at: int
    attempts: int


class Outgoing(msgspec.Struct, frozen=True, kw_only=True):
    """A message queued for the world: `kind` "reply" goes to a device, "notice" to people."""

    id: int
    kind: str
    address: str
    body: bytes
    attempts: int


class Presses(Protocol):
    """Every press of the last 30 days."""

    def find(self, device: str, press: str) -> StoredPress | None: ...
    def find_undecoded(self, device: str, digest: str) -> StoredPress | None: ...
    def add(self, press: NewPress) -> bool: ...
    def newest_of_call(self, call: str) -> Sequence[tuple[str, str]]: ...
    def newest_call_of_device(self, device: str, since: int) -> tuple[str, str] | None: ...


class Calls(Protocol):
    """The calls themselves; `swap` is the one way to change a state."""

    def insert(self, call: Call, subject: str, *, is_open: bool) -> bool: ...
    def get(self, call_id: str) -> Call | None: ...
    def open_for(self, subject: str) -> Call | None: ...
    def unclosed_for(self, subject: str) -> str | None: ...
    def count_press(self, call_id: str, now: int) -> bool: ...
    def swap(self, before: Call, after: Call) -> bool: ...


class Events(Protocol):
    """The append-only tale of everything."""

    def record(self, event: NewEvent) -> None: ...


class Timers(Protocol):
    """Durable timers, armed in the transaction of their cause."""

    def arm(self, call: str, step: str, due_at: int) -> None: ...
    def disarm(self, call: str) -> None: ...
    def due(self, now: int, limit: int) -> Sequence[Timer]: ...
    def take(self, timer: Timer) -> bool: ...
    def defer(self, timer: Timer, due_at: int) -> None: ...


class Outbox(Protocol):
    """Messages to devices and people, sent at least once."""

    def reply(self, device: str, reply: Reply) -> None: ...
    def notice(self, address: str, body: bytes) -> None: ...


class Register(Protocol):
    """Devices, residents and areas, as the call path needs them."""

    def household(self, device: str, at: int) -> Household: ...
    def has_device(self, device: str) -> bool: ...


class Desks(Protocol):
    """Screens that are open, and may sound."""

    def put(self, desk: Desk) -> None: ...
    def remove(self, desk_id: str) -> None: ...
    def is_live(self, target: str, now: int) -> bool: ...


class Transaction(Protocol):
    """One atomic change: all of it is committed, or none."""

    @property
    def calls(self) -> Calls: ...
    @property
    def presses(self) -> Presses: ...
    @property
    def events(self) -> Events: ...
    @property
    def timers(self) -> Timers: ...
    @property
    def outbox(self) -> Outbox: ...
    @property
    def register(self) -> Register: ...
    @property
    def desks(self) -> Desks: ...
    def new_id(self, prefix: str, now: int) -> str: ...
    def collide(self) -> Exception: ...


class Reader(Protocol):
    """Committed facts, for pages and the API. Lists are newest first unless they say otherwise."""

    def user(self, user_id: str) -> User | None: ...
    def session(self, token_hash: str, now: int) -> Session | None: ...
    def call(self, call_id: str, scope: Scope) -> Call | None: ...
    def open_calls(self, scope: Scope) -> Sequence[Call]: ...
    def timeline(self, call_id: str) -> Sequence[Event]: ...
    def card(self, resident: str) -> Card | None: ...
    def events_after(self, event_id: int, limit: int) -> Sequence[Event]: ...
    def last_event_id(self) -> int: ...
    def first_event_id(self) -> int: ...


Command = Callable[[Transaction], T]
