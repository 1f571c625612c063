"""A device that comes back is told again how its call stands, also by a hub that was not listening then."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from devices import codec, topics
from devices.messages import Status
from hub.inbox import Inbox, RecentCallers
from hub.mqtt.link import Delivery
from hub.ports import Transaction
from tests.stores import Moved


class Sent:
    """Counts what the inbox asks of the store."""

    def __init__(self) -> None:
        self.commands: list[Callable[[Transaction], object]] = []

    def send(self, command: Callable[[Transaction], object], /) -> asyncio.Future[object]:
        self.commands.append(command)
        return asyncio.get_running_loop().create_future()


def status(*, online: bool = True, retain: bool = False, device: str = "b-1") -> Delivery:
    payload = codec.encode(Status(online=online, session="s-1"))
    return Delivery(topics.status(device), payload, 0, retain, 0, 1)


@pytest.mark.parametrize(
    ("delivery", "told"),
    [
        (status(), 1),
        (status(retain=True), 1),  # it came back while no hub was listening
        (status(online=False), 0),
        (status(device="b-2"), 0),  # never pressed
    ],
    ids=["online", "retained", "offline", "never pressed"],
)
async def test_who_pressed_lately_is_told_again(delivery: Delivery, told: int) -> None:
    sent, clock, recent = Sent(), Moved(), RecentCallers()
    recent.add("b-1", clock.now())
    ring = object()
    inbox = Inbox(store=sent, ring=ring, now=clock.now, ack=lambda _: None, recent=recent)  # type: ignore[arg-type]

    inbox.status_arrived(delivery)

    assert len(sent.commands) == told
