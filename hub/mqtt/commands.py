"""Orders on their way out: signed by the signer, published on their zone's or device's command topic."""

import logging
from collections.abc import Awaitable, Callable

import msgspec

from devices import topics
from hub.domain.errors import HubError, Unavailable
from hub.domain.orders import Order
from hub.mqtt.link import LinkDown
from hub.ports import Outgoing, SendFailed

_decoder = msgspec.json.Decoder(Order)
log = logging.getLogger(__name__)

Sign = Callable[[Order], Awaitable[bytes]]
Publish = Callable[[str, bytes], Awaitable[None]]
Refused = Callable[[Order, HubError], Awaitable[None]]


class CommandChannel:
    """Sends outgoing messages of kind "command", and whatever cannot wait for the outbox.

    `sign` is `hub.signer.client.SignerClient.sign`; `refused` is told of orders that the signer will never
    sign.
    """

    def __init__(self, *, sign: Sign, publish: Publish, refused: Refused) -> None:
        self._sign = sign
        self._publish = publish
        self._refused = refused

    async def send(self, message: Outgoing) -> None:
        """Sign and publish. SendFailed while signer or broker are away; a refusal is told, and final."""
        order = _decoder.decode(message.body)
        try:
            await self.order(order)
        except Unavailable as error:
            raise SendFailed(str(error)) from error
        except HubError as error:
            log.error("order %s for %s: the signer refuses: %s", order.id, order.address, error)  # noqa: TRY400
            await self._refused(order, error)

    async def order(self, order: Order) -> None:
        """Sign and publish at once: QoS 1, never retained. Unavailable (signer-…, broker-away): the same order
        may be given again. Denied: the signer refuses."""
        token = await self._sign(order)
        try:
            await self._publish(command_topic(order), token)
        except LinkDown as error:
            raise Unavailable("broker-away", reason=str(error)) from error


def command_topic(order: Order) -> str:
    """Where the order goes out. IdError cannot be: the signer has looked at the address."""
    return topics.command(order.address) if order.device else topics.zone_command(order.address)
