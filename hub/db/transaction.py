"""The unit of work: one command's, or many commands', atomic change."""

import secrets
from collections.abc import Callable
from functools import cached_property
from typing import NamedTuple

import msgspec
from sqlalchemy import Connection

from hub.db.accounts import AccountRows
from hub.db.broadcasting import BroadcastWork
from hub.db.calls import CallRows
from hub.db.desks import DeskRows
from hub.db.events import EventRows
from hub.db.feedback import FeedbackRows
from hub.db.outbox import OutboxRows
from hub.db.places import PlaceRows
from hub.db.plans import PlanRows
from hub.db.presence import PresenceRows
from hub.db.presses import PressRows
from hub.db.register import RegisterRows
from hub.db.registrar import RegistrarRows
from hub.db.residents import ResidentRows
from hub.db.responders import ResponderRows
from hub.db.rosters import RosterRows
from hub.db.timers import TimerRows
from hub.domain.events import Event
from hub.ports import Outgoing

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"


class Collision(Exception):
    """Another hub changed what this command had read; it is run again on what is there now."""


class Committed(msgspec.Struct, frozen=True):
    """What a commit put into the world's queues. `next_due` is the earliest timer that was armed."""

    events: tuple[Event, ...] = ()
    outgoing: tuple[Outgoing, ...] = ()
    next_due: int | None = None


class Mark(NamedTuple):
    """How much the transaction had collected when a command began."""

    events: int
    outgoing: int
    timers: int


class Tx:
    """Implements hub.ports.Transaction on one connection, inside one database transaction."""

    def __init__(
        self, conn: Connection, owner: str, random_bits: Callable[[int], int] = secrets.randbits
    ) -> None:
        self.conn = conn
        self._random_bits = random_bits
        self.calls = CallRows(conn)
        self.presses = PressRows(conn)
        self.timers = TimerRows(conn)
        self.register = RegisterRows(conn)
        self.events = EventRows()
        self.outbox = OutboxRows(owner)

    # what presses seldom need is made when it is asked for

    @cached_property
    def plans(self) -> PlanRows:
        """Who is called while nobody answers."""
        return PlanRows(self.conn)

    @cached_property
    def desks(self) -> DeskRows:
        """Screens that are open."""
        return DeskRows(self.conn)

    @cached_property
    def responders(self) -> ResponderRows:
        """Those who were asked to go."""
        return ResponderRows(self.conn)

    @cached_property
    def feedback(self) -> FeedbackRows:
        """One-time links by which an elder rates."""
        return FeedbackRows(self.conn)

    @cached_property
    def registrar(self) -> RegistrarRows:
        """The register as it is written."""
        return RegistrarRows(self.conn)

    @cached_property
    def residents(self) -> ResidentRows:
        """Residents as the county keeps them."""
        return ResidentRows(self.conn)

    @cached_property
    def places(self) -> PlaceRows:
        """Areas, clinics and people who help."""
        return PlaceRows(self.conn)

    @cached_property
    def rosters(self) -> RosterRows:
        """Who is on duty at which place."""
        return RosterRows(self.conn)

    @cached_property
    def accounts(self) -> AccountRows:
        """Users, their sessions and tokens."""
        return AccountRows(self.conn)

    @cached_property
    def presence(self) -> PresenceRows:
        """Which devices are there."""
        return PresenceRows(self.conn)

    @cached_property
    def broadcasting(self) -> BroadcastWork:
        """Broadcasts, as broadcast.service works on them."""
        return BroadcastWork(self.conn, self.events, self.outbox, self.new_id, self.collide)

    def new_id(self, prefix: str, now: int) -> str:
        """A new id that sorts by time: prefix, 48 bits of milliseconds, 50 random bits."""
        return prefix + _base32(now, 10) + _base32(self._random_bits(50), 10)

    def collide(self) -> Exception:
        """What to raise when another hub was faster: the command runs again."""
        return Collision()

    def mark(self) -> Mark:
        """Where a command begins."""
        return Mark(len(self.events.waiting), len(self.outbox.waiting), len(self.timers.armed))

    def forget_since(self, mark: Mark) -> None:
        """The command was rolled back: drop what it had collected."""
        del self.events.waiting[mark.events :]
        del self.outbox.waiting[mark.outgoing :]
        del self.timers.armed[mark.timers :]

    def flush(self, now: int) -> Committed:
        """Write what was collected. Events last: from their lock to the commit nothing may wait."""
        outgoing = self.outbox.flush(self.conn, now)
        events = self.events.flush(self.conn)
        armed = self.timers.armed
        return Committed(tuple(events), tuple(outgoing), min(armed) if armed else None)


def _base32(number: int, length: int) -> str:
    digits = ""
    for _ in range(length):
        number, digit = divmod(number, 32)
        digits = _ALPHABET[digit] + digits
    return digits
