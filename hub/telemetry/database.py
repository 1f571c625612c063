"""The file `telemetry.db`: how it is opened, and what its errors mean.

Not the main database: here a commit may be lost with the power (synchronous NORMAL), never torn. Two threads of
the telemetry role write it, the calls role reads it.
"""

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from hub.domain.errors import Unavailable

FILE: Final = "telemetry.db"
_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=NORMAL",
    "PRAGMA wal_autocheckpoint=4000",  # fewer, larger ones: each is an fsync beside the calls' own
    "PRAGMA journal_size_limit=67108864",
    "PRAGMA temp_store=MEMORY",
    "PRAGMA cache_size=-32768",
)
_BUSY_S = 30.0
_UNREADABLE = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
log = logging.getLogger(__name__)


def open_for_writing(path: Path, schema: str) -> sqlite3.Connection:
    """Open, or make, the file with `schema` (statements that do nothing when done already). Unavailable.

    A file that a broken disk has left unreadable is put aside: telemetry begins anew, and calls never notice.
    """
    with named_errors():
        try:
            return _open(path, schema)
        except sqlite3.DatabaseError as error:
            if getattr(error, "sqlite_errorcode", 0) & 0xFF not in _UNREADABLE:
                raise
            aside = path.with_name(f"{path.name}.unreadable")
            log.warning(
                "%s cannot be read (%s); it is kept as %s and a new one begun", path, error, aside.name
            )
            for suffix in ("-wal", "-shm"):
                path.with_name(path.name + suffix).unlink(missing_ok=True)
            path.replace(aside)
            return _open(path, schema)


def open_for_reading(path: Path) -> sqlite3.Connection:
    """Open the file as it is; Unavailable while there is none."""
    with named_errors():
        connection = sqlite3.connect(
            f"{path.absolute().as_uri()}?mode=ro", uri=True, check_same_thread=False, timeout=2.0
        )
        connection.execute("PRAGMA query_only=ON")
        return connection


@contextmanager
def named_errors() -> Iterator[None]:
    """Errors of SQLite become Unavailable telemetry-unreachable."""
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        raise Unavailable("telemetry-unreachable", store=FILE, reason=str(error)) from error


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """All of it is committed, or none. Unavailable."""
    with named_errors():
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise


def _open(path: Path, schema: str) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=_BUSY_S)
    try:
        path.chmod(0o600)
        for pragma in _PRAGMAS:
            connection.execute(pragma)
        connection.executescript(schema)
    except BaseException:
        connection.close()
        raise
    return connection
