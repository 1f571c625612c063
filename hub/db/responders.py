"""Those who were asked to go, as rows: one line for each of them and call."""

from collections.abc import Collection, Mapping, Sequence

import msgspec
from sqlalchemy import Connection, bindparam, select, update

from hub.db.case_tables import responders
from hub.db.prepared import Prepared, Row, Value
from hub.db.statements import prepared_insert_unless_there
from hub.domain.responders import Responder

_COLUMNS = tuple(column.name for column in responders.columns)
_FIELDS = tuple("to" if name == "ref" else str(name) for name in _COLUMNS)
_FLAGS = ("by_plan", "former")  # SQLite keeps them as 0 and 1
_GET = Prepared(select(responders).where(responders.c.id == bindparam("id_")))
_IN_ORDER = select(responders).order_by(responders.c.call, responders.c.asked_at, responders.c.id)
_OF_CALL = Prepared(_IN_ORDER.where(responders.c.call == bindparam("call_")))
_INSERT = prepared_insert_unless_there(responders, _COLUMNS)
_WRITE = Prepared(update(responders).where(responders.c.id == bindparam("id_")), _COLUMNS)


class ResponderRows:
    """Implements hub.ports.Responders on one connection."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    def get(self, responder_id: str) -> Responder | None:
        """The line with this id."""
        row = _GET.one(self._conn, {"id_": responder_id})
        return None if row is None else _responder(row)

    def of_call(self, call: str) -> Sequence[Responder]:
        """Everybody who was asked for `call`, in the order of asking."""
        return [_responder(row) for row in _OF_CALL.all(self._conn, {"call_": call})]

    def put(self, responder: Responder) -> None:
        """Write the line whole, new or not."""
        row = _row(responder)
        if _INSERT.count(self._conn, row) != 1:
            _WRITE.count(self._conn, row | {"id_": responder.id})

    def follow(self, call: str, into: str) -> None:
        """The lines of `call` are now lines of `into`, but for those whom `into` has asked itself."""
        own = responders.alias()
        asked = select(own.c.id).where(
            own.c.call == into, own.c.kind == responders.c.kind, own.c.ref == responders.c.ref
        )
        self._conn.execute(
            update(responders).where(responders.c.call == call, ~asked.exists()).values(call=into)
        )


def read_responders(conn: Connection, calls: Collection[str]) -> Mapping[str, Sequence[Responder]]:
    """Call → everybody who was asked for it, in the order of asking; calls without anybody are not there."""
    found: dict[str, list[Responder]] = {}
    for row in conn.execute(_IN_ORDER.where(responders.c.call.in_(calls))):
        found.setdefault(row.call, []).append(_responder(tuple(row)))
    return found


def _responder(row: Row) -> Responder:
    found: dict[str, Value] = dict(zip(_FIELDS, row, strict=True))
    found.update({name: bool(found[name]) for name in _FLAGS})
    return msgspec.convert(found, Responder)


def _row(responder: Responder) -> dict[str, Value]:
    row: dict[str, Value] = msgspec.to_builtins(responder)
    row["ref"] = row.pop("to")
    return row
