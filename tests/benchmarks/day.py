"""`xiangyin bench day`: a simulated day of 2,000 calls, and whether anybody was left unseen past their plan.

The hub's own services over a real SQLite file, commit by commit (`hub.db.executor.execute`), on a virtual clock
that every commit moves on by the time it really took: one writer, as in the hub, so a queue would make steps late.
"""

from __future__ import annotations

import heapq
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TypeVar

import msgspec

from devices.messages import Press, PressKind
from hub.db.engine import make_engine
from hub.db.executor import execute
from hub.db.migrate import migrate
from hub.db.store import look
from hub.db.transaction import Tx
from hub.domain.calls import HELD, WAITING, Call, Outcome
from hub.domain.desks import Desk
from hub.domain.errors import Conflict, HubError
from hub.domain.people import User, ring_targets
from hub.domain.rosters import DAY_MS
from hub.ports import Timer
from hub.services import escalate, handling, relieving, reviewing
from hub.services.ingest import PressArrived, ingest
from tests.benchmarks.day_county import DAWN_MS, Place, settle
from tests.benchmarks.day_oracle import Verdict, judge

CALLS, SEED = 2_000, 20261123
SHIFT_LOOK_MS, HOUR_MS = 5_000, 3_600_000
T = TypeVar("T")
# how people at a screen that rings behave: shares, and after how many seconds (median of a lognormal)
ANSWERS, DECLINES = 0.40, 0.15  # all others ignore it until it rings again
ANSWER_S, HANDLE_S = 14.0, 420.0
FORGETS, GIVES_BACK = 0.06, 0.06  # of those who answer: do nothing ever after, give it back


class Day:
    """Virtual time, and what is going to happen in it."""

    def __init__(self, folder: Path, seed: int, look_ms: int = SHIFT_LOOK_MS) -> None:
        self.now_ms = DAWN_MS
        self._look_ms = look_ms
        self.lateness: list[int] = []
        self.told: Counter[str] = Counter()
        self._random = random.Random(seed)
        self._agenda: list[tuple[int, int, Callable[[], None]]] = []
        self._number = 0
        self.engine = make_engine(f"sqlite:///{folder / 'day.db'}", writers=1)
        migrate(self.engine)
        self.place: Place = self.do(lambda tx: settle(tx, self._random))
        self._reacting: set[tuple[str, str]] = set()
        self._sitting: dict[str, int] = {}

    def do(self, command: Callable[[Tx], T]) -> T:
        """Commit one command; the clock moves on by what it took, and whoever is rung begins to react."""
        began = time.perf_counter()
        (outcome,), committed = execute(self.engine, [command], owner="day", now=lambda: self.now_ms)
        self.now_ms += max(1, round((time.perf_counter() - began) * 1000))
        if outcome.error is not None:
            raise outcome.error
        for event in committed.events:
            if event.type == "call.rung" and event.call_id is not None:
                self._ringing(event.call_id)
        return outcome.value  # type: ignore[return-value]  # as the command returned it

    def at(self, when_ms: int, work: Callable[[], None]) -> None:
        """Let `work` happen at `when_ms`, or as soon as the one writer is free."""
        self._number += 1
        heapq.heappush(self._agenda, (when_ms, self._number, work))

    def run(self, calls: int) -> Verdict:
        """The day to its end, and what had to be said of it."""
        for number in range(calls):
            button = self._random.randrange(len(self.place.buttons))
            self.at(
                DAWN_MS + self._random.randrange(DAY_MS),
                partial(self._press, self.place.buttons[button], number),
            )
        for user in self.place.staff:
            self._sits_down(user)
        self.at(DAWN_MS, self._shift_looks)
        while True:
            timer = self._next_timer()
            if self._agenda and (timer is None or self._agenda[0][0] < timer.due_at):
                when, _, work = heapq.heappop(self._agenda)
                self.now_ms = max(self.now_ms, when)
                work()
            elif timer is not None and timer.due_at < DAWN_MS + DAY_MS + 6 * HOUR_MS:
                self.now_ms = max(self.now_ms, timer.due_at)
                self.lateness.append(self.now_ms - timer.due_at)
                self.do(partial(escalate.fire, timer=timer, now=self.now_ms))
            else:
                break
        return judge(self.engine, self.lateness)

    def _next_timer(self) -> Timer | None:
        due = look(self.engine, lambda read: read.due_timers(2**52, 1))
        return due[0] if due else None

    def _press(self, device: str, number: int) -> None:
        press = Press(id=f"p{number:08}", kind=PressKind.SOS)
        arrived = PressArrived(device=device, press=press, received_at=self.now_ms)
        self.do(partial(ingest, arrived=arrived, now=self.now_ms))

    def _shift_looks(self) -> None:
        """What `hub.workers.shifts` does, as often as it does it."""
        for call in look(self.engine, lambda read: relieving.over(read, self.now_ms)):
            self.told["went along at shift change"] += self.do(
                partial(relieving.relieve, call_id=call, now=self.now_ms)
            )
        if self.now_ms < DAWN_MS + DAY_MS:
            self.at(self.now_ms + self._look_ms, self._shift_looks)

    def _sits_down(self, user: User) -> None:
        """Comes late, goes for a meal, goes home at the end of the shift, as people do."""
        for begin, end in self.place.hours[user.id]:
            sits = begin + self._random.randrange(15 * 60_000)
            while sits < end:
                goes = min(end, sits + self._random.randrange(HOUR_MS // 2, 4 * HOUR_MS))
                self.at(sits, partial(self._screen, user, goes))
                sits = goes + self._random.randrange(2 * 60_000, 20 * 60_000)

    def _screen(self, user: User, until: int) -> None:
        targets = tuple(sorted(ring_targets(user)))
        desk = Desk(
            id=f"k-{user.id}-{self.now_ms}", user=user.id, targets=targets, audible=True, expires_at=until
        )
        self.do(lambda tx: tx.desks.put(desk))
        self._sitting[user.id] = until
        for call in look(self.engine, lambda read: read.open_calls(self.place.everything)):
            if call.state in WAITING:
                self._ringing(call.id)

    def _ringing(self, call_id: str) -> None:
        """Each who hears it may answer in a while, decline, or not look up before it rings again."""
        call = look(self.engine, lambda read: read.call(call_id, self.place.everything))
        if call is None or call.state not in WAITING:
            return
        for user in self.place.staff:
            rings = not ring_targets(user).isdisjoint(call.rung)
            if not rings or (call_id, user.id) in self._reacting or not self._sits(user):
                continue
            mood = self._random.random()
            if mood < ANSWERS:
                self._reacting.add((call_id, user.id))
                delay = round(self._random.lognormvariate(0, 0.9) * ANSWER_S * 1000)
                self.at(self.now_ms + 800 + delay, partial(self._answers, call_id, user))
            else:
                self.told["declined" if mood < ANSWERS + DECLINES else "ignored"] += 1

    def _sits(self, user: User) -> bool:
        return self._sitting.get(user.id, 0) > self.now_ms

    def _answers(self, call_id: str, user: User) -> None:
        self._reacting.discard((call_id, user.id))
        if not self._sits(user):
            self.told["had left before answering"] += 1
            return
        try:
            self.do(partial(handling.answer, call_id=call_id, by=user, now=self.now_ms))
        except Conflict:
            self.told["came second"] += 1
            return
        self.told["answered"] += 1
        fate = self._random.random()
        if fate < FORGETS:
            self.told["answered and forgot it"] += 1
        elif fate < FORGETS + GIVES_BACK:
            self.at(
                self.now_ms + self._random.randrange(5_000, 90_000), partial(self._gives_back, call_id, user)
            )
        else:
            self._works(
                call_id, user, self.now_ms + round(self._random.lognormvariate(0, 0.6) * HANDLE_S * 1000)
            )

    def _works(self, call_id: str, user: User, until: int) -> None:
        """Something is done every two minutes, so that the call is not taken away; then it is over."""
        if self.now_ms + 120_000 < until:
            self.at(self.now_ms + 120_000, partial(self._notes, call_id, user, until))
        else:
            self.at(until, partial(self._ends, call_id, user))

    def _notes(self, call_id: str, user: User, until: int) -> None:
        if self._has(call_id, user) and self._sits(user):
            self.do(partial(handling.note, call_id=call_id, by=user, text="在联系", now=self.now_ms))
            self._works(call_id, user, until)

    def _gives_back(self, call_id: str, user: User) -> None:
        if self._has(call_id, user):
            self.told["gave it back"] += 1
            self.do(partial(handling.release, call_id=call_id, by=user, now=self.now_ms))

    def _ends(self, call_id: str, user: User) -> None:
        if not self._has(call_id, user):
            return
        self.do(
            partial(
                handling.resolve, call_id=call_id, by=user, outcome=Outcome.HELPED, note="", now=self.now_ms
            )
        )
        self.at(self.now_ms + 60_000, partial(self._closes, call_id, user))

    def _closes(self, call_id: str, user: User) -> None:
        self.do(partial(reviewing.close, call_id=call_id, by=user, rating=5, note="", now=self.now_ms))

    def _has(self, call_id: str, user: User) -> bool:
        call: Call | None = look(self.engine, lambda read: read.call(call_id, self.place.everything))
        return (
            call is not None and call.state in HELD and call.holder is not None and call.holder.id == user.id
        )


def run_day(calls: int, seed: int, look_ms: int = SHIFT_LOOK_MS) -> tuple[Verdict, Counter[str]]:
    """A whole day in a folder of its own; `look_ms`: how often shifts are looked at."""
    with tempfile.TemporaryDirectory() as folder:
        day = Day(Path(folder), seed, look_ms)
        try:
            verdict = day.run(calls)
        finally:
            day.engine.dispose()
    return verdict, day.told


def main() -> int:
    """Print the figures; 1 when a goal is missed."""
    began = time.monotonic()
    verdict, told = run_day(CALLS, SEED)
    print(f"a day of {CALLS} presses in {time.monotonic() - began:.0f} s, {verdict.calls} calls")
    for what, count in sorted(told.items()):
        print(f"  {what:32} {count}")
    for name, value in msgspec.structs.asdict(verdict).items():
        print(f"  {name.replace('_', ' '):32} {value}")
    print("goal: unseen 0, late steps 0, doubled 0")
    return 0 if verdict.good else 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except HubError as error:
        sys.exit(f"{error.code} {error.params}")
