"""Where a page of a list ends, as a cursor: any text of ours, unreadable enough that nobody builds one."""

import base64
import binascii
from typing import Annotated, Final

from fastapi import Query

from hub.domain.errors import Invalid

MAX_PAGE: Final = 500
Limit = Annotated[int, Query(ge=1, le=MAX_PAGE)]


def encode_cursor(*parts: str) -> str:
    """The cursor behind an entry that `parts` name."""
    return base64.urlsafe_b64encode("\n".join(parts).encode()).decode().rstrip("=")


def decode_cursor(cursor: str, count: int) -> tuple[str, ...]:
    """Its `count` parts. Invalid: cursor-unknown."""
    try:
        parts = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode().split("\n")
    except (ValueError, binascii.Error) as error:
        raise Invalid("cursor-unknown", field="cursor") from error
    if len(parts) != count or any(not part.isprintable() or len(part) > 64 for part in parts):
        raise Invalid("cursor-unknown", field="cursor")
    return tuple(parts)
