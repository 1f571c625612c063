"""Bring a database to the newest schema, or say that it is newer than this program."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

from hub.db.statements import is_postgresql
from hub.domain.errors import Conflict

_FOLDER = Path(__file__).parent / "migrations"
_ADVISORY_LOCK = 0x58594D4947


class NewerSchema(Conflict):
    """The data were written by a newer version of the program."""


def migrate(engine: Engine) -> None:
    """Upgrade to the newest schema; several hubs may start at once. NewerSchema when it is newer than ours."""
    config = _config()
    scripts = ScriptDirectory.from_config(config)
    with engine.connect() as conn:
        if _revision(conn) == scripts.get_current_head():
            return
    with engine.begin() as conn:
        if is_postgresql(conn):
            conn.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ADVISORY_LOCK})
        revision = _revision(conn)
        known = {script.revision for script in scripts.walk_revisions()}
        if revision is not None and revision not in known:
            raise NewerSchema("data-newer", revision=revision)
        config.attributes["connection"] = conn
        command.upgrade(config, "head")


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_FOLDER))
    return config


def _revision(conn: Connection) -> str | None:
    return MigrationContext.configure(conn).get_current_revision()


def is_known(revision: str) -> bool:
    """Whether this program can read data of that schema."""
    scripts = ScriptDirectory.from_config(_config())
    return revision in {script.revision for script in scripts.walk_revisions()}


def is_current(conn: Connection) -> bool:
    """Whether the schema is the newest that this program knows."""
    return _revision(conn) == ScriptDirectory.from_config(_config()).get_current_head()
