"""What a day must not have left behind, judged from the events alone: it knows nothing of how steps are taken."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, pairwise

import msgspec
from sqlalchemy import Engine, text

from hub.db.store import look
from hub.domain.notices import NoticeDraft
from hub.domain.views import EventView

LATE_MS, DOUBLED_MS = 1_000, 5_000
# the default plan, as the issue words it: nobody who waits is left longer than this without being called anew
SILENCE_MS = (15_000, 15_000, 30_000, 30_000, 60_000)
WAITS_AGAIN = {"call.raised", "call.released", "call.lapsed", "call.reopened"}
TAKEN = {"call.answered", "call.resolved", "call.cancelled", "call.merged"}
Line = tuple[str, str, int, bytes]  # call, type, at, data
_decode = msgspec.json.Decoder(EventView)
_draft = msgspec.json.Decoder(NoticeDraft)


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """The figures of a day. `unseen`: times that a waiting call was left alone longer than its plan allows, or was
    never taken; `late_steps`: taken more than a second behind their time."""

    calls: int
    waits: int
    steps: int
    unseen: int
    late_steps: int
    latest_ms: int
    doubled: int
    answered_within_60_s: str
    answered_within_180_s: str

    @property
    def good(self) -> bool:
        """Whether every goal is reached."""
        return self.unseen == self.late_steps == self.doubled == 0


class Wait(msgspec.Struct, frozen=True):
    """A call waited from `since`; it was called out at `rings`, and taken at `until`, or never. `whole`: nobody of
    its steps was missing, so none was passed over."""

    since: int
    rings: tuple[int, ...]
    whole: bool
    until: int | None


def judge(engine: Engine, lateness: Sequence[int]) -> Verdict:
    """Look at everything that was told."""
    waits = list(_waits(engine))
    unseen = sum(left_alone(wait) for wait in waits)
    answered = [wait.until - wait.since for wait in waits if wait.until is not None]
    return Verdict(
        calls=look(engine, lambda read: read.conn.execute(text("SELECT count(*) FROM calls")).scalar_one()),
        waits=len(waits),
        steps=len(lateness),
        unseen=unseen,
        late_steps=sum(late > LATE_MS for late in lateness),
        latest_ms=max(lateness, default=0),
        doubled=_doubled(engine),
        answered_within_60_s=_share(answered, 60_000),
        answered_within_180_s=_share(answered, 180_000),
    )


def _waits(engine: Engine) -> Iterator[Wait]:
    query = text("SELECT call, type, at, data FROM events WHERE call IS NOT NULL ORDER BY call, id")
    found = look(engine, lambda read: list(read.conn.execute(query)))
    rows: list[Line] = [(call, kind, at, bytes(data)) for call, kind, at, data in found]
    for _, told in groupby(rows, key=lambda row: row[0]):
        yield from _waits_of(told)


def _waits_of(told: Iterable[Line]) -> Iterator[Wait]:
    since, rings, whole = None, list[int](), True
    for _, kind, at, data in told:
        view = _decode.decode(data)
        if kind in WAITS_AGAIN or (kind == "call.relieved" and not view.to):
            since, rings, whole = at, [], True
        elif since is not None and kind == "call.rung":
            rings.append(at)
            whole = whole and not view.missed
        elif since is not None and kind in TAKEN:
            yield Wait(since, tuple(rings), whole, at)
            since = None
    if since is not None:
        yield Wait(since, tuple(rings), whole, None)


def left_alone(wait: Wait) -> bool:
    """Whether it waited for longer than the plan lets it between two calls for help, or to the end."""
    if wait.until is None or not wait.rings or wait.rings[0] != wait.since:
        return True
    moments = [*wait.rings, wait.until]
    for number, (before, after) in enumerate(pairwise(moments)):
        # steps that were taken together leave a longer silence behind them, though never one of more than a minute
        most = SILENCE_MS[min(number, len(SILENCE_MS) - 1)] if wait.whole else max(SILENCE_MS)
        if after - before > most + LATE_MS:
            return True
    return False


def _doubled(engine: Engine) -> int:
    """How often one person was told of one call twice within five seconds."""
    query = text("SELECT address, body FROM outbox WHERE kind = 'notice' ORDER BY address, id")
    seen: dict[tuple[str, str], int] = {}
    count = 0
    for address, body in look(engine, lambda read: list(read.conn.execute(query))):
        draft = _draft.decode(bytes(body))
        if not draft.message.startswith("notice-call-waits") or draft.key is None:
            continue
        call, _, at_text, _ = draft.key.split(":", 3)
        at = int(at_text)
        before = seen.get((address, call))
        count += before is not None and at - before < DOUBLED_MS
        seen[address, call] = at
    return count


def _share(waits: Sequence[int], within_ms: int) -> str:
    return f"{100 * sum(wait <= within_ms for wait in waits) / max(1, len(waits)):.1f} %"
