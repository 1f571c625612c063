"""What stands first in a backup: enough to refuse it before anything is unpacked."""

from pathlib import Path
from typing import Final

import msgspec

FORMAT: Final = 1
MANIFEST: Final = "xiangyin-backup.json"
DATABASE: Final = "xiangyin.db"
"""The main database in a backup, whatever its file is called where it runs."""
LAST: Final = "last-backup.json"
"""In the data folder: when a backup was last made, for `xiangyin doctor`."""


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """`schema` is the database's revision; None when PostgreSQL has it, which this file then does not hold."""

    format: int
    made_at: int
    schema: str | None


class LastBackup(msgspec.Struct, frozen=True, kw_only=True):
    """When (Unix ms) and where to."""

    at: int
    file: str


def last_backup(folder: Path) -> LastBackup | None:
    """The newest backup of this data folder that this machine knows of."""
    try:
        return msgspec.json.decode((folder / LAST).read_bytes(), type=LastBackup)
    except (OSError, msgspec.MsgspecError):
        return None
