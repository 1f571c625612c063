"""A loudspeaker that did not know the time: its run is ordered again when its sign of life says that it does."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import NamedTuple, TypeVar, cast

import pytest

from devices.codec import encode
from devices.messages import Clock, Receipt, ReceiptState, Status
from hub.ports import Store, Transaction
from hub.workers import second_chance
from hub.workers.second_chance import SecondChance

T = TypeVar("T")


class Message(NamedTuple):
    topic: str
    payload: bytes


class Sent:
    """A store whose transactions are only counted."""

    def __init__(self) -> None:
        self.runs: list[tuple[str, str]] = []

    async def run(self, command: Callable[[Transaction], T]) -> T:
        return command(cast("Transaction", self))


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> Sent:
    made = Sent()

    def send_again(run: str, device: str, _now: object, _tx: object) -> bool:
        made.runs.append((run, device))
        return True

    monkeypatch.setattr(second_chance, "_send_again", send_again)
    return made


@pytest.fixture
def chance(sent: Sent) -> SecondChance:
    return SecondChance(store=cast("Store", sent), now=lambda: 5)


def refused(run: str, reason: str = "no_clock") -> Receipt:
    return Receipt(run=run, state=ReceiptState.REFUSED, reason=reason)


def alive(device: str, clock: Clock | None) -> Message:
    return Message(f"v1/d/{device}/status", encode(Status(online=True, session="a", clock=clock)))


async def settled() -> None:
    """Let what was begun go on."""
    for _ in range(3):
        await asyncio.sleep(0)


async def test_each_run_is_sent_again_once_the_time_is_known(chance: SecondChance, sent: Sent) -> None:
    for run in ("rn1", "rn1", "rn2"):
        chance.reported("s-1", refused(run))
    chance.status_arrived(alive("s-1", Clock.NONE))
    chance.status_arrived(alive("s-2", Clock.OK))
    await settled()
    assert sent.runs == []
    chance.status_arrived(alive("s-1", Clock.OK))
    chance.status_arrived(alive("s-1", Clock.OK))
    await settled()
    assert sent.runs == [("rn1", "s-1"), ("rn2", "s-1")]


async def test_who_refused_for_another_reason_is_left_alone(chance: SecondChance, sent: Sent) -> None:
    chance.reported("s-1", refused("rn1", "limit"))
    chance.reported("s-1", Receipt(run="rn1", state=ReceiptState.READY))
    chance.status_arrived(alive("s-1", Clock.OK))
    await settled()
    assert sent.runs == []


async def test_what_is_no_sign_of_life_changes_nothing(chance: SecondChance, sent: Sent) -> None:
    chance.reported("s-1", refused("rn1"))
    chance.status_arrived(Message("v1/d/s-1/status", b"{"))
    chance.status_arrived(Message("nonsense", b"{}"))
    await settled()
    assert sent.runs == []
