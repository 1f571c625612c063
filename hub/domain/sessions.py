"""A signed-in browser, or a program's token: what it may do, and until when."""

from enum import StrEnum

import msgspec

from hub.domain.people import User

SESSION_MS = 12 * 3_600_000
TOKEN_MS = 90 * 86_400_000
TOKEN_MAX_MS = 366 * 86_400_000


class TokenScope(StrEnum):
    """What a program's token may do, within what its user may."""

    READ = "read"  # everything the user may see, events included
    CALLS = "calls"  # answer, note, resolve …
    BROADCASTS = "broadcasts"  # write, approve, stop
    ADMIN = "admin"  # the county's own data: users, devices, registers


ALL_SCOPES = frozenset(TokenScope)


class Session(msgspec.Struct, frozen=True, kw_only=True):
    """A right that ends at `expires_at` (Unix ms); `csrf` is empty for bearer tokens."""

    token_hash: str
    csrf: str
    user: User
    expires_at: int
    scopes: frozenset[TokenScope] = ALL_SCOPES

    @property
    def is_browser(self) -> bool:
        """Whether a cookie carries it, so that other sites could send it too."""
        return bool(self.csrf)


class ApiToken(msgspec.Struct, frozen=True, kw_only=True):
    """A program's right as its owner sees it; the token itself is shown once and kept by nobody."""

    id: str
    name: str
    scopes: tuple[TokenScope, ...]
    created_at: int
    expires_at: int
