"""A desk is one open live screen; it can be relied on while it may sound and its link is alive."""

import msgspec

TTL_MS = 25_000
REFRESH_S = 8


class Desk(msgspec.Struct, frozen=True, kw_only=True):
    """One live screen. `targets` are the ring targets it sounds for; it is silent until the browser may sound."""

    id: str
    user: str
    targets: tuple[str, ...]
    audible: bool
    expires_at: int
