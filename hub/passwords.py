"""Passwords that people choose: argon2id, in threads, so that a sign-in delays no call."""

import asyncio
from typing import Final

from pwdlib.hashers.argon2 import Argon2Hasher

# OWASP's second choice (19 MiB, 2 passes, 1 lane): 64 MiB a sign-in would be half of the process's memory
MEMORY_KIB: Final = 19_456
PASSES: Final = 2
AT_ONCE: Final = 2
MIN_LENGTH: Final = 8
MAX_LENGTH: Final = 128

_hasher = Argon2Hasher(time_cost=PASSES, memory_cost=MEMORY_KIB, parallelism=1)


def hash_password(password: str) -> str:
    """The argon2id string of `password`; takes some 30 ms."""
    return _hasher.hash(password)


class PasswordChecker:
    """Hashes and verifies off the loop, a few at once. An unknown user costs what a wrong password costs."""

    def __init__(self) -> None:
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._nobody = hash_password("")

    async def verify(self, password: str, hashed: str | None) -> bool:
        """Whether `password` is behind `hashed`; False, as slowly, when there is none."""
        async with self._slots:
            fits = await asyncio.to_thread(_hasher.verify, password, hashed or self._nobody)
        return fits and hashed is not None

    async def hash(self, password: str) -> str:
        """As `hash_password`."""
        async with self._slots:
            return await asyncio.to_thread(hash_password, password)
