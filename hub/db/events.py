"""The events table. Ids are consecutive and in commit order, so a reader that has n has everything before n.

SQLite has one writer. PostgreSQL has many, and a sequence would hand out ids in another order than commits
come; so the last thing before each commit is an advisory lock, then max(id) + 1. The lock is held for the
length of one commit.
"""

from collections.abc import Collection, Sequence

import msgspec
from sqlalchemy import Connection, bindparam, func, insert, select, text

from hub.db.prepared import Prepared, Value
from hub.db.statements import is_postgresql
from hub.db.tables import events
from hub.domain.events import Event, EventType, NewEvent
from hub.domain.views import event_view

_ADVISORY_LOCK = 0x58595F4556  # any number of our own; it must be the same in every hub
_LOCK = text("SELECT pg_advisory_xact_lock(:key)")
_NOTIFY = text("NOTIFY xiangyin")  # hub.db.notify.CHANNEL
_MAX = Prepared(select(func.max(events.c.id)))
_MIN = select(func.min(events.c.id))
_INSERT = Prepared(insert(events), tuple(column.name for column in events.columns))
_COLUMNS = (
    events.c.id, events.c.type, events.c.at, events.c.call, events.c.area, events.c.clinic, events.c.data,
    events.c.guests,
)  # fmt: skip
_AFTER = Prepared(
    select(*_COLUMNS)
    .where(events.c.id > bindparam("after_"))
    .order_by(events.c.id)
    .limit(bindparam("limit_"))
)
_OF_CALL = select(*_COLUMNS).where(events.c.call == bindparam("call_")).order_by(events.c.id)
_encoder = msgspec.json.Encoder()
_guests = msgspec.json.Decoder(tuple[str, ...])


class EventRows:
    """Implements hub.ports.Events: collects, and writes at the end of the shared transaction."""

    def __init__(self) -> None:
        self.waiting: list[NewEvent] = []

    def record(self, event: NewEvent) -> None:
        """Tell `event` once this transaction is committed."""
        self.waiting.append(event)

    def flush(self, conn: Connection) -> list[Event]:
        """Write what has been collected; nothing may wait for a lock between this and the commit."""
        if not self.waiting:
            return []
        if is_postgresql(conn):
            conn.execute(_LOCK, {"key": _ADVISORY_LOCK})
            conn.execute(_NOTIFY)  # heard by the other hubs after the commit
        first = last_id(conn) + 1
        told = [_event(first + n, event) for n, event in enumerate(self.waiting)]
        _INSERT.many(conn, [_row(e, new) for e, new in zip(told, self.waiting, strict=True)])
        return told


def _event(event_id: int, new: NewEvent) -> Event:
    return Event(
        id=event_id,
        type=new.type.value,
        at=new.at,
        call_id=None if new.call is None else new.call.id,
        area=new.area,
        clinic=new.clinic,
        data=_encoder.encode(event_view(new)) if new.body is None else new.body,
        guests=new.guests,
    )


def _row(event: Event, new: NewEvent) -> dict[str, Value]:
    return {
        "id": event.id,
        "type": event.type,
        "at": event.at,
        "call": event.call_id,
        "area": event.area,
        "clinic": event.clinic,
        "guests": _encoder.encode(event.guests).decode() if event.guests else None,
        "by_id": new.by_id,
        "data": event.data,
    }


def last_id(conn: Connection) -> int:
    """The newest committed event's id, 0 when there is none."""
    row = _MAX.one(conn, {})
    return 0 if row is None or row[0] is None else int(row[0])


def first_id(conn: Connection) -> int:
    """The oldest kept event's id, 0 when there is none."""
    return conn.execute(_MIN).scalar() or 0


def read_after(conn: Connection, after: int, limit: int) -> Sequence[Event]:
    """Events behind `after`, in order."""
    return [_read(row) for row in _AFTER.all(conn, {"after_": after, "limit_": limit})]


def read_recent(
    conn: Connection, types: Collection[EventType], prefix: str, since: int, limit: int
) -> Sequence[Event]:
    """Events of these types in the areas whose code begins with `prefix`, since `since` (Unix ms), newest first."""
    query = (
        select(*_COLUMNS)
        .where(
            events.c.at >= since,
            events.c.type.in_([each.value for each in types]),
            events.c.area.startswith(prefix, autoescape=True),
        )
        .order_by(events.c.at.desc(), events.c.id.desc())
        .limit(limit)
    )
    return [_read(row) for row in conn.execute(query)]


def read_timeline(conn: Connection, call: str) -> Sequence[Event]:
    """All that happened to `call`, in order."""
    return [_read(row) for row in conn.execute(_OF_CALL, {"call_": call})]


def _read(row: Sequence[object]) -> Event:
    *told, guests = row
    fields = dict(zip(("id", "type", "at", "call_id", "area", "clinic", "data"), told, strict=True))
    seen_by = () if guests is None else _guests.decode(str(guests))
    return msgspec.convert(fields | {"guests": seen_by}, Event, builtin_types=(bytes,))
