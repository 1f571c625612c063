"""Durable timers as rows. Firing happens in the transaction that deletes the row, so each fires once."""

from collections.abc import Sequence

import msgspec
from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from hub.clock import STEP_MS
from hub.db.prepared import Prepared
from hub.db.tables import calls, events, timers
from hub.ports import Timer

_DUE = Prepared(
    select(timers.c.id, timers.c.call, timers.c.step, timers.c.due_at, timers.c.attempts)
    .where(timers.c.due_at <= bindparam("now_"))
    .order_by(timers.c.due_at, timers.c.id)
    .limit(bindparam("limit_"))
)
_TIMER = ("id", "call", "step", "due_at", "attempts")
_ARM = Prepared(insert(timers), ("call", "step", "due_at", "attempts"))
_DISARM = delete(timers).where(
    timers.c.call == bindparam("call_"), timers.c.step.startswith(bindparam("prefix_"), autoescape=False)
)
_TAKE = delete(timers).where(timers.c.id == bindparam("id_"), timers.c.due_at == bindparam("due_"))
_DEFER = (
    update(timers)
    .where(timers.c.id == bindparam("id_"))
    .values(due_at=bindparam("due_"), attempts=timers.c.attempts + 1)
)
_OF_CASES = timers.c.step.startswith("case.")  # hub.services.casework
_BEGUN_LATER = select(calls.c.id).where(
    calls.c.open_key.is_not(None), calls.c.holder_id.is_(None), calls.c.begun_at > bindparam("due_")
)
# what happened last lies in the future: then steps were armed by the same clock
_AHEAD = select(events.c.at).order_by(events.c.id.desc()).limit(1).scalar_subquery() > bindparam("ahead_")
_TOO_FAR = timers.c.due_at > bindparam("farthest_")
_HASTEN, _HASTEN_STEP = (
    update(timers).where(timers.c.due_at > bindparam("due_"), whose).values(due_at=bindparam("due_"))
    for whose in (
        ~_OF_CASES & (_TOO_FAR | timers.c.call.in_(_BEGUN_LATER) | _AHEAD),
        _TOO_FAR & timers.c.step.startswith(bindparam("prefix_"), autoescape=False),
    )
)


class TimerRows:
    """Implements hub.ports.Timers; `armed` tells the worker the earliest time that this transaction set."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn
        self.armed: list[int] = []

    def arm(self, call: str, step: str, due_at: int) -> None:
        """Let `step` of `call` fall due at `due_at`."""
        _ARM.count(self._conn, {"call": call, "step": step, "due_at": due_at, "attempts": 0})
        self.armed.append(due_at)

    def disarm(self, call: str, prefix: str = "") -> None:
        """No step of `call` whose name begins with `prefix` falls due any more."""
        self._conn.execute(_DISARM, {"call_": call, "prefix_": prefix})

    def due(self, now: int, limit: int) -> Sequence[Timer]:
        """The timers due by `now`, most overdue first."""
        return read_due(self._conn, now, limit)

    def take(self, timer: Timer) -> bool:
        """False when another hub has it, or it was disarmed."""
        return self._conn.execute(_TAKE, {"id_": timer.id, "due_": timer.due_at}).rowcount == 1

    def defer(self, timer: Timer, due_at: int) -> None:
        """Try again at `due_at`."""
        self._conn.execute(_DEFER, {"id_": timer.id, "due_": due_at})
        self.armed.append(due_at)

    def hasten(self, farthest: int, due_at: int) -> int:
        """Let steps of plans that fall due behind `farthest`, or of waiting calls which began behind `due_at`, fall
        due at `due_at`; all of them when the newest event lies behind it. How many."""
        values = {"farthest_": farthest, "due_": due_at, "ahead_": due_at + STEP_MS}
        return self._conn.execute(_HASTEN, values).rowcount

    def hasten_step(self, prefix: str, farthest: int, due_at: int) -> int:
        """The same for steps of a case whose name begins with `prefix`."""
        values = {"prefix_": prefix, "farthest_": farthest, "due_": due_at}
        return self._conn.execute(_HASTEN_STEP, values).rowcount


def read_due(conn: Connection, now: int, limit: int) -> Sequence[Timer]:
    """The timers due by `now`, most overdue first."""
    rows = _DUE.all(conn, {"now_": now, "limit_": limit})
    return [msgspec.convert(dict(zip(_TIMER, row, strict=True)), Timer) for row in rows]


def read_next_due(conn: Connection) -> int | None:
    """When the next timer falls due."""
    return conn.execute(select(func.min(timers.c.due_at))).scalar()
