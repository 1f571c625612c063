"""People at desks: they look at a screen that comes and goes, answer late, never, twice, or all at once."""

import asyncio
import contextlib
import json
import math
from collections.abc import Awaitable, Callable, Sequence
from random import Random
from typing import TYPE_CHECKING, TypeVar

from hub.db.reader import Read
from hub.domain.calls import Call
from hub.domain.desks import TTL_MS, Desk
from hub.domain.errors import HubError
from hub.domain.events import Event, EventType
from hub.domain.people import User, call_scope, ring_targets
from tests.simulation.asking import ask
from tests.simulation.deeds import Deeds
from tests.simulation.known import GRACE_S, WHOLE_FEED

if TYPE_CHECKING:
    from tests.simulation.process import Life
    from tests.simulation.world import World

KEEP_DESK_S = 12.0
GIVEN = frozenset({"call.handed_over", "call.relieved", "call.dispatched"})
SHOWS = GIVEN | {"call.raised", "call.pressed", "call.rung", "call.released", "call.unrecorded"}
TAKEN = frozenset({"call.answered", "call.handed_over", "call.relieved"})
FREED = frozenset({"call.rung", "call.released"})
T = TypeVar("T")


class Person:
    """One user with one screen."""

    def __init__(self, world: "World", user: User, dice: Random) -> None:
        self.world = world
        self.user = user
        self._dice = dice
        self._scope = call_scope(user)
        self._mine = ring_targets(user)
        self.position: int | None = None  # the newest event id this screen has had
        self.life: Life | None = None
        self.steady_since_s: float | None = None
        self._cut = asyncio.Event()
        self._busy: set[str] = set()
        self._others: set[str] = set()  # calls that this screen shows in other hands
        self._tasks: set[asyncio.Task[None]] = set()
        self._visible_at = 0  # how far the oracle's events were compared
        self._never = dice.random() < world.weather.never_answers
        self._deeds = Deeds(self, world.fate.stream("deeds", user.id))

    async def live(self) -> None:
        """Open the page, keep it open, open it again."""
        while True:
            lives = self.world.serving()  # nobody is let in before a hub has begun
            if lives:
                await self._session(self._dice.choice(lives))
            await asyncio.sleep(0.5 if self.world.calm else self._dice.uniform(0.2, 5))

    def cut(self) -> None:
        """The screen loses its connection."""
        self._cut.set()

    def steady_for(self, since_s: float) -> bool:
        """Whether this screen has had one connection since then."""
        return self.steady_since_s is not None and self.steady_since_s <= since_s

    def sees(self, area: str, clinic: str | None) -> bool:
        """By the register: a center sees its area, a clinic its own residents."""
        if self.user.clinic is not None:
            return clinic == self.user.clinic
        return area.startswith(
            self.user.area.rstrip("0") if self.user.area.endswith("000000") else self.user.area[:9]
        )

    async def _session(self, life: "Life") -> None:
        self._cut.clear()
        life.ended.append(self.cut)
        stream = life.serve(self._follow(life))
        desk = life.serve(self._keep_desk(life))
        cut = asyncio.create_task(self._cut.wait())
        await asyncio.wait({stream, cut}, return_when=asyncio.FIRST_COMPLETED)
        self.life, self.steady_since_s = None, None
        for task in (stream, desk, cut):
            task.cancel()
        life.ended.remove(self.cut)
        if stream.done() and not stream.cancelled():
            stream.exception()

    async def _follow(self, life: "Life") -> None:
        feed = life.path.feed
        if self.position is None:
            self._load(*await life.store.read(self._page))
        self.life, self.steady_since_s = life, self.world.loop.time()
        stream = feed.follow_batches(self._filter, self.position)
        try:
            async for batch in stream:
                if self._cut.is_set():
                    return
                self._take(batch)
        finally:
            await stream.aclose()

    def _page(self, read: Read) -> tuple[Sequence[Call], int]:
        return read.open_calls(self._scope), read.last_event_id()

    def _load(self, calls: Sequence[Call], last: int) -> None:
        """The list that the page shows when it opens."""
        self.position = last
        self._visible_at = sum(1 for event in self.world.oracle.events if event.id <= last)
        for call in calls:
            self._listed(call)

    def _listed(self, call: Call) -> None:
        case = self.world.oracle.cases.get(call.id)
        for device, press in () if case is None else tuple(case.presses):
            self.world.ledger.seen(device, press, self.user.id, self.world.loop.time())
        if call.resolved_at is not None:
            self._begin(call.id, self._deeds.follow_up(call.id, 5.0))
        elif call.holder is None:
            self._consider(call.id)
        elif call.holder.id == self.user.id:
            self._begin(call.id, self._deeds.handle(call.id, 1.0))

    def _filter(self, event: Event) -> bool:
        if event.type == EventType.CALL_UNRECORDED:
            return True
        return self._scope.sees(event.area, event.clinic)

    def _take(self, batch: list[Event]) -> None:
        for event in batch:
            if event.type == "reset":
                self.world.oracle.violated(
                    WHOLE_FEED, f"{self.user.id}'s screen was told to begin anew behind {self.position}"
                )
                self.position = event.id
                continue
            if event.id:
                self._compare(event.id)
            self._note_holder(event)
            self._shown(event)

    def _compare(self, number: int) -> None:
        """Between the last event and this one there is none that this screen should have had."""
        events = self.world.oracle.events
        if self.position is not None and number <= self.position:
            self.world.oracle.violated(
                WHOLE_FEED, f"{self.user.id}'s screen had event {number} after {self.position}: twice"
            )
        while self._visible_at < len(events) and events[self._visible_at].id < number:
            skipped = events[self._visible_at]
            if skipped.call is not None and self.sees(skipped.area, skipped.clinic):
                about = () if skipped.call is None else (skipped.call,)
                self.world.oracle.violated(
                    WHOLE_FEED,
                    f"{self.user.id}'s screen never had event {skipped.id} ({skipped.type})",
                    *about,
                )
            self._visible_at += 1
        self._visible_at += 1
        self.position = number

    def check_lag(self, well_since_s: float | None) -> None:
        """A screen that has been connected for long enough has everything."""
        now = self.world.loop.time()
        if well_since_s is None or self.steady_since_s is None or self.life is None:
            return
        if now - max(self.steady_since_s, well_since_s) < GRACE_S:
            return
        events = self.world.oracle.events
        at = self._visible_at
        while at < len(events) and not (
            events[at].call is not None and self.sees(events[at].area, events[at].clinic)
        ):
            at += 1
        if at < len(events) and now - events[at].at_s > GRACE_S:
            late = events[at]
            self.world.oracle.violated(
                WHOLE_FEED,
                f"{self.user.id}'s screen lacks event {late.id} ({late.type}) for {now - late.at_s:.0f} s",
                *(() if late.call is None else (late.call,)),
            )

    def _note_holder(self, event: Event) -> None:
        if event.call_id is None or not self.world.wanted.look_first:
            return
        if event.type in FREED:
            self._others.discard(event.call_id)
        elif event.type in TAKEN:
            holder = json.loads(event.data)["call"]["holder"]
            if holder is not None and holder["id"] != self.user.id:
                self._others.add(event.call_id)

    def sees_in_other_hands(self, call: str) -> bool:
        """Whether the screen says that somebody else has it."""
        return call in self._others

    def _shown(self, event: Event) -> None:
        if event.type not in SHOWS:
            return
        if event.type in GIVEN:
            self._given(event)
            return
        body = json.loads(event.data)
        press = body.get("press")
        if press is not None:
            self.world.shown(self, press["device"], press["id"])
        if event.call_id is None:
            return
        if event.type in ("call.rung", "call.released") and (
            event.type == "call.released" or self._mine.intersection(body.get("targets", ()))
        ):
            self.world.story.tell(f"{self.user.id} sees {event.type} of {event.call_id}", event.call_id)
            self._consider(event.call_id)

    def _given(self, event: Event) -> None:
        """A call is handed to somebody, or a clinic is asked to go."""
        body = json.loads(event.data)
        holder = body["call"]["holder"]
        if event.type != EventType.CALL_DISPATCHED:
            if holder is not None and holder["id"] == self.user.id:
                self.take_on(body["id"])
        elif self._mine.intersection(body.get("targets", ())):
            self.world.homes.asked(body["responder"]["id"], self)

    def _consider(self, call: str) -> None:
        if call in self._busy or (self._never and not self.world.calm) or self.world.asleep():
            return
        weather, dice = self.world.weather, self._dice
        if not self.world.calm and dice.random() < weather.leaves_alone:
            return
        wait_s = (
            dice.uniform(1, 4) if self.world.calm else dice.choice((2, 10, 40, 150)) * dice.uniform(0.3, 1.5)
        )
        if not self.world.calm and dice.random() < weather.same_instant:
            now = self.world.loop.time()
            wait_s = math.ceil((now + 5) / 20) * 20 - now
        self._begin(call, self._deeds.handle(call, wait_s))

    def _begin(self, call: str, work: Awaitable[None]) -> None:
        if call in self._busy:
            work.close()  # type: ignore[attr-defined]
            return
        self._busy.add(call)
        task = self.world.loop.create_task(self._until_done(call, work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _until_done(self, call: str, work: Awaitable[None]) -> None:
        try:
            await work
        except Exception as error:  # noqa: BLE001 -- a defect of the simulation must not pass for a quiet person
            self.world.failed("what people do", repr(error))
        finally:
            self._busy.discard(call)

    def take_on(self, call: str) -> None:
        """The call is this person's now: go on with it."""
        self._begin(call, self._deeds.handle(call, 1.0))

    async def open_calls(self) -> Sequence[Call]:
        """What the list shows now; empty while there is none."""
        if self.life is None:
            return ()
        task = self.life.serve(self.life.store.read(self._page))
        await asyncio.wait({task})
        return () if task.cancelled() or task.exception() is not None else task.result()[0]

    async def pause(self, seconds: float) -> None:
        """Do nothing for so long; no longer than until the county rests."""
        if self.world.calm:
            await asyncio.sleep(min(seconds, 5.0))
            return
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.world.resting.wait(), seconds)

    async def ask(self, does: str, call: str, what: Callable[..., T]) -> T | None:
        """Until the hub has said yes or no; None for no."""
        return await ask(self.world, self._dice, self.user.id, does, call, what)

    async def look_through(self) -> None:
        """While the county comes to rest: load all that is not closed, and take what nobody has."""
        if self.life is None:
            return
        task = self.life.serve(self.life.store.read(self._everything))
        await asyncio.wait({task})
        if task.cancelled() or task.exception() is not None:
            return
        for call in task.result():
            if call.closed_at is None and self.sees(call.area, call.clinic):
                self._listed(call)

    def _everything(self, read: Read) -> Sequence[Call]:
        """Drills too, which no list of open calls shows."""
        found: list[Call] = []
        while page := read.call_page(self._scope, only_open=False, after=_behind(found), limit=500):
            found += page
        return found

    async def _keep_desk(self, life: "Life") -> None:
        name = f"k-{self.user.id}-{self._dice.getrandbits(40):010x}"
        while True:
            desk = Desk(
                id=name,
                user=self.user.id,
                targets=tuple(sorted(self._mine)),
                audible=True,
                expires_at=life.clock.now() + TTL_MS,
            )
            with contextlib.suppress(HubError):
                await life.store.run_dull(lambda tx, desk=desk: tx.desks.put(desk))  # type: ignore[misc]
            await asyncio.sleep(KEEP_DESK_S)


def _behind(calls: Sequence[Call]) -> tuple[int, str] | None:
    """Where the next page begins."""
    return (calls[-1].raised_at, calls[-1].id) if calls else None
