"""Statements of the hot path: written in Core, compiled once, run on the driver's own cursor.

SQLAlchemy's bookkeeping around one execution costs several times what SQLite needs for it (of 1.0 ms of CPU a
press, 0.4 ms; docs/benchmarks.md). Values pass as the driver knows them: a boolean of SQLite comes back as 0
or 1, and errors are the driver's (hub.db.engine.trouble knows both).
"""

from collections.abc import Mapping, Sequence
from operator import itemgetter
from typing import Protocol, cast

from sqlalchemy import Connection, Table, bindparam, insert
from sqlalchemy.engine import Dialect
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.sql import ClauseElement
from sqlalchemy.sql.compiler import SQLCompiler

Value = str | int | float | bytes | bool | None
Row = tuple[Value, ...]


class Cursor(Protocol):
    """As much of DB-API 2.0 (PEP 249) as is used here."""

    rowcount: int

    def execute(self, sql: str, params: "Sequence[Value] | Mapping[str, Value]", /) -> object: ...
    def executemany(
        self, sql: str, params: "Sequence[Sequence[Value] | Mapping[str, Value]]", /
    ) -> object: ...
    def fetchone(self) -> Row | None: ...
    def fetchall(self) -> list[Row]: ...
    def close(self) -> None: ...


class _Compiled:
    """SQL for one dialect, and how its values are handed over: in order, or by name."""

    def __init__(self, statement: ClauseElement, dialect: Dialect, keys: Sequence[str] | None) -> None:
        compiled = statement.compile(dialect=dialect, column_keys=None if keys is None else list(keys))
        assert isinstance(compiled, SQLCompiler)  # noqa: S101 -- for the type checker
        self.sql = str(compiled)
        order = compiled.positiontup
        self._order = order
        # at once and in C; of a single name it would give the value itself, not a row of one
        self._pick = itemgetter(*order) if order is not None and len(order) > 1 else None
        self._fixed = {k: v for k, v in compiled.params.items() if v is not None}

    def values(self, given: Mapping[str, Value]) -> "Sequence[Value] | Mapping[str, Value]":
        """`given` as the driver wants it."""
        if self._fixed:
            given = {**self._fixed, **given}
        if self._pick is not None:
            picked: tuple[Value, ...] = self._pick(given)
            return picked
        return given if self._order is None else [given[name] for name in self._order]


class Prepared:
    """One statement. `keys` names the columns of an INSERT; values are given by name."""

    def __init__(self, statement: ClauseElement, keys: Sequence[str] | None = None) -> None:
        self._statement = statement
        self._keys = keys
        self._compiled: dict[str, _Compiled] = {}

    def one(self, conn: Connection, values: Mapping[str, Value]) -> Row | None:
        """The first row."""
        cursor = self._run(conn, values)
        row = cursor.fetchone()
        cursor.close()
        return row

    def all(self, conn: Connection, values: Mapping[str, Value]) -> list[Row]:
        """Every row."""
        cursor = self._run(conn, values)
        rows = cursor.fetchall()
        cursor.close()
        return rows

    def count(self, conn: Connection, values: Mapping[str, Value]) -> int:
        """How many rows it changed."""
        cursor = self._run(conn, values)
        count = cursor.rowcount
        cursor.close()
        return count

    def many(self, conn: Connection, rows: Sequence[Mapping[str, Value]]) -> None:
        """Once for each of `rows`."""
        compiled = self._for(conn)
        cursor = _cursor(conn)
        cursor.executemany(compiled.sql, [compiled.values(row) for row in rows])
        cursor.close()

    def _run(self, conn: Connection, values: Mapping[str, Value]) -> Cursor:
        compiled = self._for(conn)
        cursor = _cursor(conn)
        cursor.execute(compiled.sql, compiled.values(values))
        return cursor

    def _for(self, conn: Connection) -> _Compiled:
        name = conn.dialect.name
        compiled = self._compiled.get(name)
        if compiled is None:
            compiled = self._compiled[name] = _Compiled(self._statement, conn.dialect, self._keys)
        return compiled


def _cursor(conn: Connection) -> Cursor:
    # of the driver's own connection: the pool's wrapper around it costs as much again
    return cast("Cursor", cast("DBAPIConnection", conn.connection.dbapi_connection).cursor())


class PreparedInsert:
    """INSERT that changes nothing, and counts no row, when any unique key of the table is taken."""

    def __init__(self, sqlite: ClauseElement, postgresql: ClauseElement, keys: Sequence[str]) -> None:
        self._by_dialect = {"sqlite": Prepared(sqlite, keys), "postgresql": Prepared(postgresql, keys)}

    def count(self, conn: Connection, row: Mapping[str, Value]) -> int:
        """1 when the row was not there yet."""
        return self._by_dialect[conn.dialect.name].count(conn, row)


class PreparedRows:
    """INSERT of many rows by few statements, which give back what `returning` names."""

    AT_ONCE = (32, 8, 2, 1)  # rows of one statement: each number is compiled, and kept by the driver, once

    def __init__(self, table: Table, keys: Sequence[str], returning: Sequence[str]) -> None:
        self._keys = keys
        self._by_count = {
            count: Prepared(
                insert(table)
                .values([{key: bindparam(f"{key}_{n}") for key in keys} for n in range(count)])
                .returning(*(table.c[name] for name in returning))
            )
            for count in self.AT_ONCE
        }

    def all(self, conn: Connection, rows: Sequence[Sequence[Value]]) -> list[Row]:
        """What the rows have become, in no order; each of `rows` has its values in the order of the keys."""
        found: list[Row] = []
        start = 0
        while start < len(rows):
            count = next(count for count in self.AT_ONCE if count <= len(rows) - start)
            values = {
                f"{key}_{n}": value
                for n, row in enumerate(rows[start : start + count])
                for key, value in zip(self._keys, row, strict=True)
            }
            found += self._by_count[count].all(conn, values)
            start += count
        return found
