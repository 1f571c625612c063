"""What amqtt asks its plugins: may this session sign in, may it publish there."""

from dataclasses import dataclass

from amqtt.contexts import Action
from amqtt.plugins.base import BaseAuthPlugin, BaseTopicPlugin
from amqtt.session import Session

from broker_config.embedded.access import Access


class Rights:
    """The accounts and rights in force; replaced whole at a reload."""

    def __init__(self, access: Access) -> None:
        self.access = access


class SignInPlugin(BaseAuthPlugin):
    """Asks for the password once more: amqtt lets nobody in of whom no plugin says so."""

    @dataclass
    class Config:
        rights: Rights

    async def authenticate(self, *, session: Session) -> bool | None:
        rights: Rights = self.config.rights
        return rights.access.may_sign_in(session.username or "", session.password or "")


class TopicPlugin(BaseTopicPlugin):
    """Who may publish. Any subscription is accepted, as mosquitto does: rights are asked at each delivery."""

    @dataclass
    class Config:
        rights: Rights

    async def topic_filtering(
        self, *, session: Session | None = None, topic: str | None = None, action: Action | None = None
    ) -> bool | None:
        if action is Action.SUBSCRIBE:
            return True
        rights: Rights = self.config.rights
        user = session.username if session else None
        return bool(user and topic and rights.access.may_publish(user, topic))
