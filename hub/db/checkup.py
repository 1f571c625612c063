"""A look at a database that changes nothing."""

import sqlite3
from pathlib import Path

import msgspec
from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from hub.db.engine import READ_ONLY, make_engine
from hub.db.migrate import is_current


class DatabaseFound(msgspec.Struct, frozen=True, kw_only=True):
    """`problems` are what the database says about itself; `fault` is why it cannot be asked at all."""

    kind: str
    where: str
    exists: bool = True
    is_current: bool = True
    problems: tuple[str, ...] = ()
    fault: str = ""


def look_at(url: str) -> DatabaseFound:
    """Never raises for a database that is away or broken."""
    parsed = make_url(url)
    kind, where = parsed.get_backend_name(), parsed.render_as_string(hide_password=True)
    if kind == "sqlite" and not Path(parsed.database or "").exists():
        return DatabaseFound(kind=kind, where=where, exists=False)
    engine = make_engine(url, writers=1)
    try:
        with engine.connect().execution_options(**{READ_ONLY: True}) as conn:
            problems: list[str] = []
            if kind == "sqlite":
                found = conn.execute(text("PRAGMA integrity_check(10)")).scalars().all()
                problems = [str(line) for line in found if line != "ok"]
                problems += [
                    f"foreign key of {row[0]}" for row in conn.execute(text("PRAGMA foreign_key_check"))
                ]
            return DatabaseFound(
                kind=kind, where=where, is_current=is_current(conn), problems=tuple(problems[:10])
            )
    except (DBAPIError, sqlite3.Error) as error:
        cause = error.orig if isinstance(error, DBAPIError) else error
        return DatabaseFound(kind=kind, where=where, fault=str(cause).splitlines()[0])
    finally:
        engine.dispose()
