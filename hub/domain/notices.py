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


class Helper(msgspec.Struct, frozen=True, kw_only=True):
    """A person to be told about a resident. `kind` is contact or grid_worker."""

    kind: str
    name: str
    phone: str
