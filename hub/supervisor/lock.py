"""One supervisor for one data folder."""

from contextlib import AbstractContextManager
from pathlib import Path

from hub import only_one as lock
from hub.domain.errors import Conflict

LOCK_FILE = "up.lock"


def only_one(folder: Path) -> AbstractContextManager[None]:
    """Hold `folder`; Conflict up-twice when another process does."""
    return lock.only_one(folder / LOCK_FILE, lambda pid: Conflict("up-twice", folder=str(folder), pid=pid))
