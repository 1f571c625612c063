"""What must hold, whatever happens. It reads the rows and what people and devices saw, never the hub's memory.

Each invariant has a name and says what an elder, a person at a desk or a device would complain of; nothing here
knows how the hub keeps it.
"""

import json
import sqlite3
from collections.abc import Callable

from devices.messages import Reply
from hub.domain.people import User
from tests.simulation.closed_loop import ClosedLoop
from tests.simulation.known import (
    ALIVE_TIMER,
    ALL_ARE_RUNG,
    GRACE_S,
    HELD,
    NEVER_LOST,
    NO_PRESS_WITHOUT_A_CALL,
    NOT_AFTER_THE_END,
    NOTHING_LEFT,
    ONE_CALL_A_PRESS,
    ONE_HOLDER,
    ONE_OPEN_CALL,
    SAID,
    TRUE_REPLY,
    WAITING,
    Case,
    Seen,
    Violation,
)
from tests.simulation.ledger import Key, Ledger
from tests.simulation.promises import promise_of
from tests.simulation.story import Story


class Oracle:
    """Looks after every commit, every message and every few seconds."""

    def __init__(
        self, rows: Callable[[], sqlite3.Connection], ledger: Ledger, story: Story, time: Callable[[], float]
    ) -> None:
        self._rows = self.rows = rows
        self._ledger = ledger
        self._story = story
        self._time = time
        self.violations: list[Violation] = []
        self.on_violation: Callable[[], None] = lambda: None
        self.events: list[Seen] = []
        self.cases: dict[str, Case] = {}
        self.case_of: dict[Key, str] = {}
        self.shown_in: dict[Key, str] = {}  # the call that it joined, whatever became of that
        self.doubled: set[Key] = set()
        self.loop = ClosedLoop(rows, time, self.violated)
        self._last_event = 0
        self._version: object = None
        self._press_row = 0
        self._waiting: dict[str, Case] = {}
        self._moved: set[str] = set()

    def violated(self, name: str, text: str, *about: str) -> None:
        """Once for each name and text."""
        found = Violation(name, text, about)
        if found not in self.violations:
            self.violations.append(found)
            self._story.tell(f"BROKEN: {name}: {text}", *about)
            self.on_violation()

    def new_life(self) -> None:
        """The database was opened anew."""
        self._version = None

    def look(self) -> None:
        """After anything that may have been a commit."""
        rows = self._rows()
        version = rows.execute("PRAGMA data_version").fetchone()
        if version == self._version:
            return
        self._version = version
        self.loop.queued()
        for row in rows.execute(
            "SELECT id, type, call, area, clinic, data FROM events WHERE id > ? ORDER BY id",
            (self._last_event,),
        ).fetchall():
            self._event(rows, *row)
        for call in self._moved:
            self._say(rows, self.cases[call])
        self.loop.judge(self._moved)
        self._moved.clear()
        self._new_presses(rows)
        # `> ''` as `+` below: by the key of open calls, and not past every call of the day after each commit
        for (call,) in rows.execute(
            "SELECT id FROM calls c WHERE open_key > '' AND state IN ('raised', 'ringing')"
            " AND NOT EXISTS (SELECT 1 FROM timers t WHERE t.call = c.id)"
        ).fetchall():
            self.violated(ALIVE_TIMER, f"call {call} waits and nothing will ever ring for it again", call)
        for (subject,) in rows.execute(
            "SELECT subject FROM calls WHERE open_key > '' GROUP BY +subject HAVING count(*) > 1"
        ).fetchall():
            self.violated(ONE_OPEN_CALL, f"{subject} has two open calls", *self._about(subject))
        for call, step in rows.execute(
            "SELECT t.call, t.step FROM timers t JOIN calls c ON c.id = t.call"
            " WHERE c.state IN ('resolved', 'feedback', 'closed') AND t.step <> 'case.inform'"  # the family
            " OR c.state NOT IN ('raised', 'ringing') AND t.step NOT LIKE 'case.%'"
        ).fetchall():
            self.violated(
                NOT_AFTER_THE_END, f"the timer {step} of call {call} still runs, though nobody needs it", call
            )

    def _about(self, subject: str) -> tuple[str, ...]:
        return tuple(case.device for case in self.cases.values() if case.id and subject.endswith(case.device))

    def _event(
        self, rows: sqlite3.Connection, number: int, kind: str, call: str | None, area: str, clinic: str | None,
        data: bytes,
    ) -> None:  # fmt: skip
        self._last_event = number
        self.events.append(Seen(number, kind, call, area, clinic, self._time()))
        body = json.loads(data)
        view = body.get("call")
        if call is None or view is None:
            return
        case = self.cases.get(call)
        if case is None:
            case = self.cases[call] = Case(
                call, view["device"], area, clinic, self._time(), test=view["test"] or view["drill"]
            )
            case.promise = promise_of(rows, call)
        self._move(case, kind, view, body)
        press = body.get("press")
        if press is not None and kind in ("call.raised", "call.pressed", "call.tested"):
            self._joined(case, (press["device"], press["id"]), decoded=press.get("decoded", True))
            if kind != "call.tested" and view["state"] not in WAITING and view["state"] not in HELD:
                self.violated(
                    NO_PRESS_WITHOUT_A_CALL,
                    f"press {press['id']} of {press['device']} rings nowhere: call {call} is {view['state']}",
                    press["device"], press["id"], call,
                )  # fmt: skip
        if kind == "call.merged":
            self._merged(case, str(body["other"]))
        self.loop.event(kind, call, body)
        case.passed += SAID[case.state]
        self._moved.add(case.id)

    def _say(self, rows: sqlite3.Connection, case: Case) -> None:
        """What may be said of a call after a commit; of revisions in between, if it changed several times, whatever it
        passed through."""
        row = rows.execute("SELECT rev, state, coming FROM calls WHERE id = ?", (case.id,)).fetchone()
        if row is not None:
            newest, state, coming = row
            for between in range(max(case.said, default=0) + 1, newest):
                case.said.setdefault(between, set()).update(case.passed)
            case.said[newest] = {SAID[state][-1 if coming else 0]}
        case.passed.clear()

    def _move(self, case: Case, kind: str, view: dict[str, object], body: dict[str, object]) -> None:
        now, state = self._time(), str(view["state"])
        raw = view["holder"]
        holder = str(raw["id"]) if isinstance(raw, dict) else None
        who = f" by {holder}" if holder else ""
        self._story.tell(f"{kind}: call {case.id} of {case.device} is {state}{who}", case.id, case.device)
        if kind == "call.answered" and case.holder is not None and holder != case.holder:
            self.violated(
                ONE_HOLDER, f"call {case.id} was given to {holder} while {case.holder} had it", case.id
            )
        if holder is not None:
            case.answered_by.add(holder)
        if state in HELD and holder is None:
            self.violated(ONE_HOLDER, f"call {case.id} is {state} and nobody has it", case.id)
        if kind == "call.rung":
            if case.state and case.state not in WAITING:
                self.violated(NOT_AFTER_THE_END, f"call {case.id} rang though it was {case.state}", case.id)
            case.rung_s = now
            targets = body.get("targets", ())
            case.rung |= set(map(str, targets)) if isinstance(targets, list) else set()
        if state in WAITING and case.state not in WAITING:
            case.waits_since_s = case.rung_s = now
            case.rung = set() if kind != "call.rung" else case.rung
        case.state, case.holder = state, holder
        if state in WAITING and not case.test:
            self._waiting[case.id] = case
        else:
            self._waiting.pop(case.id, None)

    def _merged(self, gone: Case, into: str) -> None:
        """Its presses are those of the other from now on."""
        gone.merged_into = into
        other = self.cases.get(into)
        for key in gone.presses:
            self.case_of[key] = into
            if other is not None:
                other.presses.add(key)
        for case in self.cases.values():
            if case.merged_into == gone.id:
                case.merged_into = into

    def _joined(self, case: Case, key: Key, *, decoded: bool) -> None:
        case.presses.add(key)
        self.shown_in.setdefault(key, case.id)
        other = self.case_of.setdefault(key, case.id)
        if other != case.id and decoded:
            self.doubled.add(key)
            self.violated(
                ONE_CALL_A_PRESS,
                f"press {key[1]} of {key[0]} is in two calls, {other} and {case.id}",
                key[0], key[1], other, case.id,
            )  # fmt: skip

    def _new_presses(self, rows: sqlite3.Connection) -> None:
        for rowid, device, press, kind, call in rows.execute(
            "SELECT rowid, device, id, kind, call FROM presses WHERE rowid > ? ORDER BY rowid",
            (self._press_row,),
        ).fetchall():
            self._press_row = rowid
            known = rows.execute("SELECT count(*) FROM presses WHERE device = ? AND id = ?", (device, press))
            if known.fetchone()[0] > 1:
                self.doubled.add((device, press))
                self.violated(ONE_CALL_A_PRESS, f"press {press} of {device} is stored twice", device, press)
            if kind in ("sos", "fall") and (call is None or call not in self.cases):
                self.violated(
                    NO_PRESS_WITHOUT_A_CALL,
                    f"press {press} of {device} is stored and rings nowhere",
                    device,
                    press,
                )

    def told(self, device: str, reply: Reply) -> None:
        """A device was told `reply`."""
        rows = self._rows()
        stored = rows.execute(
            "SELECT 1 FROM presses WHERE device = ? AND id = ?", (device, reply.press)
        ).fetchone()
        if stored is None:
            self.violated(
                TRUE_REPLY, f"{device} was told {reply.state} for press {reply.press}, which nobody has stored",
                device, reply.press,
            )  # fmt: skip
            return
        case = self.cases.get(reply.call or "")
        if case is None or case.test or (reply.rev == 1 and reply.state == "received"):
            if reply.call is not None and case is None:
                self.violated(
                    TRUE_REPLY, f"{device} was told of call {reply.call}, which there is not", device
                )
            return
        true = case.said.get(reply.rev, set())
        if reply.state not in true:
            was = " or ".join(sorted(true)) or "nothing yet"
            self.violated(
                TRUE_REPLY, f"{device} was told {reply.state} (rev {reply.rev}) of call {case.id}, which was {was}",
                device, case.id,
            )  # fmt: skip

    def answered(self, by: User, call: str) -> None:
        """A person was told that they have the call."""
        case = self.cases.get(call)
        if case is None or by.id not in case.answered_by:
            self.violated(
                ONE_HOLDER, f"{by.id} was told that they have call {call}, and nobody else knows", call
            )

    def rings(self, well_since_s: float | None) -> None:
        """Now and then: whoever waits is rung as promised, while any hub can."""
        if well_since_s is None:
            return
        now = self._time()
        for case in list(self._waiting.values()):
            promise = case.promise
            if promise is None:
                continue
            quiet = now - max(case.rung_s, well_since_s)
            if quiet > promise.longest_silence_s + GRACE_S:
                self.violated(
                    ALL_ARE_RUNG, f"call {case.id} of {case.device} waits and has not rung for {quiet:.0f} s",
                    case.id, case.device,
                )  # fmt: skip
            waited = now - max(case.waits_since_s, well_since_s)
            missing = promise.missing(case.area, case.clinic, waited - GRACE_S, case.rung)
            if missing:
                self.violated(
                    ALL_ARE_RUNG,
                    f"call {case.id} of {case.device} waits {waited:.0f} s and never rang at {', '.join(missing)}",
                    case.id, case.device,
                )  # fmt: skip

    def settled(self) -> list[str]:
        """What is still to be done before the county is at rest; empty when it is."""
        rows = self._rows()
        (left,) = rows.execute("SELECT count(*) FROM outbox").fetchone()
        open_calls = sorted(case.id for case in self.cases.values() if case.state not in ("closed", ""))
        missing = [pressed.press for pressed in self._ledger.presses.values() if self._lacks(pressed.key)]
        return [
            *([f"{left} messages in the outbox"] if left else []),
            *(f"call {call} is {self.cases[call].state}" for call in open_calls),
            *(f"press {press}" for press in missing),
        ]

    def _lacks(self, key: Key) -> bool:
        pressed = self._ledger.presses[key]
        if not pressed.owed:
            return False
        stored = self.is_stored(key)
        if pressed.gone and not stored and not pressed.kept_in_spool and pressed.heard_at_s is None:
            return False
        unseen = pressed.rings and pressed.seen_at_s is None
        unheard = pressed.contract and not pressed.gone and pressed.heard_at_s is None
        return not stored or unseen or unheard

    def is_stored(self, key: Key) -> bool:
        """Whether the press is in the database."""
        row = self._rows().execute("SELECT 1 FROM presses WHERE device = ? AND id = ?", key).fetchone()
        return row is not None

    def final(self) -> tuple[int, int]:
        """At the end of a run, after rest: (lost, unseen)."""
        lost = unseen = 0
        for key, pressed in self._ledger.presses.items():
            if not self._lacks(key):
                continue
            device, press = key
            if not self.is_stored(key):
                lost += 1
                self.violated(NEVER_LOST, f"press {press} of {device} was never stored", device, press)
            elif pressed.rings and pressed.seen_at_s is None:
                unseen += 1
                self.violated(NEVER_LOST, f"press {press} of {device} was shown to nobody", device, press)
            else:
                self.violated(
                    NEVER_LOST, f"{device} never heard that press {press} was received", device, press
                )
        self.loop.final()
        (left,) = self._rows().execute("SELECT count(*) FROM outbox").fetchone()
        if left:
            self.violated(NOTHING_LEFT, f"{left} messages are in the outbox and never go out")
        return lost, unseen
