"""The database of the simulated county: real SQLite, in memory or on disk, with everything that can happen to it.

Every statement and every commit of a hub passes its `Guard`, which may end the process there, or let the disk
fail. With `races` a transaction takes its lock only when it first changes a row or asks for one, so that another
hub's transaction may run between the look and the step: what PostgreSQL's READ COMMITTED allows, and SQLite by itself
would not.
"""

import shutil
import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import Engine, event

from hub.db.calls import LOCKS
from hub.db.engine import make_engine
from hub.db.prepared import Value

WRITES = ("INSERT", "UPDATE", "DELETE")
Parameters = Sequence[Value] | Mapping[str, Value]


class Guard(Protocol):
    """What stands between a hub process and its database."""

    races: bool

    def connecting(self) -> None:
        """Before a connection. May raise sqlite3.OperationalError."""

    def statement(self, sql: str) -> None:
        """Before a statement. May raise sqlite3.OperationalError, or Crash."""

    def interleave(self) -> None:
        """Before the first write: others may be faster."""

    def before_commit(self) -> None:
        """May raise as `statement`: nothing is stored."""

    def after_commit(self) -> None:
        """May raise as `statement`: it is stored, and nobody knows."""


class GuardedCursor(sqlite3.Cursor):
    """Each statement passes the guard."""

    connection: "GuardedConnection"
    _rows: list[Any] | None = None

    def execute(self, sql: str, parameters: Parameters = (), /) -> "GuardedCursor":  # type: ignore[override]
        """As sqlite3's."""
        if not self.connection.pass_on(sql):
            return self
        changes, self._rows = self.connection.total_changes, None
        super().execute(sql, parameters)
        if self.connection.is_first:
            self._rows = super().fetchall()  # what RETURNING has changed is counted when all of it is read
            if self.connection.total_changes == changes:
                self.connection.holds_nothing()
        return self

    def fetchone(self) -> Any:
        """As sqlite3's."""
        if self._rows is None:
            return super().fetchone()
        return self._rows.pop(0) if self._rows else None

    def fetchall(self) -> list[Any]:
        """As sqlite3's."""
        if self._rows is None:
            return super().fetchall()
        rows, self._rows = self._rows, []
        return rows

    def executemany(self, sql: str, parameters: Iterable[Parameters], /) -> "GuardedCursor":  # type: ignore[override]
        """As sqlite3's."""
        self.connection.pass_on(sql)
        super().executemany(sql, parameters)
        return self


class GuardedConnection(sqlite3.Connection):
    """A connection of one hub process."""

    guard: Guard
    _may_begin = False
    is_first = False

    def cursor(self, _factory: object = None) -> GuardedCursor:  # type: ignore[override]
        """A cursor whose statements pass the guard."""
        return super().cursor(GuardedCursor)

    def pass_on(self, sql: str) -> bool:
        """Whether `sql` goes on to SQLite now."""
        if not sql.startswith("PRAGMA"):
            self.guard.statement(sql)
        if self.guard.races and sql == "BEGIN IMMEDIATE":
            self._may_begin = True
            return False
        self.is_first = False
        locks = sql.endswith(LOCKS)
        if self._may_begin and (locks or sql.startswith((*WRITES, "SAVEPOINT"))):
            self._may_begin = False
            self.is_first = sql.startswith(WRITES)
            if locks or self.is_first:
                self.guard.interleave()
            super().cursor(sqlite3.Cursor).execute("BEGIN IMMEDIATE")
        return True

    def holds_nothing(self) -> None:
        """The first write has changed no row, so it holds no lock: the next one will be the first."""
        self.is_first, self._may_begin = False, True
        super().cursor(sqlite3.Cursor).execute("ROLLBACK")

    def commit(self) -> None:
        """As sqlite3's, between two points of the guard."""
        self._may_begin = False
        if not self.in_transaction:
            return
        self.guard.before_commit()
        super().commit()
        self.guard.after_commit()

    def rollback(self) -> None:
        """As sqlite3's."""
        self._may_begin = False
        super().rollback()


class Database:
    """One database and its life over crashes. `template` is copied: migrating costs more than a whole run."""

    def __init__(self, template: sqlite3.Connection, name: str, folder: Path | None) -> None:
        self._name = name
        self._folder = folder
        self._lives = 0
        self.plain = self._open()
        template.backup(self.plain)
        if folder is not None:
            self.plain.execute("PRAGMA journal_mode=WAL")

    @property
    def on_disk(self) -> bool:
        """Whether a crash leaves files, to be opened anew."""
        return self._folder is not None

    def engine(self, guard: Guard) -> Engine:
        """The real engine of a hub process, behind `guard`."""
        engine = make_engine(f"sqlite:///{self._address()}", writers=1)

        @event.listens_for(engine, "do_connect")
        def _connect(_dialect: object, _record: object, _args: object, named: dict[str, object]) -> None:
            guard.connecting()
            named["factory"] = _factory(guard)

        return engine

    def left_behind(self) -> None:
        """The machine died this instant: the files as they lie now are all there is (write-ahead log and all)."""
        if self._folder is None:
            return
        old = self._file()
        self._lives += 1
        for suffix in ("", "-wal"):
            source = Path(f"{old}{suffix}")
            if source.exists():
                shutil.copy(source, f"{self._file()}{suffix}")
        self.plain.close()
        self.plain = self._open()

    def close(self) -> None:
        """Forget it."""
        self.plain.close()

    def _open(self) -> sqlite3.Connection:
        uri = self._address() if self._folder is None else f"file:{self._file()}"
        return sqlite3.connect(uri.removesuffix("&uri=true"), uri=True, isolation_level=None)

    def _file(self) -> Path:
        assert self._folder is not None
        return self._folder / f"life-{self._lives}.db"

    def _address(self) -> str:
        if self._folder is None:
            return f"file:/{self._name}?vfs=memdb&uri=true"
        return str(self._file())


def _factory(guard: Guard) -> Callable[..., GuardedConnection]:
    def connect(*args: object, **named: object) -> GuardedConnection:
        connection = GuardedConnection(*args, **named)  # type: ignore[arg-type]
        connection.guard = guard
        return connection

    return connect
