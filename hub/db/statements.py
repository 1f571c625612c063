"""The few statements that SQLite and PostgreSQL spell differently."""

from collections.abc import Sequence
from functools import cache

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.dml import Insert

from hub.db.prepared import PreparedInsert


def insert_unless_there(conn: Connection, table: Table) -> Insert:
    """INSERT that changes nothing, and counts no row, when any unique key of `table` is taken."""
    return _insert_unless_there(conn.dialect.name, table)


@cache
def _insert_unless_there(dialect: str, table: Table) -> Insert:
    if dialect == "postgresql":
        return postgresql.insert(table).on_conflict_do_nothing().execution_options(preserve_rowcount=True)
    return sqlite.insert(table).on_conflict_do_nothing().execution_options(preserve_rowcount=True)


def prepared_insert_unless_there(table: Table, keys: Sequence[str]) -> PreparedInsert:
    """As `insert_unless_there`, for the hot path."""
    return PreparedInsert(
        sqlite.insert(table).on_conflict_do_nothing(), postgresql.insert(table).on_conflict_do_nothing(), keys
    )


def is_postgresql(conn: Connection) -> bool:
    """Whether this connection speaks to PostgreSQL."""
    return conn.dialect.name == "postgresql"
