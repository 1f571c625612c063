"""Messages to people outside the console."""

import msgspec


class Notice(msgspec.Struct, frozen=True, kw_only=True):
    """What would have gone to `address` at `at` (Unix ms)."""

    id: int
    at: int
    address: str
    body: str


class NoticeDraft(msgspec.Struct, frozen=True, kw_only=True):
    """A notice on its way: the id of its sentence in the catalogues, and what stands in it."""

    message: str
    params: dict[str, str]
    key: str | None = None  # a notice that comes twice under one key is one


class Helper(msgspec.Struct, frozen=True, kw_only=True):
    """A person to be told about a resident: contact, grid_worker, doctor or leader (`user`: who signs in)."""

    kind: str
    name: str
    phone: str
    user: str = ""

    @property
    def address(self) -> str:
        """Where a notice to them goes."""
        return f"sms:{self.phone}" if self.phone else f"user:{self.user}"
