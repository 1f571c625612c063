"""Some work is for one process alone; the kernel lets go of the lock however its holder ends."""

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from hub.domain.errors import HubError


@contextmanager
def only_one(lock: Path, taken: Callable[[str], HubError]) -> Iterator[None]:
    """Hold the file `lock`, made when it is not there; raises `taken` of its holder's process number otherwise."""
    descriptor = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise taken(os.read(descriptor, 20).decode(errors="replace").strip() or "?") from None
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
        yield
    finally:
        os.close(descriptor)
