"""One supervisor for one data folder; the kernel lets go of the lock however the holder ends."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hub.domain.errors import Conflict

LOCK_FILE = "up.lock"


@contextmanager
def only_one(folder: Path) -> Iterator[None]:
    """Hold `folder`; Conflict up-twice when another process does."""
    descriptor = os.open(folder / LOCK_FILE, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.read(descriptor, 20).decode(errors="replace").strip() or "?"
            raise Conflict("up-twice", folder=str(folder), pid=holder) from None
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
        yield
    finally:
        os.close(descriptor)
