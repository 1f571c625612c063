"""What was ordered and refused: by a device that did not trust or could not follow it, or by our own signer."""

from typing import Final

import msgspec

from hub.domain.areas import area_prefix
from hub.domain.events import Event, EventType
from hub.domain.people import User
from hub.domain.views import EventView
from hub.ports import Reader

SHOWN_MS: Final = 24 * 3_600_000
SHOWN_AT_MOST: Final = 20
TYPES: Final = frozenset({EventType.DEVICE_REFUSED_COMMAND, EventType.ORDER_REFUSED})
_decoder = msgspec.json.Decoder(EventView)


class Refusal(msgspec.Struct, frozen=True, kw_only=True):
    """One of them. `device` is empty for an order to a zone; `reason` names a sentence `reason-…`, when it is known.

    `command` is the order's id, or what the device could tell of it: the digest of its bytes.
    """

    id: int
    at: int
    by_signer: bool
    device: str
    reason: str
    command: str


def read_refusals(read: Reader, user: User, now: int) -> list[Refusal]:
    """Those of the last day in the user's area, newest first."""
    found = read.recent_events(TYPES, area_prefix(user.area), now - SHOWN_MS, SHOWN_AT_MOST)
    return [_refusal(event) for event in found]


def _refusal(event: Event) -> Refusal:
    view = _decoder.decode(event.data)
    return Refusal(
        id=event.id,
        at=view.at,
        by_signer=view.type == EventType.ORDER_REFUSED,
        device=view.device or "",
        reason=view.reason.replace("_", "-"),
        command=view.command or view.digest[:12],
    )
