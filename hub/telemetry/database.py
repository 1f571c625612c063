"""The file `telemetry.db`: how it is opened, and what its errors mean.

Not the main database: here a commit may be lost with the power (synchronous NORMAL), never torn. Two threads of
the telemetry role write it, the calls role reads it.

Somebody may take the file away while we write it, or a disk may break under it: SQLite would go on writing what
nobody sees, or fail for ever. Either way it is opened anew.
"""

import logging
import sqlite3
import threading
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
_opening = threading.Lock()  # whoever opens may have to remove what the other has just made
log = logging.getLogger(__name__)


class TelemetryFile:
    """The file at `path` with `schema` (statements that do nothing when done already), open for writing.

    One thread uses it at a time; several of these may write one file. Unavailable when it cannot be opened.
    A file that a broken disk has left unreadable is put aside: telemetry begins anew, and calls never notice.
    """

    def __init__(self, path: Path, schema: str) -> None:
        self._path = path
        self._schema = schema
        self._db: sqlite3.Connection | None = None
        self._inode = 0
        self._is_new = False
        with named_errors():
            self._opened()
        self._is_new = False

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """All of it is committed, or none. Unavailable; the next transaction opens the file anew then."""
        try:
            with named_errors():
                db = self._opened()
                with _transaction(db):
                    yield db
        except Unavailable as error:
            self._let_go(error.__cause__)
            raise

    def take_news(self) -> bool:
        """Whether the file was begun anew since this was asked last: whatever it held is gone."""
        is_new, self._is_new = self._is_new, False
        return is_new

    def close(self) -> None:
        """Close the file."""
        if self._db is not None:
            self._db.close()
            self._db = None

    def _opened(self) -> sqlite3.Connection:
        if self._db is not None:
            if _inode(self._path) == self._inode:
                return self._db
            log.warning("%s was taken away; a new one is begun", self._path)
            self._is_new = True  # also when it is the same file, emptied
            self.close()
        with _opening:
            if not _inode(self._path):
                _remove_rest(self._path)
            self._db = _open_or_put_aside(self._path, self._schema)
        inode = _inode(self._path)
        self._is_new, self._inode = self._is_new or inode != self._inode, inode
        return self._db

    def _let_go(self, why: BaseException | None) -> None:
        self.close()
        if isinstance(why, sqlite3.DatabaseError) and _is_unreadable(why):
            with _opening, named_errors():
                if _inode(self._path) == self._inode:  # else the other thread has done it already
                    _put_aside(self._path, why)


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
def _transaction(connection: sqlite3.Connection) -> Iterator[None]:
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _open_or_put_aside(path: Path, schema: str) -> sqlite3.Connection:
    try:
        return _open(path, schema)
    except sqlite3.DatabaseError as error:
        if not _is_unreadable(error):
            raise
        _put_aside(path, error)
        return _open(path, schema)


def _is_unreadable(error: sqlite3.DatabaseError) -> bool:
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in _UNREADABLE


def _put_aside(path: Path, why: sqlite3.DatabaseError) -> None:
    aside = path.with_name(f"{path.name}.unreadable")
    log.warning("%s cannot be read (%s); it is kept as %s and a new one begun", path, why, aside.name)
    _remove_rest(path)
    path.replace(aside)


def _remove_rest(path: Path) -> None:
    """What SQLite keeps beside a file; another file must never meet it."""
    for suffix in ("-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


def _inode(path: Path) -> int:
    """Which file stands there; 0: none, or an emptied one. Ours is open, so that no other can have its number."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return 0
    return found.st_ino if found.st_size else 0


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
