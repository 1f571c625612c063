"""amqtt with our own routing, delivery and rights."""

import logging
from collections.abc import Iterable

from amqtt.adapters import ReaderAdapter, WriterAdapter
from amqtt.broker import Broker
from amqtt.contexts import BrokerConfig, ListenerConfig, ListenerType
from amqtt.mqtt.constants import QOS_1
from amqtt.mqtt.protocol.broker_handler import BrokerProtocolHandler
from amqtt.session import Session

from broker_config.embedded import plugins
from broker_config.embedded.access import Access, matches
from broker_config.embedded.handler import TrialHandler, outbox_of
from broker_config.embedded.outbox import Message

DOOR = "default"
"""The one listener that amqtt knows, under the name it insists on; its connections come from `door.Door`."""
_REFUSED = 0x80

_log = logging.getLogger(__name__)


class TrialBroker(Broker):
    """amqtt for connections that `door.Door` has already let in."""

    def __init__(self, access: Access) -> None:
        self.rights = plugins.Rights(access)
        self._wildcards: set[str] = set()
        asked = {
            f"{plugins.__name__}.{plugin.__name__}": {"rights": self.rights}
            for plugin in (plugins.SignInPlugin, plugins.TopicPlugin)
        }
        listeners = {DOOR: ListenerConfig(type=ListenerType.EXTERNAL)}
        super().__init__(BrokerConfig(listeners=listeners, plugins=asked))

    def route(self, user: str | None, message: Message, qos: int) -> None:
        """Give a message to everyone who subscribed to it and may read it, if `user` may publish it."""
        access = self.rights.access
        if not user or not access.may_publish(user, message.topic):
            _log.info("%s may not publish on %s", user, message.topic)
            return
        for reader, (session, granted) in self._subscribers(message.topic).items():
            if not access.may_read(reader, message.topic):
                continue
            handler = self._get_handler(session)
            if session.transitions.state == "connected" and isinstance(handler, TrialHandler):
                handler.deliver(message, min(qos, granted))
            elif not session.clean_session and min(qos, granted) and not outbox_of(session).put(message):
                _log.warning("%s is away for too long: a message on %s is dropped", reader, message.topic)

    def _subscribers(self, topic: str) -> dict[str, tuple[Session, int]]:
        """By user name, each once however many of its filters match, with the highest QoS granted."""
        found: dict[str, tuple[Session, int]] = {}
        for pattern in self._patterns(topic):
            for session, granted in self._subscriptions.get(pattern, ()):
                user = session.username or ""
                if user not in found or found[user][1] < granted:
                    found[user] = (session, granted)
        return found

    def _patterns(self, topic: str) -> Iterable[str]:
        yield topic
        for pattern in self._wildcards:
            if matches(pattern, topic):
                yield pattern

    async def add_subscription(self, subscription: tuple[str, int], session: Session) -> int:
        """Grant a subscription, QoS 1 at most: the contract needs no more."""
        pattern, qos = subscription
        granted = await super().add_subscription((pattern, min(qos, QOS_1)), session)
        if granted == _REFUSED:
            return granted
        if "+" in pattern or "#" in pattern:
            self._wildcards.add(pattern)
        others = [held for held in self._subscriptions[pattern] if held[0].client_id != session.client_id]
        self._subscriptions[pattern] = [*others, (session, granted)]  # amqtt would keep an older QoS
        return granted

    async def retain_message(
        self,
        source_session: Session | None,
        topic_name: str | None,
        data: bytes | bytearray | None,
        qos: int | None = None,
    ) -> None:
        """Keep nothing: amqtt hands retained messages to every subscriber, whatever the rights say."""

    async def forget_clean_session(self, user: str) -> None:
        """Forget a clean session: amqtt would go on with it for a client that now wants a durable one."""
        session = self._sessions.get(user, (None, None))[0]
        if session is not None and session.clean_session:
            await self._delete_session(user)

    def left(self, user: str) -> None:
        """The connection is gone; amqtt notices that on most ways, but not on all."""
        session = self._sessions.get(user, (None, None))[0]
        if session is not None and session.transitions.state == "connected":
            session.transitions.disconnect()

    async def _broadcast_message(
        self,
        session: Session | None,
        topic: str | None,
        data: bytes | bytearray | None,
        force_qos: int | None = None,
    ) -> None:
        """Wills, and what arrived by QoS 2. amqtt sends wills without asking for rights; `route` asks."""
        if session is not None and topic is not None:
            qos = QOS_1 if force_qos is None else force_qos
            self.route(session.username, Message(topic, bytes(data or b"")), qos)

    async def _initialize_client_session(
        self, reader: ReaderAdapter, writer: WriterAdapter, remote_address: str, remote_port: int
    ) -> tuple[BrokerProtocolHandler, Session]:
        _, session = await super()._initialize_client_session(reader, writer, remote_address, remote_port)
        return TrialHandler(self.plugins_manager, self.route), session

    async def _cleanup_session(self, client_id: str) -> None:
        """amqtt tidies away ended sessions each second, also one that has just come back."""
        session = self._sessions.get(client_id, (None, None))[0]
        if session is None or session.transitions.state != "connected":
            await super()._cleanup_session(client_id)
