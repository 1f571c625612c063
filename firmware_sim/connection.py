"""One MQTT connection: a paho client driven by an asyncio loop that thousands share, without a thread each.

It is opened once, ends once and is thrown away, so that nothing of the one before is sent again by itself.
"""

from __future__ import annotations

import asyncio
import logging
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from paho.mqtt.client import Client, ConnectFlags, DisconnectFlags, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from firmware_sim.connectors import Connectors
from firmware_sim.effects import LastWill, Publish

if TYPE_CHECKING:
    from paho.mqtt.client import SocketLike

log = logging.getLogger(__name__)

KEEP_ALIVE_S = 60
CARE_EVERY_S = 15.0  # how often paho looks at its keep-alive; without CONNACK until then it is given up


@dataclass(frozen=True, slots=True)
class Exchange:
    """What all connections of a process share: the broker, its trust, the loop and its few threads."""

    host: str
    port: int
    trust: ssl.SSLContext | None
    loop: asyncio.AbstractEventLoop
    connectors: Connectors
    keep_alive_s: int = KEEP_ALIVE_S


@dataclass(frozen=True, slots=True)
class Account:
    """The credentials of one device; its id is the client id, and the broker insists on it."""

    device: str
    username: str
    password: str


class Listener(Protocol):
    """Who hears of a connection; always from the loop, never from inside paho, nothing after `went_down`."""

    def came_up(self) -> None:
        """Connected, subscriptions sent."""

    def went_down(self, why: str) -> None:
        """Over, or never came up."""

    def message(self, topic: str, payload: bytes) -> None:
        """The broker brought a message."""

    def sent(self, mid: int) -> None:
        """The broker acknowledged a publish (QoS 1), or it left (QoS 0)."""


class Connection:
    """`open` once, `close` at most once; the listener hears what happens between."""

    def __init__(
        self,
        account: Account,
        exchange: Exchange,
        will: LastWill,
        subscriptions: tuple[str, ...],
        listener: Listener,
    ) -> None:
        self._device = account.device
        self._exchange = exchange
        self._loop = exchange.loop
        self._subscriptions = subscriptions
        self._listener = listener
        self._over = False
        self._is_up = False
        self._sock: SocketLike | None = None  # the one the loop watches
        self._care: asyncio.TimerHandle | None = None
        self._refusal: str | None = None
        self._client = client = Client(
            CallbackAPIVersion.VERSION2, account.device, reconnect_on_failure=False
        )
        client.username_pw_set(account.username, account.password)
        client.will_set(will.topic, will.payload, qos=1, retain=True)
        if exchange.trust is not None:
            client.tls_set_context(exchange.trust)
        self._listen()

    def open(self) -> None:
        """Begin; `came_up` or `went_down` follows."""
        exchange = self._exchange
        self._client.connect_async(exchange.host, exchange.port, exchange.keep_alive_s)
        exchange.connectors.submit(self._client.reconnect, self._opened)

    def publish(self, message: Publish) -> int:
        """Hand a message to paho; returns the number that `sent` will name."""
        return self._client.publish(message.topic, message.payload, message.qos, message.retain).mid

    def resubscribe(self, subscriptions: tuple[str, ...]) -> None:
        """Change what is subscribed to, without a gap for what stays."""
        gone = [topic for topic in self._subscriptions if topic not in subscriptions]
        self._subscriptions = subscriptions
        if self._is_up and not self._over:
            self._client.subscribe([(topic, 1) for topic in subscriptions])
            if gone:
                self._client.unsubscribe(gone)

    def cut(self) -> None:
        """Break it as a dying network does: no DISCONNECT, so that the broker publishes the will."""
        if isinstance(self._sock, socket.socket):
            self._sock.shutdown(socket.SHUT_RDWR)

    def close(self, farewell: Publish | None) -> None:
        """End it in good order; the will is not published, so `farewell` says what it would have said. Without one the
        device sleeps: it said when it will speak again, and that stands."""
        self._over = True
        if self._is_up:
            if farewell is not None:
                self.publish(farewell)
            self._client.disconnect()
            self._client.loop_write()
        self._let_go()

    def _listen(self) -> None:
        client = self._client
        client.on_connect = self._on_connect
        client.on_disconnect = self._on_disconnect
        client.on_subscribe = self._on_subscribe
        client.on_message = self._on_message
        client.on_publish = self._on_publish
        client.on_socket_register_write = self._on_want_write
        client.on_socket_unregister_write = self._on_written
        client.on_socket_close = self._on_socket_close

    def _opened(self, failure: str | None) -> None:
        sock = self._client.socket()
        if self._over:  # closed meanwhile
            if sock is not None:
                sock.close()
        elif failure is not None or sock is None:
            self._end(failure or "closed at once")
        else:
            self._sock = sock
            self._loop.add_reader(sock.fileno(), self._read)
            self._loop.add_writer(sock.fileno(), self._client.loop_write)  # paho's CONNECT is waiting
            self._care = self._loop.call_later(CARE_EVERY_S, self._take_care)

    def _read(self) -> None:
        self._client.loop_read()
        while isinstance(self._sock, ssl.SSLSocket) and self._sock.pending():
            self._client.loop_read()  # decrypted already, so no selector will tell

    def _take_care(self) -> None:
        self._client.loop_misc()
        if not self._is_up:
            self._end("no CONNACK")
        elif not self._over:
            self._care = self._loop.call_later(CARE_EVERY_S, self._take_care)

    def _end(self, why: str) -> None:
        if not self._over:
            self._over = True
            self._let_go()
            self._listener.went_down(why)

    def _let_go(self) -> None:
        if self._care is not None:
            self._care.cancel()
        sock, self._sock = self._sock, None
        if sock is not None:
            self._loop.remove_reader(sock.fileno())
            self._loop.remove_writer(sock.fileno())
            sock.close()

    def _later(self, call: Callable[[], None]) -> None:
        """Do it in the loop's next turn, unless it is over by then: paho holds locks inside its callbacks."""
        self._loop.call_soon(lambda: None if self._over else call())

    def _on_connect(
        self, client: Client, _data: object, _flags: ConnectFlags, reason: ReasonCode,
        _more: Properties | None,
    ) -> None:  # fmt: skip
        if reason.is_failure:
            self._refusal = f"refused: {reason}"
            return
        self._is_up = True
        client.subscribe([(topic, 1) for topic in self._subscriptions])
        self._later(self._listener.came_up)

    def _on_subscribe(
        self, _client: Client, _data: object, _mid: int, reasons: list[ReasonCode], _more: Properties | None
    ) -> None:  # fmt: skip
        if any(reason.is_failure for reason in reasons):
            log.warning("%s: the broker refused a subscription", self._device)

    def _on_disconnect(
        self, _client: Client, _data: object, _flags: DisconnectFlags, reason: ReasonCode,
        _more: Properties | None,
    ) -> None:  # fmt: skip
        why = self._refusal or f"connection lost: {reason}"
        self._later(lambda: self._end(why))

    def _on_message(self, _client: Client, _data: object, message: MQTTMessage) -> None:
        topic, payload = message.topic, bytes(message.payload)
        self._later(lambda: self._listener.message(topic, payload))

    def _on_publish(
        self, _client: Client, _data: object, mid: int, _reason: ReasonCode, _more: Properties | None
    ) -> None:  # fmt: skip
        self._later(lambda: self._listener.sent(mid))

    def _on_want_write(self, _client: Client, _data: object, sock: SocketLike) -> None:
        if sock is self._sock:  # not while a thread still opens it
            self._loop.add_writer(sock.fileno(), self._client.loop_write)

    def _on_written(self, _client: Client, _data: object, sock: SocketLike) -> None:
        if sock is self._sock:
            self._loop.remove_writer(sock.fileno())

    def _on_socket_close(self, _client: Client, _data: object, sock: SocketLike) -> None:
        if sock is self._sock:  # while the descriptor is still ours
            self._sock = None
            self._loop.remove_reader(sock.fileno())
            self._loop.remove_writer(sock.fileno())
