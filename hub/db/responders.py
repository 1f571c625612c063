"""Those who were asked to go, as rows: one line for each of them and call."""

from collections.abc import Collection, Mapping, Sequence

import msgspec
from sqlalchemy import Connection, RowMapping, select, update

from hub.db.case_tables import responders
from hub.db.prepared import Value
from hub.db.statements import insert_unless_there
from hub.domain.responders import Responder

_COLUMNS = [column.label("to") if column.name == "ref" else column for column in responders.columns]


class ResponderRows:
    """Implements hub.ports.Responders on one connection."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    def get(self, responder_id: str) -> Responder | None:
        """The line with this id."""
        query = select(*_COLUMNS).where(responders.c.id == responder_id)
        row = self._conn.execute(query).mappings().first()
        return None if row is None else _responder(row)

    def of_call(self, call: str) -> Sequence[Responder]:
        """Everybody who was asked for `call`, in the order of asking."""
        return read_responders(self._conn, [call]).get(call, ())

    def put(self, responder: Responder) -> None:
        """Write the line whole, new or not."""
        row = _row(responder)
        if self._conn.execute(insert_unless_there(self._conn, responders), row).rowcount == 1:
            return
        self._conn.execute(update(responders).where(responders.c.id == responder.id).values(**row))

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
    query = (
        select(*_COLUMNS)
        .where(responders.c.call.in_(calls))
        .order_by(responders.c.call, responders.c.asked_at, responders.c.id)
    )
    found: dict[str, list[Responder]] = {}
    for row in conn.execute(query).mappings():
        found.setdefault(row["call"], []).append(_responder(row))
    return found


def _responder(row: RowMapping) -> Responder:
    return msgspec.convert({str(name): value for name, value in row.items()}, Responder)


def _row(responder: Responder) -> dict[str, Value]:
    row: dict[str, Value] = msgspec.to_builtins(responder)
    row["ref"] = row.pop("to")
    return row
