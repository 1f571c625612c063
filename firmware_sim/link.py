"""One device's link to the broker: connections one after another, and what waits while there is none."""

import asyncio
import logging
import secrets
from random import Random
from typing import Protocol

from firmware_sim.backoff import Backoff
from firmware_sim.connection import Account, Connection, Exchange
from firmware_sim.effects import LastWill, Publish
from firmware_sim.outbox import Outbox

log = logging.getLogger(__name__)


class Owner(Protocol):
    """The device a link serves."""

    @property
    def subscriptions(self) -> tuple[str, ...]:
        """The topics to subscribe at QoS 1 on each connection."""

    def last_will(self, session: str) -> LastWill:
        """The will of the connection that is about to open."""

    def link_up(self) -> None:
        """Connected."""

    def link_down(self) -> None:
        """Not connected any more."""

    def link_message(self, topic: str, payload: bytes) -> None:
        """A message from the broker."""


class Link:
    """Keeps one device connected, with full-jitter pauses; `start` and `stop` once, `publish` at any time."""

    def __init__(self, account: Account, exchange: Exchange, owner: Owner, rng: Random) -> None:
        self.is_up = False
        self.outbox = Outbox()
        self._account = account
        self._exchange = exchange
        self._owner = owner
        self._backoff = Backoff(rng)
        self._connection: Connection | None = None
        self._will: LastWill | None = None
        self._retry: asyncio.TimerHandle | None = None
        self._up_since_s = 0.0
        self._tickets: dict[int, int] = {}  # number of a publish to its ticket in the outbox
        self._complaint: str | None = None

    def start(self) -> None:
        """Open a connection under a session of its own; from here on they follow each other."""
        self._will = self._owner.last_will(secrets.token_hex(8))
        self._connection = Connection(
            self._account, self._exchange, self._will, self._owner.subscriptions, self
        )
        self._connection.open()

    def publish(self, message: Publish) -> None:
        """Send now; without a connection only what is to be kept is not lost."""
        if message.keep:
            ticket = self.outbox.put(message)
            self._forward(ticket, message)
        elif self.is_up and self._connection is not None:
            self._connection.publish(message)

    def cut(self) -> None:
        """Break the connection without a farewell; the link finds its way back."""
        if self._connection is not None:
            self._connection.cut()

    def resubscribe(self) -> None:
        """The owner's subscriptions have changed."""
        if self._connection is not None:
            self._connection.resubscribe(self._owner.subscriptions)

    def stop(self, *, asleep: bool = False) -> None:
        """Say offline (not when `asleep`), disconnect, and do not come back."""
        if self._retry is not None:
            self._retry.cancel()
        self._close(asleep=asleep)

    def came_up(self) -> None:
        """A connection stands: the device speaks first, then goes out what waited."""
        self.is_up, self._complaint = True, None
        self._up_since_s = self._exchange.loop.time()
        waiting = self.outbox.waiting()
        self._owner.link_up()
        for ticket, message in waiting:
            self._forward(ticket, message)

    def went_down(self, why: str) -> None:
        """A connection ended, or none came up: try again after a pause."""
        lasted_s = self._exchange.loop.time() - self._up_since_s if self.is_up else 0.0
        was_up, self.is_up = self.is_up, False
        self._connection = None
        self._tickets.clear()
        self._retry = self._exchange.loop.call_later(self._backoff.pause_s(lasted_s), self.start)
        if why != self._complaint:  # a broker away for hours is one line per device
            log.warning("%s: %s", self._account.device, why)
            self._complaint = why
        if was_up:
            self._owner.link_down()

    def message(self, topic: str, payload: bytes) -> None:
        """The broker brought a message."""
        self._owner.link_message(topic, payload)

    def sent(self, mid: int) -> None:
        """The broker has a message; if it was kept, it need not be any more."""
        ticket = self._tickets.pop(mid, None)
        if ticket is not None:
            self.outbox.settle(ticket)

    def _forward(self, ticket: int, message: Publish) -> None:
        if self.is_up and self._connection is not None:
            self._tickets[self._connection.publish(message)] = ticket

    def _close(self, *, asleep: bool) -> None:
        connection, self._connection = self._connection, None
        self._tickets.clear()
        self.is_up = False
        if connection is not None and self._will is not None:
            said = None if asleep else Publish(self._will.topic, self._will.payload, qos=1, retain=True)
            connection.close(said)
