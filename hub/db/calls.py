"""Calls as rows. A state changes only by `swap`, which compares what was read with what is there."""

import sqlite3
from collections.abc import Sequence
from functools import cache
from operator import itemgetter
from typing import Any

import msgspec
import psycopg
from sqlalchemy import Connection, RowMapping, bindparam, exists, or_, select, update
from sqlalchemy.sql.elements import ColumnElement

from hub.db.case_tables import responders
from hub.db.prepared import Prepared, Row, Value
from hub.db.statements import prepared_insert_unless_there
from hub.db.tables import calls
from hub.domain.calls import ASK_ON_DEVICE, HELD, JOINABLE, Call, CallState, Holder, Outcome
from hub.domain.people import NOTHING, Scope
from hub.domain.responders import ResponderKind

_into = calls.alias()
_GET = Prepared(select(calls).where(calls.c.id == bindparam("id_")))
LOCKS = "/* FOR UPDATE */"  # SQLite has one writer, and no such words; the simulation goes by them
_LOCK = Prepared(
    select(calls)
    .where(calls.c.id == bindparam("id_"))
    .with_for_update()
    .with_statement_hint(LOCKS, dialect_name="sqlite")
)
_OPEN_FOR = Prepared(select(calls).where(calls.c.open_key == bindparam("subject_")))
_UNCLOSED_FOR = Prepared(
    select(calls.c.id)
    .where(calls.c.subject == bindparam("subject_"), calls.c.closed_at.is_(None))
    .order_by(calls.c.raised_at.desc())
    .limit(1)
)
# presses of a household whose call became part of another's follow it there, through any number of others
_first = select(calls.c.merged_into.label("id")).where(
    calls.c.subject == bindparam("subject_"), calls.c.merged_into.is_not(None)
)
_upward = _first.cte("upward", recursive=True)
_upward = _upward.union(
    select(_into.c.merged_into).where(_into.c.id == _upward.c.id, _into.c.merged_into.is_not(None))
)
_MERGED_FOR = Prepared(
    select(calls)
    .where(calls.c.id.in_(select(_upward.c.id)), calls.c.open_key.is_not(None))
    .order_by(calls.c.raised_at.desc())
    .limit(1)
)
# all that became part of a call, at first or second hand
_downward = select(calls.c.id).where(calls.c.merged_into == bindparam("id_")).cte("downward", recursive=True)
_downward = _downward.union(select(_into.c.id).where(_into.c.merged_into == _downward.c.id))
_MERGED = Prepared(
    select(calls).where(calls.c.id.in_(select(_downward.c.id))).order_by(calls.c.raised_at, calls.c.id)
)
_ASKED_ON_DEVICE = (
    select(calls)
    .where(
        or_(
            calls.c.subject == bindparam("subject_"),
            calls.c.id.in_(select(_into.c.merged_into).where(_into.c.subject == bindparam("subject_"))),
        ),
        calls.c.state == CallState.FEEDBACK.value,
        calls.c.feedback_by == ASK_ON_DEVICE,
    )
    .order_by(calls.c.raised_at.desc())
    .limit(1)
)
_PRESSED = update(calls).values(presses=calls.c.presses + 1, pressed_at=bindparam("now_")).returning(*calls.c)
_JOIN = Prepared(_PRESSED.where(calls.c.open_key == bindparam("subject_")))
_JOIN_MERGED = Prepared(_PRESSED.where(calls.c.id == bindparam("id_"), calls.c.open_key.is_not(None)))
_PLAIN = (
    "id", "kind", "device", "resident", "resident_name", "area", "clinic", "raised_at", "pressed_at", "presses",
    "rev", "resolved_at", "closed_at", "rating", "cancel_asked_at", "linked",
    "answered_at", "lapses_at", "scene_due_at", "coming", "feedback_by", "merged_into",
    "plan", "begun_at", "family_told", "family_told_at",
)  # fmt: skip
_FLAGS = ("decoded", "late", "drill", "test", "loud")  # SQLite keeps them as 0 and 1
_HOLDER = ("holder_id", "holder_name", "holder_spoken_name", "holder_since")
_COLUMNS = tuple(column.name for column in calls.columns)
_plain_of, _flags_of, _holder_of, _rest_of = (
    itemgetter(*map(_COLUMNS.index, names))
    for names in (_PLAIN, _FLAGS, _HOLDER, ("state", "rung", "guests", "outcome"))
)
_INSERT = prepared_insert_unless_there(calls, _COLUMNS)
_SAME = ("id", "state", "rev", "holder_id")
_names = msgspec.json.Decoder(tuple[str, ...])


class CallRows:
    """Implements hub.ports.Calls on one connection."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    def insert(self, call: Call, subject: str, *, is_open: bool) -> bool:
        """False when the subject has an open call already."""
        row = _row(call) | {"subject": subject, "open_key": subject if is_open else None}
        return _INSERT.count(self._conn, row) == 1

    def get(self, call_id: str) -> Call | None:
        """The call, whatever its state."""
        return _one(_GET.one(self._conn, {"id_": call_id}))

    def lock(self, call_id: str) -> Call | None:
        """As `get`; nobody else changes the call, or who was sent, before this transaction ends."""
        return _one(_LOCK.one(self._conn, {"id_": call_id}))

    def open_for(self, subject: str) -> Call | None:
        """The call that a press of `subject` joins: its own, or the one that its own became part of."""
        own = _one(_OPEN_FOR.one(self._conn, {"subject_": subject}))
        return _one(_MERGED_FOR.one(self._conn, {"subject_": subject})) if own is None else own

    def unclosed_for(self, subject: str) -> str | None:
        """The newest call of `subject` that still waits for its follow-up."""
        row = _UNCLOSED_FOR.one(self._conn, {"subject_": subject})
        return None if row is None else str(row[0])

    def join(self, subject: str, now: int) -> Call | None:
        """Count one more press in the call that a press of `subject` joins (see `open_for`); the call as it is then."""
        own = _one(_JOIN.one(self._conn, {"subject_": subject, "now_": now}))
        if own is not None:
            return own
        merged = _one(_MERGED_FOR.one(self._conn, {"subject_": subject}))
        if merged is None:
            return None
        return _one(_JOIN_MERGED.one(self._conn, {"id_": merged.id, "now_": now}))

    def held_by(self, user: str) -> Sequence[Call]:
        """The calls that `user` has and has not resolved, oldest first."""
        held = [state.value for state in HELD]
        query = select(calls).where(calls.c.holder_id == user, calls.c.state.in_(held))
        return [_call(row) for row in self._conn.execute(query.order_by(calls.c.raised_at)).mappings()]

    def open_beside(self, call_id: str) -> str | None:
        """The open call of the same household, when it is another one."""
        subject = select(calls.c.subject).where(calls.c.id == call_id).scalar_subquery()
        query = select(calls.c.id).where(calls.c.open_key == subject, calls.c.id != call_id)
        return self._conn.execute(query).scalar()

    def asked_on_device(self, subject: str) -> Call | None:
        """The newest call of `subject`, or that its own became part of, whose follow-up is asked on the device."""
        row = self._conn.execute(_ASKED_ON_DEVICE, {"subject_": subject}).mappings().first()
        return None if row is None else _call(row)

    def merged(self, call_id: str) -> Sequence[Call]:
        """The calls that became part of this one, also by way of others, oldest first."""
        found = map(_one, _MERGED.all(self._conn, {"id_": call_id}))
        return [call for call in found if call is not None]

    def swap(self, before: Call, after: Call) -> bool:
        """Write what differs, if state, holder and rev are still those of `before`; False when somebody was faster."""
        old, new = _row(before), _row(after)
        changed = {key: value for key, value in new.items() if old[key] != value}
        if after.state not in JOINABLE:
            changed["open_key"] = None
        opens = after.state in JOINABLE and before.state not in JOINABLE and after.is_real
        changed = changed or {"rev": after.rev}  # the same again (two cancels in one millisecond) is no error
        swap = _swap(tuple(changed), opens=opens, held=old["holder_id"] is not None)
        try:
            return swap.count(self._conn, changed | {f"{key}_": old[key] for key in _SAME}) == 1
        except (sqlite3.IntegrityError, psycopg.IntegrityError):  # reopened while a press opened another
            return False


@cache
def _swap(changed: tuple[str, ...], *, opens: bool, held: bool) -> Prepared:
    """The UPDATE of these columns, if the call is still as it was read; `opens`: presses of its subject join it again.

    There are as many of them as there are kinds of change: a few dozen.
    """
    same = [calls.c[key] == bindparam(f"{key}_") for key in _SAME if held or key != "holder_id"]
    same += [] if held else [calls.c.holder_id.is_(None)]
    statement = update(calls).where(*same)
    return Prepared(statement.values(open_key=calls.c.subject) if opens else statement, changed)


def read_merged(conn: Connection, call_id: str) -> Sequence[str]:
    """The calls that became part of this one, oldest first."""
    return [call.id for call in CallRows(conn).merged(call_id)]


def read_call(conn: Connection, call_id: str, scope: Scope) -> Call | None:
    """The call if it lies inside `scope`."""
    call = CallRows(conn).get(call_id)
    return call if call is not None and scope.sees(call.area, call.clinic, call.guests) else None


def read_unclosed(conn: Connection, scope: Scope) -> Sequence[Call]:
    """Calls that are not closed, without tests and drills, oldest first."""
    query = (
        select(calls)
        .where(calls.c.closed_at.is_(None), ~calls.c.test, ~calls.c.drill, inside(scope))
        .order_by(calls.c.raised_at, calls.c.id)
    )
    return [_call(row) for row in conn.execute(query).mappings()]


def read_held(conn: Connection) -> Sequence[Call]:
    """The calls that somebody has and that are not over, oldest first."""
    query = select(calls).where(
        calls.c.closed_at.is_(None), calls.c.state.in_([state.value for state in HELD])
    )
    return [_call(row) for row in conn.execute(query.order_by(calls.c.raised_at, calls.c.id)).mappings()]


def read_page(
    conn: Connection, scope: Scope, *, only_open: bool, after: tuple[int, str] | None, limit: int
) -> Sequence[Call]:
    """A page of calls, newest first, beginning behind `after` (raised_at, id): stable while rows come."""
    query = (
        select(calls).where(inside(scope)).order_by(calls.c.raised_at.desc(), calls.c.id.desc()).limit(limit)
    )
    if only_open:
        query = query.where(calls.c.closed_at.is_(None), ~calls.c.test, ~calls.c.drill)
    if after is not None:
        at, call_id = after
        query = query.where(or_(calls.c.raised_at < at, (calls.c.raised_at == at) & (calls.c.id < call_id)))
    return [_call(row) for row in conn.execute(query).mappings()]


def inside(scope: Scope) -> ColumnElement[bool]:
    """The rows of `calls` that `scope` sees."""
    if scope == NOTHING:
        return calls.c.id.is_(None)
    parts: list[ColumnElement[bool]] = []
    if scope.area_prefix is not None:
        parts.append(calls.c.area.startswith(scope.area_prefix, autoescape=True))
    if scope.clinic is not None:
        asked = (
            responders.c.call == calls.c.id,
            responders.c.kind == ResponderKind.CLINIC.value,
            responders.c.ref == scope.clinic,
        )
        parts.append(or_(calls.c.clinic == scope.clinic, exists().where(*asked)))
    return or_(*parts)


def _row(call: Call) -> dict[str, Value]:
    row: dict[str, Value] = {name: getattr(call, name) for name in (*_PLAIN, *_FLAGS)}
    holder = call.holder
    row["state"] = call.state.value
    row["outcome"] = None if call.outcome is None else call.outcome.value
    row["rung"] = msgspec.json.encode(call.rung).decode()
    row["guests"] = msgspec.json.encode(call.guests).decode() if call.guests else "[]"
    row["holder_id"] = None if holder is None else holder.id
    row["holder_name"] = None if holder is None else holder.name
    row["holder_spoken_name"] = None if holder is None else holder.spoken_name
    row["holder_since"] = None if holder is None else holder.since
    return row


def _one(row: Row | None) -> Call | None:
    return None if row is None else _of(row)


def _call(row: RowMapping) -> Call:
    return _of(tuple(row[name] for name in _COLUMNS))


def _of(row: Sequence[Any]) -> Call:
    """`row` as `select(calls)` gives it. By position: presses that join come by here a thousand times a second."""
    holder_id, name, spoken_name, since = _holder_of(row)
    state, rung, guests, outcome = _rest_of(row)
    fields: dict[str, Any] = dict(zip(_PLAIN, _plain_of(row), strict=True))
    fields |= zip(_FLAGS, map(bool, _flags_of(row)), strict=True)
    return Call(
        **fields,
        state=CallState(state),
        holder=None
        if holder_id is None
        else Holder(id=holder_id, name=name, spoken_name=spoken_name, since=since),
        rung=_names.decode(rung),
        guests=_names.decode(guests),
        outcome=None if outcome is None else Outcome(outcome),
    )
