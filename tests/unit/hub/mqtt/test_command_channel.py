"""Orders on their way out: signed, published on the right topic, put off or given up."""

from __future__ import annotations

import msgspec
import pytest

from hub.domain.errors import Denied, HubError, Unavailable
from hub.domain.orders import Order
from hub.mqtt.commands import CommandChannel
from hub.mqtt.link import LinkDown
from hub.ports import Outgoing, SendFailed
from tests.with_signer import order, stop


class World:
    """A signer and a broker that do as they are told."""

    def __init__(self) -> None:
        self.signs: HubError | None = None
        self.takes: LinkDown | None = None
        self.sent: list[tuple[str, bytes]] = []
        self.told: list[tuple[str, str]] = []
        self.channel = CommandChannel(sign=self.sign, publish=self.publish, refused=self.refused)

    async def sign(self, asked: Order) -> bytes:
        if self.signs is not None:
            raise self.signs
        return f"signed {asked.id}".encode()

    async def publish(self, topic: str, payload: bytes) -> None:
        if self.takes is not None:
            raise self.takes
        self.sent.append((topic, payload))

    async def refused(self, asked: Order, refusal: HubError) -> None:
        self.told.append((asked.id, refusal.code))


def outgoing(asked: Order) -> Outgoing:
    return Outgoing(id=1, kind="command", address=asked.address, body=msgspec.json.encode(asked), attempts=0)


@pytest.mark.parametrize(
    ("asked", "topic"),
    [
        (order("o-1", stop(), "990421101201"), "v1/z/990421101201/command"),
        (order("o-1", stop(), "g-square"), "v1/z/g-square/command"),
        (order("o-1", stop(), "ls-1", device=True), "v1/d/ls-1/command"),
    ],
)
async def test_a_signed_order_goes_to_its_zone_or_device(asked: Order, topic: str) -> None:
    world = World()
    await world.channel.send(outgoing(asked))
    assert world.sent == [(topic, b"signed o-1")]


async def test_while_the_signer_is_away_the_outbox_tries_again() -> None:
    world = World()
    world.signs = Unavailable("signer-away", reason="gone")
    with pytest.raises(SendFailed):
        await world.channel.send(outgoing(order("o-1", stop())))
    assert (world.sent, world.told) == ([], [])


async def test_while_the_broker_is_away_the_outbox_tries_again() -> None:
    world = World()
    world.takes = LinkDown("gone")
    with pytest.raises(SendFailed):
        await world.channel.send(outgoing(order("o-1", stop())))


async def test_what_the_signer_will_never_sign_is_told_once_and_not_tried_again() -> None:
    world = World()
    world.signs = Denied("signer-two-people")
    await world.channel.send(outgoing(order("o-1", stop())))
    assert world.told == [("o-1", "signer-two-people")]


async def test_what_cannot_wait_for_the_outbox_hears_at_once_what_is_wrong() -> None:
    world = World()
    world.takes = LinkDown("gone")
    with pytest.raises(Unavailable, match="broker-away"):
        await world.channel.order(order("o-1", stop()))
    world.signs = Denied("signer-type", type="x")
    with pytest.raises(Denied, match="signer-type"):
        await world.channel.order(order("o-1", stop()))
    assert world.told == []  # whoever asked has heard it
