"""A desk is one open live screen; it can be relied on while it may sound, its link is alive, and its page answers."""

import msgspec

TTL_MS = 25_000  # a page that has not answered for as long is dark, whatever its connection says
ASK_EVERY_S = 8


class Desk(msgspec.Struct, frozen=True, kw_only=True):
    """One live screen. `targets` are the ring targets it sounds for; it is silent until the browser may sound."""

    id: str
    user: str
    targets: tuple[str, ...]
    audible: bool
    expires_at: int
