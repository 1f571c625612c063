"""A user as the administrator keeps them."""

import msgspec

from hub.domain.people import User


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """A user, the argon2id hash of their password, and since when (Unix ms) they may not sign in."""

    user: User
    password_hash: str
    disabled_at: int | None = None


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """The answer to a POST that bore an Idempotency-Key; `fingerprint` is the SHA-256 of what was asked."""

    fingerprint: str
    status: int
    body: bytes
