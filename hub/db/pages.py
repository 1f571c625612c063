"""What only pages ask: small facts beside the calls they list."""

from collections.abc import Collection, Sequence

from sqlalchemy import Connection, select

from hub.db.statements import insert_unless_there
from hub.db.tables import notices, residents
from hub.domain.notices import Notice


def read_birth_years(conn: Connection, wanted: Collection[str]) -> dict[str, int]:
    """Resident → year of birth, of those `wanted` whose year is known."""
    query = select(residents.c.id, residents.c.born).where(
        residents.c.id.in_(wanted), residents.c.born.is_not(None)
    )
    return {row.id: row.born for row in conn.execute(query)} if wanted else {}


def read_notices(conn: Connection, limit: int) -> Sequence[Notice]:
    """The newest notices of the demo's outbox, newest first."""
    query = select(notices).order_by(notices.c.id.desc()).limit(limit)
    return [Notice(id=row.id, at=row.at, address=row.address, body=row.body) for row in conn.execute(query)]


def keep_notice(conn: Connection, at: int, address: str, body: str, key: str | None = None) -> None:
    """Write a line on the demo's outbox page; once under one `key`, however often it is sent."""
    row = {"at": at, "address": address, "body": body, "key": key}
    conn.execute(insert_unless_there(conn, notices), row)
