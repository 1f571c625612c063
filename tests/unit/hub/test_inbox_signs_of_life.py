"""A device that comes back is told again how its call stands, also by a hub that was not listening then."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from devices import codec, topics
from devices.messages import Status
from hub import inbox
from hub.domain.errors import Unavailable
from hub.inbox import Inbox, RecentCallers
from hub.mqtt.link import Delivery
from hub.ports import Transaction
from tests.stores import Moved


class Sent:
    """What the inbox asks of the store; refused while the database is away."""

    def __init__(self, *, away: bool = False) -> None:
        self.away = away
        self.commands: list[Callable[[Transaction], object]] = []

    def send(self, command: Callable[[Transaction], object], /) -> asyncio.Future[object]:
        self.commands.append(command)
        future: asyncio.Future[object] = asyncio.get_running_loop().create_future()
        if self.away:
            future.set_exception(Unavailable("store-away"))
        else:
            future.set_result(None)
        return future


def inbox_over(sent: Sent) -> Inbox:
    clock, recent = Moved(), RecentCallers()
    recent.add("b-1", clock.now())
    ring = object()
    return Inbox(store=sent, ring=ring, now=clock.now, ack=lambda _: None, recent=recent)  # type: ignore[arg-type]


def status(
    *, online: bool = True, retain: bool = False, device: str = "b-1", session: str = "s-1"
) -> Delivery:
    payload = codec.encode(Status(online=online, session=session))
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
    sent = Sent()

    inbox_over(sent).status_arrived(delivery)

    assert len(sent.commands) == told


async def test_what_the_broker_remembers_is_told_once_and_again_when_the_device_has_come_back() -> None:
    """A hub whose connection comes back hears of every device in the county: most have been there all the time."""
    sent = Sent()
    taking = inbox_over(sent)
    told = []

    for remembered in (
        status(session="s-1"),
        status(session="s-1", retain=True),
        status(session="s-1", retain=True),
        status(session="s-2", retain=True),  # it came back while our connection was away
        status(session="s-2", retain=True),
        status(session="s-2"),  # says so itself
    ):
        taking.status_arrived(remembered)
        await turns()
        told.append(len(sent.commands))

    assert told == [1, 1, 1, 2, 2, 3]


async def test_what_the_broker_remembers_is_told_as_long_as_it_could_not_be() -> None:
    sent = Sent(away=True)
    taking = inbox_over(sent)
    taking.status_arrived(status(retain=True))
    await turns()
    sent.away = False

    Inbox._try_again(taking, "b-1", "s-1")
    await turns()
    taking.status_arrived(status(retain=True))

    assert len(sent.commands) == 2


async def test_who_comes_back_while_the_database_is_away_is_told_when_it_is_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Found by simulation: the device stayed connected, said no more that it was there, and was never told."""
    monkeypatch.setattr(inbox, "TELL_AGAIN_AFTER_S", 0.0)
    sent = Sent(away=True)
    taking = inbox_over(sent)

    taking.status_arrived(status())
    taking.status_arrived(status())
    await turns()
    refused = len(sent.commands)
    sent.away = False
    await turns()
    told = len(sent.commands)
    await turns()

    assert refused > 2
    assert told == refused + 1 == len(sent.commands)


async def turns() -> None:
    """Let all that is due happen."""
    for _ in range(20):
        await asyncio.sleep(0)
