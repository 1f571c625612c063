"""A data folder that was in use does not begin anew without its database: every button would be locked out.

The signs of use come after what they speak of, so a first start that was killed half way has none: rows are committed,
then the broker's accounts are written, then the mark.
"""

from typing import Final
from urllib.parse import urlsplit

from broker_config.files import PASSWORD_FILE
from devices.ids import RESERVED_PREFIX
from hub.broker import broker_folder
from hub.db.emptiness import is_empty
from hub.domain.errors import Unavailable
from hub.settings import Settings

MARK: Final = "in-use"  # a file that stands once the database held a county


def check_database(settings: Settings) -> None:
    """Unavailable (database-lost) when the folder was used with a database that held something, and this is none.

    Nothing is changed. A database that is away passes: whoever opens it will say so.
    """
    if _was_in_use(settings) and is_empty(settings.database):
        raise Unavailable("database-lost", database=_told(settings.database), folder=str(settings.data_dir))


def mark_in_use(settings: Settings) -> None:
    """The database holds a county: from now on this folder wants one that does."""
    (settings.data_dir / MARK).touch(mode=0o600)


def _was_in_use(settings: Settings) -> bool:
    """The mark; or, of a folder older than the mark, a device's account at the broker."""
    if (settings.data_dir / MARK).exists():
        return True
    try:
        accounts = (broker_folder(settings) / PASSWORD_FILE).read_text(encoding="utf-8").splitlines()
    except OSError:  # none; or a folder that cannot be read, which has a message of its own
        return False
    return any(line and not line.startswith(RESERVED_PREFIX) for line in accounts)


def _told(url: str) -> str:
    """The database without its password, or whatever else a URL may carry."""
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return parts.path.removeprefix("/")
    user, port = (f"{parts.username}@" if parts.username else "", f":{parts.port}" if parts.port else "")
    return f"{parts.scheme}://{user}{parts.hostname or ''}{port}{parts.path}"
