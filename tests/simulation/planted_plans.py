"""More planted faults: in who is rung and when, and in what screens and devices are told meanwhile."""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from itertools import count
from typing import TYPE_CHECKING

import msgspec

from devices.topics import parse
from hub.db.presses import PressRows
from hub.domain import escalation
from hub.domain.escalation import LONGEST_MS, Reached, Rung
from hub.domain.events import Event
from hub.domain.plans import Plan, Whom
from hub.inbox import Inbox
from hub.live.feed import Feed, Sees
from hub.mqtt.link import Delivery
from hub.ports import NewPress, Timer, Transaction
from hub.ring import Ring
from hub.services import escalate
from hub.services.ingest import PressArrived
from hub.services.reaching import CallReach
from hub.workers.county_time import CountyTime
from tests.simulation.planting import Planted, put

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator


def _one_step_only(stack: ExitStack) -> None:
    real = escalate.fire

    def fire(tx: Transaction, timer: Timer, now: int) -> bool:
        fired = real(tx, timer, now)
        if fired and not timer.step.startswith(escalate.CASE):
            tx.timers.disarm(timer.call)
        return fired

    put(stack, escalate, "fire", fire)


def _county_is_missed(stack: ExitStack) -> None:
    real = CallReach.of

    def of(self: CallReach, whom: Whom) -> Reached:
        return Reached(missing="none") if whom is Whom.COUNTY else real(self, whom)

    put(stack, CallReach, "of", of)


def _all_once(stack: ExitStack) -> None:
    real = escalation.due_at

    def due_at(plan: Plan, taken: Sequence[Rung], waits: int, begun_at: int, now: int) -> int:
        again = any(rung.number == waits for rung in taken)
        return now + LONGEST_MS if again else real(plan, taken, waits, begun_at, now)

    put(stack, escalation, "due_at", due_at)


def _fall_without_call(stack: ExitStack) -> None:
    real = PressRows.add

    def add(self: PressRows, press: NewPress) -> bool:
        return real(self, msgspec.structs.replace(press, call=None) if press.kind == "fall" else press)

    put(stack, PressRows, "add", add)


def _ring_dies(stack: ExitStack) -> None:
    """It takes for granted that what waited a moment ago still waits."""

    async def try_all(self: Ring) -> None:
        first, *others = list(self._waiting.values())
        for waiting in (first, *others):
            if not await self._try(waiting):
                return

    put(stack, Ring, "_try_all", try_all)


def _place_first(stack: ExitStack) -> None:
    """A screen finds its place among the rows before it shows anything."""
    real = Feed.follow_batches

    async def follow(self: Feed, sees: Sees, after: int | None) -> "AsyncGenerator[list[Event], None]":
        if after is not None:
            await self._bounds()
        async for batch in real(self, sees, after):
            yield batch

    put(stack, Feed, "follow_batches", follow)


def _others_unheard(stack: ExitStack) -> None:
    async def catch_up(_self: Feed) -> None:
        return

    put(stack, Feed, "_catch_up", catch_up)


def _known_is_known(stack: ExitStack) -> None:
    """What the broker remembers of a device that was answered once says nothing new, whatever it says."""
    real = Inbox.status_arrived

    def arrived(self: Inbox, delivery: Delivery) -> None:
        if not (delivery.retain and parse(delivery.topic).device in self._told):
            real(self, delivery)

    put(stack, Inbox, "status_arrived", arrived)


def _again_is_another(stack: ExitStack) -> None:
    """A delivery that comes again is taken for another copy."""
    real = Ring.add

    def add(
        self: Ring, arrived: PressArrived, when_stored: Callable[[], None] | None = None, _copy: object = None
    ) -> None:
        real(self, arrived, when_stored, (1, next(number)))

    number = count()
    put(stack, Ring, "add", add)


def _own_time(stack: ExitStack) -> None:
    """Each hub counts by the clock of its own machine."""

    async def nothing(_self: CountyTime) -> None:
        return

    put(stack, CountyTime, "begin", nothing)
    put(stack, CountyTime, "look", nothing)


MORE = (
    Planted("a step of a plan arms no other", _one_step_only),
    Planted("hubs on one database have each a time of their own", _own_time),
    Planted("the county is in no plan", _county_is_missed),
    Planted("all are asked again once and not each minute", _all_once),
    Planted("a fall is stored without its call", _fall_without_call),
    Planted("the ring takes for granted that somebody waits", _ring_dies),
    Planted("a screen finds its place before it shows anything", _place_first),
    Planted("what other hubs commit is not looked for", _others_unheard),
    Planted("a device that was answered once is not told again", _known_is_known),
    Planted("a delivery that comes again is acknowledged as the older of two", _again_is_another, days=0.03),
)
