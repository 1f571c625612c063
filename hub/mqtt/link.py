"""One MQTT connection of the hub: durable, acknowledged by hand, always coming back.

aiomqtt acknowledges a message when it queues it, so what waits in the queue is lost with the process. The hub
acknowledges after its commit, and reads ahead. For that it reaches through aiomqtt to the paho client inside; this
module is the only one that does, and tests/contract/test_mqtt_link.py holds both libraries to it.
"""

import asyncio
import contextlib
import logging
import random
import ssl
from collections.abc import Callable
from typing import TYPE_CHECKING, cast

import aiomqtt
import msgspec
from paho.mqtt.client import Client as Paho
from paho.mqtt.client import MQTTMessage

from hub.mqtt.read_ahead import ReadAhead, Socket

if TYPE_CHECKING:
    from paho.mqtt.client import SocketLike

BACKOFF_FIRST_S = 0.2
BACKOFF_MAX_S = 15.0
PUBLISH_TIMEOUT_S = 10.0
NO_LIMIT = 0  # paho walks over all that is unconfirmed at each confirmation as soon as there is one
log = logging.getLogger(__name__)


class LinkDown(Exception):
    """The broker is away, or went away before it confirmed."""


class Endpoint(msgspec.Struct, frozen=True, kw_only=True):
    """Where the broker is and who we are; user name = client id. `ca` is a PEM file, None without TLS."""

    host: str
    port: int
    username: str
    password: str
    ca: str | None = None
    tls: bool = False


class Delivery(msgspec.Struct, frozen=True):
    """A message that waits for its acknowledgement; `connection` tells whose packet id `mid` is."""

    topic: str
    payload: bytes
    qos: int
    retain: bool
    mid: int
    connection: int


class Link:
    """A connection that subscribes to `topics` and calls `on_message` in the loop's thread."""

    def __init__(
        self,
        endpoint: Endpoint,
        *,
        topics: tuple[tuple[str, int], ...],
        on_message: Callable[[Delivery], None],
        durable: bool = True,
    ) -> None:
        self._endpoint = endpoint
        self._topics = topics
        self._on_message = on_message
        self._durable = durable
        self._paho: Paho | None = None
        self._connection = 0
        self._unconfirmed: dict[int, asyncio.Future[None]] = {}
        self.connected = asyncio.Event()
        self.trouble = "not connected yet"

    async def run(self) -> None:
        """Connect, and connect again with full-jitter back-off, until cancelled."""
        failures = 0
        while True:
            try:
                await self._session()
                failures = 0
            except (aiomqtt.MqttError, OSError) as error:
                failures = 0 if self.connected.is_set() else failures + 1
                self.trouble = str(error) or type(error).__name__
                log.warning("broker, as %s: %s", self._endpoint.username, self.trouble)
            finally:
                self._lost()
            longest = min(BACKOFF_MAX_S, BACKOFF_FIRST_S * 2 ** min(failures, 10))
            await asyncio.sleep(random.uniform(0, longest))  # noqa: S311 -- jitter, not a secret

    def ack(self, delivery: Delivery) -> None:
        """Tell the broker that the message is ours now; nothing when it came over an earlier connection."""
        if delivery.qos and delivery.connection == self._connection and self._paho is not None:
            self._paho.ack(delivery.mid, delivery.qos)

    async def publish(self, topic: str, payload: bytes, qos: int = 1) -> None:
        """Return when the broker has confirmed. LinkDown otherwise; the message may go out all the same."""
        paho = self._paho
        if paho is None or not self.connected.is_set():
            raise LinkDown("the broker is away")
        confirmed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        info = paho.publish(topic, payload, qos)
        if info.rc != 0:
            raise LinkDown(f"the broker did not take it (code {info.rc})")
        if qos == 0:
            return
        self._unconfirmed[info.mid] = confirmed
        try:
            async with asyncio.timeout(PUBLISH_TIMEOUT_S):
                await confirmed
        except TimeoutError:
            raise LinkDown("the broker did not confirm in time") from None
        finally:
            self._unconfirmed.pop(info.mid, None)

    async def _session(self) -> None:
        async with self._client() as client:
            client._client._sock = cast("SocketLike", ReadAhead(_socket(client)))
            if self._topics:
                granted = await client.subscribe(list(self._topics))
                refused = [
                    topic for (topic, _), code in zip(self._topics, granted, strict=True) if _code(code) > 2
                ]
                if refused:
                    raise aiomqtt.MqttError(
                        f"the broker refuses {', '.join(refused)}: its access list is not ours"
                    )
            self.connected.set()
            self.trouble = ""
            await client._disconnected

    def _client(self) -> aiomqtt.Client:
        at = self._endpoint
        client = aiomqtt.Client(
            at.host,
            at.port,
            username=at.username,
            password=at.password,
            identifier=at.username,
            clean_session=not self._durable,
            keepalive=30,
            max_inflight_messages=NO_LIMIT,
            tls_context=ssl.create_default_context(cafile=at.ca) if at.tls else None,
        )
        paho: Paho = client._client
        paho.manual_ack_set(True)
        self._connection += 1
        connection = self._connection

        def arrived(_client: Paho, _data: object, message: MQTTMessage) -> None:
            self._arrived(message, connection)

        paho.on_message = arrived
        paho.on_publish = self._published
        self._paho = paho
        return client

    def _arrived(self, message: MQTTMessage, connection: int) -> None:
        delivery = Delivery(
            message.topic, bytes(message.payload), message.qos, message.retain, message.mid, connection
        )
        try:
            self._on_message(delivery)
        except Exception:
            log.exception("a message on %s could not be handed on", message.topic)

    def _published(self, _client: Paho, _data: object, mid: int, *_rest: object) -> None:
        confirmed = self._unconfirmed.pop(mid, None)
        if confirmed is not None and not confirmed.done():
            confirmed.set_result(None)

    def _lost(self) -> None:
        self.connected.clear()
        self._paho = None
        for confirmed in self._unconfirmed.values():
            if not confirmed.done():
                confirmed.set_exception(LinkDown("the connection broke before the broker confirmed"))
        self._unconfirmed.clear()


def _socket(client: aiomqtt.Client) -> Socket:
    socket = client._client._sock
    if socket is None:  # closed between the broker's welcome and this line
        raise aiomqtt.MqttError("the broker went away at once")
    return cast("Socket", socket)


def _code(granted: object) -> int:
    return granted if isinstance(granted, int) else int(getattr(granted, "value", 0x80))


async def stop(task: "asyncio.Task[None]") -> None:
    """Cancel a link's task and wait for its end."""
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
