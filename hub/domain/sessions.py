"""A signed-in browser or a program's token."""

import msgspec

from hub.domain.people import User

SESSION_MS = 12 * 3_600_000


class Session(msgspec.Struct, frozen=True, kw_only=True):
    """A right that ends at `expires_at`; `csrf` is empty for bearer tokens."""

    token_hash: str
    csrf: str
    user: User
    expires_at: int
