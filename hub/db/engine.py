"""Engines for SQLite (WAL, every commit fsynced) and PostgreSQL, and what their errors mean."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

import psycopg
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as SATimeoutError
from sqlalchemy.pool import ConnectionPoolEntry

PRAGMAS = (
    "PRAGMA journal_mode=WAL",  # readers never wait for the writer
    "PRAGMA synchronous=FULL",  # a commit that was reported is on the disk
    "PRAGMA foreign_keys=ON",
    "PRAGMA busy_timeout=5000",  # a backup or a command line may hold the file for a moment
    "PRAGMA journal_size_limit=67108864",
    "PRAGMA cache_size=-16384",
    "PRAGMA user_version",  # the first look into the file, which makes the write-ahead log be there
)
# 08: connection; 53: resources (disk full, too many connections); 57P: the server is going down;
# 25006: a standby after failover; 40P01 and 40001 are for the executor, which tries again
_PG_AWAY = ("08", "53", "57P", "25006")
_PG_AGAIN = ("40P01", "40001")
_SQLITE_AWAY = frozenset(
    {
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_NOTADB,
        sqlite3.SQLITE_CORRUPT,
        sqlite3.SQLITE_PROTOCOL,
    }
)

READ_ONLY = "xiangyin_read_only"  # execution option of a connection that only reads

Trouble = Literal["away", "again", "statement"]


def make_engine(url: str, *, writers: int) -> Engine:
    """An engine for `url`; `writers` bounds how many connections PostgreSQL lends."""
    if make_url(url).get_backend_name() == "sqlite":
        return _sqlite(url)
    return create_engine(
        url,
        pool_size=writers + 4,
        max_overflow=4,
        pool_pre_ping=True,
        pool_timeout=5,
        connect_args={
            "connect_timeout": 5,
            "keepalives_idle": 10,
            "keepalives_interval": 5,
            "keepalives_count": 3,
            # keepalives are silent while an answer is awaited: without this a statement under way when the
            # network parts would hold its writer for the quarter of an hour that TCP goes on trying
            "tcp_user_timeout": 15_000,
            "options": "-c statement_timeout=15000 -c lock_timeout=10000",
        },
    )


class Kept:
    """Lends one thread the same connection of `engine` again and again, as long as nothing goes wrong with it.

    For SQLite, whose file is looked at before each transaction. A server is asked whether it is there each time a
    connection is borrowed, so it is better borrowed anew.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._kept: Connection | None = None

    @contextmanager
    def connect(self) -> Iterator[Connection]:
        """The connection, no transaction begun; one that raised is given back, and another lent next time."""
        conn, self._kept = self._kept or self._engine.connect(), None
        try:
            yield conn
        except BaseException:
            conn.close()
            raise
        self._kept = conn

    def close(self) -> None:
        """Give the connection back."""
        if self._kept is not None:
            self._kept.close()


def _sqlite(url: str) -> Engine:
    engine = create_engine(url, connect_args={"check_same_thread": False, "timeout": 5})
    file = make_url(url).database or ""
    opened: list[_Identity] = []

    @event.listens_for(engine, "connect")
    def _connect(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
        if opened and opened[0] is not None and _identity(file) != opened[0]:
            raise _moved(file)
        connection.isolation_level = None  # transactions begin where the code says so
        cursor = connection.cursor()
        for pragma in PRAGMAS:
            cursor.execute(pragma)
        cursor.close()
        opened.append(_identity(file))

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        if opened[0] is not None and _identity(file) != opened[0]:
            raise _moved(file)
        how = "" if connection.get_execution_options().get(READ_ONLY) else " IMMEDIATE"
        connection.connection.cursor().execute(f"BEGIN{how}")

    return engine


_Identity = tuple[int, int, int] | None


def _identity(file: str) -> _Identity:
    """Which files have this name and that of its write-ahead log now; None: either is gone or emptied, or there is no
    file but memory. SQLite keeps the log as long as anybody has the file open."""
    try:
        found = os.stat(file)  # noqa: PTH116 -- at each commit; a Path costs thrice as much
        log = os.stat(f"{file}-wal")  # noqa: PTH116
    except OSError:
        return None
    return (found.st_dev, found.st_ino, log.st_ino) if found.st_size else None


def _moved(file: str) -> sqlite3.OperationalError:
    """SQLite goes on writing into a file that was deleted, emptied or replaced, or into a write-ahead log that nobody
    will find, and all of it would be lost at the end.

    In WAL mode it does not look; its own code for this is SQLITE_READONLY_DBMOVED.
    """
    error = sqlite3.OperationalError(
        f"the database file {file}, or its write-ahead log, was deleted, emptied or replaced: put it back"
    )
    error.sqlite_errorcode = sqlite3.SQLITE_READONLY_DBMOVED
    return error


def trouble(error: BaseException) -> Trouble:
    """What a database error means: the database is away (nobody's fault), it asks to try again, or the
    statement itself is wrong."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(cause, sqlite3.Error):
        code = getattr(cause, "sqlite_errorcode", None)
        return "away" if code is not None and code & 0xFF in _SQLITE_AWAY else "statement"
    state = getattr(cause, "sqlstate", None)
    if state is None:
        gone = DBAPIError | SATimeoutError | psycopg.OperationalError | OSError
        return "away" if isinstance(error, gone) else "statement"
    if state in _PG_AGAIN:
        return "again"
    return "away" if state.startswith(_PG_AWAY) else "statement"
