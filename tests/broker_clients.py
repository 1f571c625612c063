"""A client of the tests' brokers: paho in a thread of its own, each step waited for.

That something did *not* arrive is shown by a fence: a message sent afterwards that does arrive, with nothing
before it. Both brokers deliver to one client in the order in which they took the messages.
"""

from __future__ import annotations

import queue
import threading
from dataclasses import dataclass, field
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

if TYPE_CHECKING:
    from tests.brokers import RunningBroker

PATIENCE_S = 10.0


@dataclass(frozen=True)
class Received:
    """A message as the client saw it."""

    topic: str
    payload: bytes
    qos: int
    retain: bool
    mid: int = field(compare=False, default=0)


class RefusedError(Exception):
    """The broker did not let the client in."""


class BrokerClient:
    """One connection of one user; in a `with` block it is connected."""

    def __init__(
        self,
        broker: RunningBroker,
        user: str,
        *,
        password: str | None = None,
        client_id: str | None = None,
        clean: bool = True,
        acknowledge: bool = True,
        will: tuple[str, bytes, bool] | None = None,
        ca: str | None = None,
        keep_alive_s: int = 60,
        protocol: MQTTProtocolVersion = MQTTProtocolVersion.MQTTv311,
    ) -> None:
        self._broker = broker
        self._port = broker.tls_port if ca else broker.port
        self._keep_alive_s = keep_alive_s
        self._messages: queue.Queue[Received] = queue.Queue()
        self._answers: queue.Queue[tuple[str, Any]] = queue.Queue()
        self.closed = threading.Event()
        self._paho = mqtt.Client(
            CallbackAPIVersion.VERSION2,
            client_id=user if client_id is None else client_id,
            protocol=protocol,
            manual_ack=not acknowledge,
            reconnect_on_failure=False,
            clean_session=None if protocol == MQTTProtocolVersion.MQTTv5 else clean,
        )
        if user:
            self._paho.username_pw_set(user, broker.passwords.get(user) if password is None else password)
        if will is not None:
            self._paho.will_set(will[0], will[1], 1, retain=will[2])
        if ca is not None:
            self._paho.tls_set(ca)
        self._paho.on_connect = lambda _c, _u, _f, reason, _p: self._answers.put(("connack", reason))
        self._paho.on_disconnect = lambda _c, _u, _f, _r, _p: self._has_closed()
        self._paho.on_subscribe = lambda _c, _u, _m, reasons, _p: self._answers.put(("suback", reasons))
        self._paho.on_message = lambda _c, _u, m: self._messages.put(
            Received(m.topic, bytes(m.payload), m.qos, m.retain, m.mid)
        )

    def __enter__(self) -> Self:
        self._paho.connect(self._broker.host, self._port, self._keep_alive_s)
        self._paho.loop_start()
        reason = self._answer("connack")
        if reason.is_failure:
            self._paho.loop_stop()
            raise RefusedError(str(reason))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._paho.disconnect()
        self._paho.loop_stop()

    def subscribe(self, *filters: str, qos: int = 1) -> None:
        """Subscribe and wait until the broker has taken it."""
        self._paho.subscribe([(each, qos) for each in filters])
        self._answer("suback")

    def publish(self, topic: str, payload: bytes = b"x", *, qos: int = 1, retain: bool = False) -> None:
        """Publish and, with QoS 1, wait until the broker has taken it."""
        sent = self._paho.publish(topic, payload, qos, retain=retain)
        if qos:
            sent.wait_for_publish(PATIENCE_S)

    def acknowledge(self, message: Received) -> None:
        """The PUBACK that a client made with `acknowledge=False` still owes."""
        self._paho.ack(message.mid, message.qos)

    def next(self) -> Received:
        """The next message, waited for."""
        try:
            return self._messages.get(timeout=PATIENCE_S)
        except queue.Empty:
            raise AssertionError("no message arrived") from None

    def waiting(self) -> list[Received]:
        """What has come and was not looked at yet; does not wait."""
        return [self._messages.get_nowait() for _ in range(self._messages.qsize())]

    def until(self, topic: str, payload: bytes) -> list[Received]:
        """All that arrived before the fence with this topic and payload."""
        before: list[Received] = []
        while (message := self.next()).payload != payload or message.topic != topic:
            before.append(message)
        return before

    def vanish(self) -> None:
        """Break the connection as a dying device does: nothing is said to the broker."""
        socket = self._paho.socket()
        assert socket is not None, "the client is not connected"
        self._paho.loop_stop()
        socket.close()

    def fall_silent(self) -> None:
        """Say nothing more and read nothing more, but leave the connection open."""
        self._paho.loop_stop()

    def _answer(self, expected: str) -> Any:
        try:
            kind, answer = self._answers.get(timeout=PATIENCE_S)
        except queue.Empty:
            raise AssertionError(f"no {expected} came") from None
        if kind == "closed" and expected == "connack":
            raise RefusedError("the broker closed the connection")
        assert kind == expected, f"{kind} came instead of {expected}"
        return answer

    def _has_closed(self) -> None:
        self.closed.set()
        self._answers.put(("closed", None))
