"""A SQLite file copied whole while others write to it."""

import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy.engine import make_url

from hub.domain.errors import Unavailable


def sqlite_file(url: str) -> Path | None:
    """The file behind a database URL; None for another database."""
    parsed = make_url(url)
    is_sqlite = parsed.get_backend_name() == "sqlite"
    return Path(parsed.database).absolute() if is_sqlite and parsed.database else None


def copy_database(source: Path, target: Path) -> str | None:
    """Copy `source` as it is at one instant; the schema's revision, None of a file without one.

    SQLite's online backup in one step: a reader's snapshot, so writers do not wait. Unavailable: backup-database.
    """
    try:
        with (
            closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True)) as there,
            closing(sqlite3.connect(target, isolation_level=None)) as copy,
        ):
            there.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")  # one file, whatever mode it was copied in
            (sound,) = copy.execute("PRAGMA quick_check(1)").fetchone()
            if sound != "ok":
                raise Unavailable("backup-database", file=str(source), reason=str(sound))
            return _revision(copy)
    except sqlite3.Error as error:
        raise Unavailable("backup-database", file=str(source), reason=str(error)) from error


def _revision(conn: sqlite3.Connection) -> str | None:
    if conn.execute("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'").fetchone() is None:
        return None
    row = conn.execute("SELECT version_num FROM alembic_version").fetchone()
    return None if row is None else str(row[0])
