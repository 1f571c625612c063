"""What was signed: each key's last sequence number, and every order of the last day with its bytes.

SQLite, synchronous FULL: what a block of `with ledger.commit()` wrote is on disk when the block is left, or
LedgerDown is raised and nothing of it counts.
"""

import logging
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

import msgspec

from devices.commands import next_seq

MINUTE_MS: Final = 60_000
KEPT_MS: Final = 24 * 3_600_000
_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS seqs (kid TEXT PRIMARY KEY, last INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS signed (
    id TEXT PRIMARY KEY, digest BLOB NOT NULL, at INTEGER NOT NULL, address TEXT NOT NULL, kind TEXT NOT NULL,
    kid TEXT NOT NULL, token TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS signed_kind_at ON signed (kind, at, address);
CREATE INDEX IF NOT EXISTS signed_at ON signed (at);
"""
log = logging.getLogger(__name__)


class LedgerDown(Exception):
    """The disk does not take it: nothing may be signed that has to be remembered."""


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """A signed order. `kind` is what its rate is counted by; `at` in Unix ms."""

    id: str
    digest: bytes
    at: int
    address: str
    kind: str
    kid: str
    token: str


class Ledger:
    """The file at `path`, made when it is missing; one that is damaged is put aside."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._db: sqlite3.Connection | None = None
        self._last: dict[str, int] = {}
        with suppress(LedgerDown), self.commit():
            pass

    @contextmanager
    def commit(self) -> Iterator[None]:
        """All or nothing, on disk at the end of the block; LedgerDown when it is not."""
        try:
            db = self._opened()
            db.execute("BEGIN IMMEDIATE")
            try:
                yield
                db.execute("COMMIT")
            except BaseException:
                if db.in_transaction:
                    db.execute("ROLLBACK")
                raise
        except sqlite3.Error as error:
            raise LedgerDown(str(error)) from error

    def last_seq(self, kid: str) -> int:
        """The highest number that `kid` was ever given; 0 when none."""
        return self._last.get(kid, 0)

    def next_seq(self, kid: str, now: int) -> int:
        """The next number of `kid`, inside `commit`."""
        seq = self.unwritten_seq(kid, now)
        self._opened().execute(
            "INSERT INTO seqs VALUES (?, ?) ON CONFLICT (kid) DO UPDATE SET last = excluded.last", (kid, seq)
        )
        return seq

    def unwritten_seq(self, kid: str, now: int) -> int:
        """The next number of `kid`, of which only this process and the clock know."""
        seq = self._last[kid] = next_seq(self.last_seq(kid), now)
        return seq

    def find(self, order: str) -> Entry | None:
        """The order of that id, if it was signed in the last day."""
        row = self._opened().execute("SELECT * FROM signed WHERE id = ?", (order,)).fetchone()
        return None if row is None else Entry(**dict(zip(Entry.__struct_fields__, row, strict=True)))

    def keep(self, entry: Entry) -> None:
        """Remember a signed order for a day, inside `commit`."""
        self._opened().execute("DELETE FROM signed WHERE at < ?", (entry.at - KEPT_MS,))
        self._opened().execute(
            "INSERT INTO signed VALUES (?, ?, ?, ?, ?, ?, ?)", msgspec.structs.astuple(entry)
        )

    def count(self, kind: str, now: int, address: str | None = None) -> int:
        """Orders of that kind in the minute before `now`, in all or for one address."""
        query = "SELECT count(*) FROM signed WHERE kind = ? AND at > ? AND at <= ?"
        values: tuple[str | int, ...] = (kind, now - MINUTE_MS, now)
        if address is not None:
            query, values = f"{query} AND address = ?", (*values, address)
        (found,) = self._opened().execute(query, values).fetchone()
        return int(found)

    def forget(self, kid: str) -> None:
        """What a revoked key has signed is given to nobody any more, inside `commit`."""
        self._opened().execute("DELETE FROM signed WHERE kid = ?", (kid,))

    def close(self) -> None:
        """Let go of the file."""
        if self._db is not None:
            self._db.close()

    def _opened(self) -> sqlite3.Connection:
        """Opened when it can be: a disk that is full today may have room tomorrow."""
        if self._db is None:
            self._db = _open_or_put_aside(self._path)
            for kid, last in self._db.execute("SELECT kid, last FROM seqs"):
                self._last[kid] = max(last, self.last_seq(kid))
        return self._db


def _open_or_put_aside(path: Path) -> sqlite3.Connection:
    try:
        return _open(path)
    except sqlite3.OperationalError:  # the disk, not the file
        raise
    except sqlite3.DatabaseError:
        aside = path.with_name(f"{path.name}.damaged-{int(time.time())}")
        log.exception("%s is damaged; it stands aside as %s", path, aside.name)
        path.rename(aside)
        for rest in ("-wal", "-shm"):
            path.with_name(path.name + rest).unlink(missing_ok=True)
        return _open(path)


def _open(path: Path) -> sqlite3.Connection:
    db = sqlite3.connect(path, isolation_level=None, timeout=5)
    try:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = FULL")
        db.executescript(_SCHEMA)
        (sound,) = db.execute("PRAGMA quick_check").fetchone()
        if sound != "ok":
            raise sqlite3.DatabaseError(sound)
    except sqlite3.Error:
        db.close()
        raise
    return db
