"""One root error; its `code` names a sentence in the catalogues, its `kind` the HTTP status."""

from collections.abc import Sequence
from typing import Literal

import msgspec

Kind = Literal["invalid", "not_found", "conflict", "denied", "unavailable"]


class HubError(Exception):
    """What a person or program asked for cannot be done.

    `code` is the id of the sentence shown (hub/i18n), `params` its variables; `kind` is mapped to an HTTP
    status in one place. `str()` is for logs only.
    """

    kind: Kind = "invalid"

    def __init__(self, code: str, **params: str | int) -> None:
        super().__init__(f"{code} {params}" if params else code)
        self.code = code
        self.params = params


class Invalid(HubError):
    """The request itself is wrong; `params["field"]` says where, when there is one field to blame."""

    kind: Kind = "invalid"


class Fault(msgspec.Struct, frozen=True, gc=False):
    """One value that cannot stand in the register: its field, and the sentence that says what to do."""

    field: str
    code: str
    params: dict[str, str | int] = {}


class Faulty(Invalid):
    """Several values of one request are wrong; each is named."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("entry-faulty", count=len(faults))
        self.faults = tuple(faults)


class NotFound(HubError):
    """There is no such thing, or the asker may not know that there is."""

    kind: Kind = "not_found"


class Conflict(HubError):
    """It was right a moment ago: somebody else was first, or the state moved on."""

    kind: Kind = "conflict"


class Denied(HubError):
    """The asker is known and may not."""

    kind: Kind = "denied"


class Unavailable(HubError):
    """Nothing was stored; the same request may be sent again."""

    kind: Kind = "unavailable"
