"""Compares what was pressed with what the hub kept, showed and answered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import msgspec
from sqlalchemy import select

from hub.db.reader import Read
from hub.db.tables import calls, events, presses
from tests.proving.records import Heard, Pressed, Told

PROMPT_NS = 1_000_000_000  # a press that is shown later than this was held up by the fault
TELLING = ("call.raised", "call.pressed")
ENDED = ("resolved", "feedback", "closed")


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """What the database holds: presses, the press of each event that tells of one, devices with open calls."""

    presses: Sequence[str]
    told: Mapping[int, str]
    open_calls: Sequence[str]


NOTHING = Kept(presses=(), told={}, open_calls=())


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the table. `silence_ms`: the longest from a press to its being shown; `recover_ms`: from the
    end of the fault to the last press that had waited more than a second, recorded and shown."""

    sent: int
    stored: int
    doubled: int
    shown: int
    heard: int
    silence_ms: float
    recover_ms: float

    @property
    def is_good(self) -> bool:
        """Every press kept once, shown once, and answered."""
        return self.sent == self.stored == self.shown == self.heard and not self.doubled


def read_kept(read: Read) -> Kept:
    """Look into the database."""
    rows = read.conn.execute(select(events.c.id, events.c.data).where(events.c.type.in_(TELLING)))
    open_calls = select(calls.c.device).where(calls.c.state.not_in(ENDED))
    return Kept(
        presses=list(read.conn.execute(select(presses.c.id)).scalars()),
        told={row[0]: msgspec.json.decode(row[1])["press"]["id"] for row in rows},
        open_calls=list(read.conn.execute(open_calls).scalars()),
    )


def judge(
    *, pressed: Sequence[Pressed], kept: Kept, told: Sequence[Told], heard: Sequence[Heard], ended_ns: int
) -> Verdict:
    """`told`: what the screen was shown; `ended_ns`: when the fault was over."""
    shown, recorded = _first(told), _first([each for each in told if each.event])
    waits = [(line, recorded[line.press]) for line in pressed if line.press in recorded]
    late = [at_ns for line, at_ns in waits if at_ns - line.at_ns > PROMPT_NS and at_ns > ended_ns]
    silences = [shown[line.press] - line.at_ns for line in pressed if line.press in shown]
    ids = {line.press for line in pressed}
    return Verdict(
        sent=len(pressed),
        stored=len(ids.intersection(kept.presses)),
        doubled=_doubled(kept, told),
        shown=len(ids.intersection(recorded)),
        heard=len(ids.intersection(line.press for line in heard)),
        silence_ms=max(silences, default=0) / 1e6,
        recover_ms=(max(late, default=ended_ns) - ended_ns) / 1e6,
    )


def _doubled(kept: Kept, told: Sequence[Told]) -> int:
    """Presses kept, told or shown more than once, and open calls beside another of the same household."""
    shown = Counter(each.press for each in told if each.event)
    counts = (Counter(kept.presses), Counter(kept.told.values()), shown)
    twice = {press for count in counts for press, times in count.items() if times > 1}
    return len(twice) + sum(times - 1 for times in Counter(kept.open_calls).values())


def _first(told: Sequence[Told]) -> dict[str, int]:
    first: dict[str, int] = {}
    for each in told:
        first.setdefault(each.press, each.at_ns)
    return first
