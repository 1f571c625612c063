"""What only pages ask: small facts beside the calls they list."""

from collections.abc import Collection, Sequence

from sqlalchemy import Connection, select

from hub.db.statements import insert_unless_there
from hub.db.tables import notices, residents
from hub.domain.notices import Notice
from hub.domain.residents import Caller


def read_callers(conn: Connection, wanted: Collection[str]) -> dict[str, Caller]:
    """Resident → what the queue says of them, of those `wanted`."""
    if not wanted:
        return {}
    row = residents.c
    query = select(row.id, row.born, row.conditions, row.status).where(row.id.in_(wanted))
    return {
        one.id: Caller(born=one.born, is_ill=bool(one.conditions.strip()), status=one.status)
        for one in conn.execute(query)
    }


def read_notices(conn: Connection, limit: int) -> Sequence[Notice]:
    """The newest notices of the demo's outbox, newest first."""
    query = select(notices).order_by(notices.c.id.desc()).limit(limit)
    return [Notice(id=row.id, at=row.at, address=row.address, body=row.body) for row in conn.execute(query)]


def keep_notice(conn: Connection, at: int, address: str, body: str, key: str | None = None) -> None:
    """Write a line on the demo's outbox page; once under one `key`, however often it is sent."""
    row = {"at": at, "address": address, "body": body, "key": key}
    conn.execute(insert_unless_there(conn, notices), row)
