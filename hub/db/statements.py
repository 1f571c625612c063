"""The few statements that SQLite and PostgreSQL spell differently."""

from collections.abc import Mapping, Sequence
from functools import cache

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.dml import Insert

from hub.db.prepared import Prepared, PreparedInsert, Value


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


class Upsert:
    """INSERT, or UPDATE of all other columns when the row's primary key is there; many rows at a time."""

    def __init__(self, table: Table, keys: Sequence[str]) -> None:
        own = [column.name for column in table.primary_key]
        rest = [key for key in keys if key not in own]
        for_sqlite, for_postgresql = sqlite.insert(table), postgresql.insert(table)
        self._by_dialect = {
            "sqlite": Prepared(
                for_sqlite.on_conflict_do_update(own, set_={key: for_sqlite.excluded[key] for key in rest}),
                keys,
            ),
            "postgresql": Prepared(
                for_postgresql.on_conflict_do_update(
                    index_elements=own, set_={key: for_postgresql.excluded[key] for key in rest}
                ),
                keys,
            ),
        }

    def many(self, conn: Connection, rows: Sequence[Mapping[str, Value]]) -> None:
        """Every one of `rows`, each with all keys."""
        if rows:
            self._by_dialect[conn.dialect.name].many(conn, rows)


def is_postgresql(conn: Connection) -> bool:
    """Whether this connection speaks to PostgreSQL."""
    return conn.dialect.name == "postgresql"
