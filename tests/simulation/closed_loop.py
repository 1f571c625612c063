"""What must hold of a case from the answer to the rating, in the words of those who stand in it.

As the oracle it reads rows and committed events, and knows the rules by its own words, never by the hub's code.
"""

import sqlite3
from collections.abc import Callable, Collection, Mapping
from typing import Any

from tests.simulation import rota
from tests.simulation.families import Families
from tests.simulation.known import (
    COMING_IS_TRUE,
    ENDED_BY_WORD,
    GRACE_S,
    HELD,
    IDLE_HOLDER,
    MERGED_LIVES,
    NEXT_IS_ASKED,
    NOT_AFTER_THE_END,
    ONE_HOLDER,
    ONE_PLAN,
    OVER,
    SHIFT_IS_OVER,
    SOMEBODY_IS_THERE,
    WAITING,
)
from tests.simulation.tracks import COMING, Line, Track

REMIND_S, LAPSE_S, ASK_S = 240.0, 300.0, 120.0
ABOUT_S = 10.0  # two hubs' clocks are a few seconds apart, a commit takes a few more
HOLDERS_OWN = ("call.resolved", "call.extended", "call.released", "call.dispatched")
NEVER_AFTERWARDS = ("call.reminded", "call.lapsed", "call.escalated", "call.unmanned", "call.dispatched")
Body = Mapping[str, Any]  # an event's JSON, as any program reads it


class ClosedLoop:
    """Looks after every event of a call, and every few seconds at what should have happened by now."""

    def __init__(
        self,
        rows: Callable[[], sqlite3.Connection],
        time: Callable[[], float],
        violated: Callable[..., None],
    ) -> None:
        self._rows = rows
        self._time = time
        self._violated = violated
        self._tracks: dict[str, Track] = {}
        self._lasting: dict[str, Track] = {}  # those whose emergency lasts
        self._off_s = 0.0
        self._rosters: list[object] = []
        self._rosters_s = 0.0
        self.well: Callable[[], float | None] = lambda: None
        self.on_notice: Callable[[str, str], None] = lambda _address, _body: None
        self.families = Families(rows, violated, self._tracks)

    def clock_is_off(self, by_s: float) -> None:
        """A hub began with a clock that was wrong by so much."""
        if abs(by_s) > ABOUT_S:
            self._off_s = max(self._off_s, abs(by_s))

    def queued(self) -> None:
        """Before the events of a commit: what it sends to people outside."""
        self.families.queued()
        for address, body in self.families.delivered(self._time()):
            self.on_notice(address, body)

    def event(self, kind: str, call: str, body: Body) -> None:
        """One committed event of a call."""
        view, by = body["call"], (body.get("by") or {}).get("id")
        track = self._tracks.get(call)
        if track is None:
            track = self._tracks[call] = self._begin(call, view)
            self._require_none_beside(track, kind)
        before = (track.state, track.holder)
        track.state = view["state"]
        holder = view["holder"]["id"] if view["holder"] else None
        self._require_right(track, kind, by, before[1], body)
        if kind in NEVER_AFTERWARDS and track.state in OVER:
            self._broken(NOT_AFTER_THE_END, f"call {call} is {track.state}, and there was {kind}", track)
        if kind in ("call.reminded", "call.lapsed"):
            self._of_idle(track, kind, before[1])
        if holder is not None and holder != track.holder and track.state in HELD:
            track.taken(holder, self._time())
        elif track.state in WAITING or holder is not None:
            track.holder = holder
        if by is not None and (by == holder or kind == "call.responder"):
            track.deed_s = self._time()
        self._of_lines(track, kind, body)
        self._of_end(track, kind, by, before[0])
        if kind == "call.merged":
            self._merge(track, self._tracks[str(body["other"])])
        self.families.stirred(track)
        if track.is_open:
            self._lasting[call] = track
        else:
            self._lasting.pop(call, None)

    def judge(self, calls: Collection[str]) -> None:
        """After all events of a commit: what it left behind for `calls`."""
        rows = self._rows()
        for call in sorted(calls):
            track = self._tracks.get(call)
            if track is None:
                continue
            plan, coming = rows.execute("SELECT plan, coming FROM calls WHERE id = ?", (call,)).fetchone()
            if plan != track.plan:
                self._broken(
                    ONE_PLAN, f"call {call} began under {track.plan}, and is now under {plan}", track
                )
            self._require_coming(track, coming)
            if track.changed and track.is_open and track.is_wanted() and not track.unmanned:
                self._broken(NEXT_IS_ASKED, f"nobody comes for call {call}, and nobody else was asked", track)
            track.changed = False
        for call, steps in rows.execute(
            "SELECT call, count(*) FROM timers WHERE step LIKE 'plan:%' GROUP BY call HAVING count(*) > 1"
        ).fetchall():
            self._violated(ONE_PLAN, f"{steps} steps of plans wait for call {call}", call)
        self.families.judge()

    def due(self) -> None:
        """Now and then: what should have happened by now."""
        if self.well() is None:
            return
        for track in self._lasting.values():
            if track.state in HELD and self._is_late(track.deed_s, LAPSE_S):
                self._broken(IDLE_HOLDER, f"{track.holder} does nothing and still has call {track.id}", track)
            for name, line in track.lines.items():
                if line.state == "asked" and self._is_late(line.asked_s, ASK_S):
                    self._broken(NEXT_IS_ASKED, f"{line.to} ({name}) has not answered for 2 minutes", track)
            expected = track.there_by_s is not None
            if expected and self._is_late((track.there_by_s or 0.0) - track.limit_s, track.limit_s):
                about = f"nobody is there for call {track.id} after {track.limit_s / 60:.0f} minutes"
                self._broken(SOMEBODY_IS_THERE, f"{about}, and the county has not heard", track)
        self._require_on_duty()
        self.families.due(lambda since_s: self._is_late(since_s, 120.0))

    def final(self) -> None:
        """After the rest everybody has heard everything."""
        self.families.final()

    def _begin(self, call: str, view: Body) -> Track:
        rows, resident = self._rows(), view["resident"]
        found = rows.execute("SELECT conditions FROM residents WHERE id = ?", (resident,)).fetchone()
        (plan,) = rows.execute("SELECT plan FROM calls WHERE id = ?", (call,)).fetchone()
        red = view["kind"] == "fall" or bool(found is not None and found[0].strip())
        real = not (view["test"] or view["drill"])
        track = Track(call, resident, view["clinic"], red, real, plan)
        if resident is not None and real:
            track.takes[resident] = track.ends[resident] = 0
        return track

    def _require_none_beside(self, track: Track, kind: str) -> None:
        """While a call lasts that a household's own became part of, its presses join that one."""
        for other in self._tracks.values():
            if (
                kind == "call.raised"
                and other.is_open
                and other is not track
                and set(track.takes) & set(other.takes)
            ):
                self._broken(
                    MERGED_LIVES, f"call {track.id} was raised beside {other.id}, which lasts", track
                )

    def _require_right(
        self, track: Track, kind: str, by: str | None, held_by: str | None, body: Body
    ) -> None:
        if kind in HOLDERS_OWN and by is not None and by != held_by:
            self._broken(ONE_HOLDER, f"{by} did {kind} to call {track.id}, which {held_by} has", track)
        if kind != "call.handed_over":
            return
        to = body["call"]["holder"]
        if to is None or to["name"] != body["to"]:
            self._broken(ONE_HOLDER, f"call {track.id} was handed to {body['to']}, who has it not", track)
        elif by != held_by and not str(by).startswith("u-county"):
            self._broken(ONE_HOLDER, f"{by} handed over call {track.id}, which {held_by} has", track)
        elif rota.is_off(self._rows(), to["id"], self._time(), self._time(), self._off_s):
            self._broken(SHIFT_IS_OVER, f"call {track.id} was handed to {to['id']}, who is off duty", track)

    def _of_idle(self, track: Track, kind: str, holder: str | None) -> None:
        """Only who does nothing is reminded, and loses the call, and not without having been reminded."""
        idle_s, well = self._time() - track.deed_s, self.well()
        if kind == "call.reminded":
            track.reminded_s = self._time()
        if self._off_s:
            return
        if idle_s < (REMIND_S if kind == "call.reminded" else LAPSE_S) - ABOUT_S:
            self._broken(
                IDLE_HOLDER, f"{kind} of call {track.id}: {holder} did something {idle_s:.0f} s ago", track
            )
        unwarned = kind == "call.lapsed" and track.reminded_s < track.deed_s
        if unwarned and well is not None and well < track.deed_s + REMIND_S - GRACE_S:
            self._broken(IDLE_HOLDER, f"{holder} lost call {track.id} and was never reminded", track)

    def _of_lines(self, track: Track, kind: str, body: Body) -> None:
        if kind == "call.unmanned":
            track.unmanned = True
            self._require_nobody_left(track)
        seen = body.get("responder")
        if kind == "call.escalated":
            track.there_by_s = self._time() + track.limit_s
        if seen is None:
            return
        line = track.lines.setdefault(seen["id"], Line(seen["kind"], seen["to"], "", 0.0))
        line.state, line.former = seen["state"], False
        if kind in ("call.dispatched", "call.dialled"):
            line.asked_s, track.unmanned = self._time(), False
        if line.state in ("declined", "no_answer"):
            track.changed = True
        if line.state == "arrived":
            track.there_by_s, track.arrived = None, True
        elif not track.is_wanted() and track.there_by_s is None and not track.arrived and track.is_open:
            track.there_by_s = self._time() + track.limit_s

    def _require_nobody_left(self, track: Track) -> None:
        """The hub says that there is nobody left to ask: by the register there is none."""
        rows, asked = self._rows(), {(line.kind, line.to) for line in track.lines.values() if not line.former}
        left = set() if track.clinic is None else {("clinic", track.clinic)}
        helpers = (
            "SELECT p.kind, p.id FROM residents r JOIN people p ON p.id IN (r.doctor, r.grid_worker)"
            " WHERE r.id = ? AND p.phone <> ''"
        )
        left |= set(rows.execute(helpers, (track.resident,)).fetchall())
        family = "SELECT 'contact', id FROM contacts WHERE resident = ? AND phone <> ''"
        left |= set(rows.execute(family, (track.resident,)).fetchall())
        if left - asked:
            self._broken(NEXT_IS_ASKED, f"{sorted(left - asked)} were never asked for call {track.id}", track)

    def _of_end(self, track: Track, kind: str, by: str | None, was: str) -> None:
        if kind == "call.cancel_asked":
            track.cancel_asked = True
        if kind == "call.feedback_asked":
            track.feedback_asked = True
        if kind == "call.reopened":
            track.begun_again()
            track.arrived = False
        if kind == "call.resolved" or (kind == "call.cancelled" and track.cancel_asked):
            if by is None:
                self._broken(ENDED_BY_WORD, f"call {track.id} ended by nobody's word", track)
            track.ended(self._time())
        ends_otherwise = kind in ("call.merged", "call.tested")
        if track.state in OVER and was not in OVER and not track.over and not ends_otherwise:
            self._broken(
                ENDED_BY_WORD, f"call {track.id} is {track.state}, and nobody said that it is over", track
            )
        if kind == "call.closed" and by is None and not track.feedback_asked:
            self._broken(ENDED_BY_WORD, f"call {track.id} was closed by nobody, and nobody was asked", track)

    def _merge(self, gone: Track, into: Track) -> None:
        gone.merged_into = into.id
        for track in self._tracks.values():
            if track.merged_into == gone.id:
                track.merged_into = into.id
        asked = {(line.kind, line.to) for line in into.lines.values()}
        for name, line in list(gone.lines.items()):
            if (line.kind, line.to) not in asked:
                into.lines[name] = gone.lines.pop(name)
        gone.lines.clear()
        if gone.there_by_s is not None:
            into.there_by_s = min(gone.there_by_s, into.there_by_s or gone.there_by_s)
        into.arrived |= gone.arrived
        if into.arrived:
            into.there_by_s = None
        self.families.merged(gone, into, self._time())
        rows = self._rows()
        for table in ("presses", "timers"):
            (left,) = rows.execute(f"SELECT count(*) FROM {table} WHERE call = ?", (gone.id,)).fetchone()  # noqa: S608
            if left:
                self._broken(
                    MERGED_LIVES, f"{left} {table} are left in call {gone.id}, merged into {into.id}", gone
                )

    def _require_coming(self, track: Track, coming: str | None) -> None:
        if track.state not in HELD:
            return
        states = {line.state for line in track.lines.values()}
        if coming and not states.intersection((*COMING, "done")):
            self._broken(
                COMING_IS_TRUE, f"the elder of call {track.id} awaits {coming}, who has not accepted", track
            )
        if not coming and states.intersection(COMING):
            self._broken(
                COMING_IS_TRUE, f"somebody comes for call {track.id}, and the elder is not told", track
            )

    def _require_on_duty(self) -> None:
        now = self._time()
        rosters = self._rows().execute("SELECT place, shifts, changes FROM rosters ORDER BY place").fetchall()
        if rosters != self._rosters:
            self._rosters, self._rosters_s = rosters, now
        for track in self._lasting.values():
            if track.state not in HELD or track.holder is None:
                continue
            since_s = max(track.holder_s, self.well() or 0.0, self._rosters_s)
            if now - since_s > GRACE_S and rota.has_gone(
                self._rows(), track.holder, track.holder_s, now, self._off_s
            ):
                self._broken(
                    SHIFT_IS_OVER, f"{track.holder} is off duty and still has call {track.id}", track
                )

    def _is_late(self, since_s: float, limit_s: float) -> bool:
        """Whether what was due has not come though a hub has had time for it. A wrong clock costs a step as much."""
        well = self.well()
        due_s = since_s + limit_s + (limit_s + 65.0 if self._off_s else 0.0)
        return well is not None and self._time() - max(due_s, well) > GRACE_S

    def _broken(self, name: str, text: str, track: Track) -> None:
        self._violated(name, text, track.id, *([track.merged_into] if track.merged_into else []))
