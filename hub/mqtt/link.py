"""One account's way to the broker: durable, acknowledged by hand, always coming back.

The broker gets its acknowledgement when `ack` is called, which is after the commit; what was not acknowledged it
delivers again on the next connection. tests/contract/test_mqtt_link.py holds that on both brokers.
"""

import asyncio
import contextlib
import logging
import random
import ssl
from collections.abc import Callable

import msgspec

from hub.mqtt.connection import ANSWER_S, CONFIRM_S, Connection, LinkDown
from hub.mqtt.packets import Publish

__all__ = ["PUBLISH_TIMEOUT_S", "Delivery", "Endpoint", "Link", "LinkDown", "stop"]
BACKOFF_FIRST_S = 0.2
BACKOFF_MAX_S = 15.0
PUBLISH_TIMEOUT_S = CONFIRM_S
log = logging.getLogger(__name__)


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
        self._current: Connection | None = None
        self._number = 0
        self.connected = asyncio.Event()
        self.trouble = "not connected yet"

    async def run(self) -> None:
        """Connect, and connect again with full-jitter back-off, until cancelled."""
        failures = 0
        while True:
            try:
                await self._session()
            except (LinkDown, OSError) as error:
                failures = 0 if self.connected.is_set() else failures + 1
                self.trouble = str(error) or type(error).__name__
                log.warning("broker, as %s: %s", self._endpoint.username, self.trouble)
            finally:
                self._lost()
            longest = min(BACKOFF_MAX_S, BACKOFF_FIRST_S * 2 ** min(failures, 10))
            await asyncio.sleep(random.uniform(0, longest))  # noqa: S311 -- jitter, not a secret

    def ack(self, delivery: Delivery) -> None:
        """Tell the broker that the message is ours now; nothing when it came over an earlier connection."""
        if delivery.qos and delivery.connection == self._number and self._current is not None:
            self._current.ack(delivery.mid)

    async def publish(self, topic: str, payload: bytes, qos: int = 1) -> None:
        """Return when the broker has confirmed. LinkDown otherwise; the message may go out all the same."""
        if self._current is None or not self.connected.is_set():
            raise LinkDown("the broker is away")
        confirmed = self._current.publish(topic, payload, qos)
        if confirmed is not None:
            await confirmed

    async def _session(self) -> None:
        at = self._endpoint
        self._number += 1
        connection = await self._connect(self._number)
        self._current = connection
        await connection.sign_in(at.username, at.password, clean=not self._durable)
        refused = await connection.subscribe(self._topics) if self._topics else []
        if refused:
            raise LinkDown(f"the broker refuses {', '.join(refused)}: its access list is not ours")
        self.connected.set()
        self.trouble = ""
        raise LinkDown(await asyncio.shield(connection.ended))

    async def _connect(self, number: int) -> Connection:
        at = self._endpoint
        tls = ssl.create_default_context(cafile=at.ca) if at.tls else None

        def arrived(message: Publish) -> None:
            self._arrived(message, number)

        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(ANSWER_S):
                _, connection = await loop.create_connection(
                    lambda: Connection(arrived), at.host, at.port, ssl=tls
                )
        except TimeoutError:
            raise LinkDown("nobody answers at the broker's address") from None
        return connection

    def _arrived(self, message: Publish, number: int) -> None:
        topic, payload, qos, retain, mid = message
        try:
            self._on_message(Delivery(topic, payload, qos, retain, mid, number))
        except Exception:
            log.exception("a message on %s could not be handed on", topic)

    def _lost(self) -> None:
        self.connected.clear()
        connection, self._current = self._current, None
        if connection is not None:
            connection.close()


async def stop(task: "asyncio.Task[None]") -> None:
    """Cancel a link's task and wait for its end."""
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
