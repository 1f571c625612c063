"""A message to people outside the console, as the demo's outbox page shows it."""

import msgspec


class Notice(msgspec.Struct, frozen=True, kw_only=True):
    """What would have gone to `address` at `at` (Unix ms)."""

    id: int
    at: int
    address: str
    body: str
