"""One connection's packets: what comes in is routed, what goes out comes from the session's outbox."""

import logging
from collections.abc import Callable

from amqtt.broker import BrokerContext
from amqtt.mqtt.constants import QOS_0, QOS_1
from amqtt.mqtt.protocol.broker_handler import BrokerProtocolHandler
from amqtt.mqtt.puback import PubackPacket
from amqtt.mqtt.publish import PublishPacket
from amqtt.plugins.manager import PluginManager
from amqtt.session import Session

from broker_config.embedded.guest import GuestWriter
from broker_config.embedded.outbox import Message, Outbox

UNSENT_PAUSE_BYTES = 256 * 1024
_OUTBOX = "xiangyin.outbox"

Route = Callable[[str | None, Message, int], None]
"""Gives a message of this user, with this QoS, to whoever subscribed to it."""

_log = logging.getLogger(__name__)


def outbox_of(session: Session) -> Outbox:
    """The session's outbox, which outlives its connections."""
    outbox = session.attributes.setdefault(_OUTBOX, Outbox())
    assert isinstance(outbox, Outbox)  # noqa: S101 - the key is ours alone
    return outbox


class TrialHandler(BrokerProtocolHandler):
    """One connection's packets. What the client is owed stands in its session's outbox, not here."""

    def __init__(self, plugins: PluginManager[BrokerContext], route: Route) -> None:
        super().__init__(plugins)
        self._route = route
        self._resumed = False

    async def start(self) -> None:
        """Begin to read; of a connection that has ended meanwhile amqtt would await the end for ever.

        Its reader has told so by then, to a waiter that amqtt replaces here by one that nobody tells anything.
        """
        await super().start()
        waiter, ended = self._disconnect_waiter, self._reader_stopped
        if ended is not None and ended.is_set() and waiter is not None and not waiter.done():
            waiter.set_result(None)

    def deliver(self, message: Message, qos: int) -> None:
        """Send now, or once the client has taken what came before; QoS 0 is not waited with."""
        session = self._the_session()
        if qos == QOS_0:
            if self._resumed and self._unsent() < UNSENT_PAUSE_BYTES:
                self._send(message, None)
        elif outbox_of(session).put(message):
            self._pump()
        else:
            _log.warning("%s reads too slowly: a message on %s is dropped", session.client_id, message.topic)

    async def handle_publish(self, publish_packet: PublishPacket) -> None:
        """Route what the client published, then acknowledge it."""
        topic, payload = publish_packet.topic_name, publish_packet.data
        qos = publish_packet.qos or QOS_0
        if qos > QOS_1 or topic is None or payload is None:
            await super().handle_publish(
                publish_packet
            )  # QoS 2 takes amqtt's own way to `_broadcast_message`
            return
        self._route(self._the_session().username, Message(topic, payload), qos)
        if publish_packet.packet_id is not None:
            self._write(PubackPacket.build(publish_packet.packet_id).to_bytes())

    async def handle_puback(self, puback: PubackPacket) -> None:
        """One message less to repeat, and room for the next."""
        outbox_of(self._the_session()).acknowledge(puback.packet_id)
        self._pump()

    async def _retry_deliveries(self) -> None:
        """amqtt calls this when the connection is ready: first what was never acknowledged, then the rest."""
        self._resumed = True
        for packet_id, message in outbox_of(self._the_session()).unacknowledged():
            self._send(message, packet_id, again=True)
        self._pump()

    def _pump(self) -> None:
        outbox = outbox_of(self._the_session())
        while self._resumed and (outbox.idle or self._unsent() < UNSENT_PAUSE_BYTES):
            due = outbox.next()
            if due is None:
                return
            packet_id, message = due
            self._send(message, packet_id)

    def _send(self, message: Message, packet_id: int | None, *, again: bool = False) -> None:
        qos = QOS_0 if packet_id is None else QOS_1
        packet = PublishPacket.build(message.topic, message.payload, packet_id, again, qos, retain=False)
        self._write(packet.to_bytes())

    def _write(self, data: bytes) -> None:
        if self.writer is not None:
            self.writer.write(data)

    def _unsent(self) -> int:
        return self.writer.unsent() if isinstance(self.writer, GuestWriter) else 0

    def _the_session(self) -> Session:
        if self.session is None:
            raise RuntimeError("a handler serves only after it was attached to its session")
        return self.session
