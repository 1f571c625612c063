"""Whether a database holds a county, asked before anything opens it to write. Light, for `up` asks too."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Final

_SQLITE: Final = "sqlite:///"
_SCHEMA: Final = "SELECT 1 FROM alembic_version"
_COUNTY: Final = "SELECT 1 FROM areas LIMIT 1"  # every resident, device and user belongs to an area


def is_empty(url: str) -> bool:
    """There is no such file, no schema, or not one area. False as well when it cannot be told: the database is away."""
    if url.startswith(_SQLITE):
        return _is_empty_file(url.removeprefix(_SQLITE).partition("?")[0])
    return _is_empty_server(url)


def _is_empty_file(name: str) -> bool:
    file = Path(name).absolute()
    if not file.exists():
        return True
    try:
        with closing(
            sqlite3.connect(f"{file.as_uri()}?mode=rw", uri=True)
        ) as conn:  # rw leaves no -shm behind
            has_schema = "SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'"
            if not (conn.execute(has_schema).fetchone() and conn.execute(_SCHEMA).fetchone()):
                return True
            return conn.execute(_COUNTY).fetchone() is None
    except sqlite3.Error:
        return False


def _is_empty_server(url: str) -> bool:
    from sqlalchemy import inspect, text
    from sqlalchemy.exc import SQLAlchemyError

    from hub.db.engine import make_engine

    engine = make_engine(url, writers=1)
    try:
        with engine.connect() as conn:
            has_schema = inspect(conn).has_table("alembic_version")
            if not has_schema or conn.execute(text(_SCHEMA)).first() is None:
                return True
            return conn.execute(text(_COUNTY)).first() is None
    except SQLAlchemyError:
        return False
    finally:
        engine.dispose()
