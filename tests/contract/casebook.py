"""One call over a real store, and the hands that work on it: for tests of what becomes of a case."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeVar

import msgspec

from devices.messages import Press, PressKind, Reply
from hub.db.store import Store
from hub.db.transaction import Tx
from hub.domain.calls import Call, Outcome
from hub.domain.events import EventType
from hub.domain.notices import NoticeDraft
from hub.domain.people import Scope, User
from hub.domain.responders import Responder, ResponderKind, ResponderState
from hub.domain.views import TimelineItem, timeline_item
from hub.ports import Timer
from hub.services import dispatching, escalate, handling
from hub.services.dispatching import Sending
from hub.services.ingest import Ingested, PressArrived, ingest
from tests.stores import Moved

T = TypeVar("T")
EVERYTHING = Scope(area_prefix="9")


class CaseBook:
    """`press` opens a call; the rest works on it, or looks at what became of it."""

    def __init__(self, store: Store, clock: Moved) -> None:
        self.store, self.clock = store, clock
        self._presses = 0

    def pressed(self, device: str = "b-1", kind: PressKind = PressKind.SOS) -> Ingested:
        """A press that no other is like."""
        self._presses += 1
        press = Press(id=f"press-{self._presses}", kind=kind)
        arrived = PressArrived(device=device, press=press, received_at=self.clock.now())
        return self.do(lambda tx, now: ingest(tx, arrived, now))

    def press(self, device: str = "b-1", kind: PressKind = PressKind.SOS) -> str:
        """As `pressed`; the call that it opened or joined."""
        call = self.pressed(device, kind).call
        assert call is not None
        return call

    def do(self, command: Callable[[Tx, int], T]) -> T:
        """`command` in a transaction, now."""
        return self.store.run_sync(lambda tx: command(tx, self.clock.now()))

    def answer(self, call: str, by: User) -> Call:
        """`by` takes the call."""
        return self.do(lambda tx, now: handling.answer(tx, call, by, now))

    def send(self, call: str, by: User, to: str) -> Responder:
        """`by` asks `to` to go; their line."""
        self.do(lambda tx, now: dispatching.dispatch(tx, call, by, Sending(to=to), now))
        [line] = [line for line in self.lines(call) if line.to == to]
        return line

    def move(self, line: Responder, by: User, state: ResponderState) -> Call:
        """The responder is a step farther, as `by` says."""
        return self.do(lambda tx, now: dispatching.move(tx, line.call, line.id, by, state, now))

    def resolve(self, call: str, by: User, outcome: Outcome = Outcome.HELPED) -> Call:
        """The emergency is over."""
        return self.do(lambda tx, now: handling.resolve(tx, call, by, outcome, "", now))

    def call(self, call_id: str) -> Call:
        """The call as it is."""
        found = self.store.read_sync(lambda read: read.call(call_id, EVERYTHING))
        assert found is not None
        return found

    def lines(self, call: str) -> list[Responder]:
        """Who was sent, in the order of asking."""
        return list(self.store.read_sync(lambda read: read.responders_of([call])).get(call, ()))

    def line(self, call: str, kind: ResponderKind) -> Responder:
        """The one line of this kind."""
        [found] = [line for line in self.lines(call) if line.kind is kind]
        return found

    def told(self, call: str) -> list[TimelineItem]:
        """The call's timeline."""
        return [timeline_item(event) for event in self.store.read_sync(lambda read: read.timeline(call))]

    def types(self, call: str) -> list[str]:
        """The names of what happened, without the ringing."""
        return [item.type for item in self.told(call) if item.type != EventType.CALL_RUNG]

    def replies(self) -> list[tuple[str, Reply]]:
        """What devices were told, in order: device and reply."""
        return [(address, msgspec.json.decode(body, type=Reply)) for address, body in self._outbox("reply")]

    def notices(self) -> list[tuple[str, NoticeDraft]]:
        """What people were told of the case, in order: address and notice. Whom the plan tells is tested elsewhere."""
        return [told for told in self._notices() if not told[1].message.startswith("notice-call-waits")]

    def waits(self) -> list[str]:
        """In which words the plan asked for help, in order."""
        return [draft.message for _, draft in self.asked_for_help()]

    def asked_for_help(self) -> list[tuple[str, NoticeDraft]]:
        """Whom the plan asked for help, in order: address and notice."""
        return [told for told in self._notices() if told[1].message.startswith("notice-call-waits")]

    def _notices(self) -> list[tuple[str, NoticeDraft]]:
        return [(to, msgspec.json.decode(body, type=NoticeDraft)) for to, body in self._outbox("notice")]

    def due_within(self, ms: int) -> Sequence[Timer]:
        """The timers that are due so long from now."""
        until = self.clock.now() + ms
        return self.store.read_sync(lambda read: read.due_timers(until, 50))

    def pass_ms(self, ms: int) -> None:
        """Time passes, and every timer fires at the millisecond for which it was armed."""
        end = self.clock.now() + ms
        while (due := self.store.read_sync(lambda read: read.next_due())) is not None and due <= end:
            self.clock.now_ms = max(due, self.clock.now_ms)
            for timer in self.store.read_sync(lambda read: read.due_timers(self.clock.now(), 100)):
                self.store.run_sync(partial(_fire, timer=timer, now=self.clock.now()))
        self.clock.now_ms = end

    def _outbox(self, kind: str) -> list[tuple[str, bytes]]:
        def read(tx: Tx) -> list[tuple[str, bytes]]:
            query = f"SELECT address, body FROM outbox WHERE kind = '{kind}' ORDER BY id"  # noqa: S608 -- a test's own word
            return [(address, bytes(body)) for address, body in tx.conn.exec_driver_sql(query)]

        return self.store.run_sync(read)


def _fire(tx: Tx, *, timer: Timer, now: int) -> bool:
    return escalate.fire(tx, timer, now)
