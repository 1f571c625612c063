"""Tells a device how far its call is: the queued reply, with the sentence to speak added."""

from collections.abc import Awaitable, Callable

import msgspec

from devices import topics
from devices.codec import encode
from devices.messages import Reply
from hub.mqtt.link import LinkDown
from hub.ports import Outgoing, SendFailed

_decoder = msgspec.json.Decoder(Reply)


class ReplyChannel:
    """Sends outgoing messages of kind "reply"."""

    def __init__(
        self, publish: Callable[[str, bytes], Awaitable[None]], voice: Callable[[Reply], Reply]
    ) -> None:
        self._publish = publish
        self._voice = voice

    async def send(self, message: Outgoing) -> None:
        """Publish; SendFailed when the broker is away."""
        reply = self._voice(_decoder.decode(message.body))
        try:
            await self._publish(topics.reply(message.address), encode(reply))
        except LinkDown as error:
            raise SendFailed(str(error)) from error
