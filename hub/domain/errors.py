"""One root error; its `code` names a sentence in the catalogues, its `kind` the HTTP status."""

from typing import Literal

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
