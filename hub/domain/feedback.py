"""How an elder is asked what it was like: called back, by a link that works once, or by their device."""

from enum import StrEnum

import msgspec

from hub.domain.calls import ASK_ON_DEVICE
from hub.domain.errors import Conflict, NotFound

LINK_MS = 7 * 86_400_000
PRESSED_OK = 5  # the key for "all is well" answers the device's question; it knows no degrees


class AskBy(StrEnum):
    """The ways. Never by the emergency key: that is always a call."""

    CALL_BACK = "call_back"
    LINK = "link"
    DEVICE = ASK_ON_DEVICE


class EndedBy(StrEnum):
    """What ended a link before its days."""

    REOPENING = "reopening"  # the case goes on; it is asked about again when it is over
    NEWER = "newer"  # another link was sent for the same case


class FeedbackLink(msgspec.Struct, frozen=True, kw_only=True):
    """A link that was sent; of its token only the SHA-256 is known."""

    token_hash: str
    call: str
    created_at: int
    expires_at: int
    used_at: int | None = None
    ended_by: EndedBy | None = None


def require_usable(link: FeedbackLink | None, now: int) -> FeedbackLink:
    """The link, if somebody may rate by it. NotFound: there is none, or its days are over. Conflict: it was used, the
    case was reopened since, or there is a newer link."""
    if link is None or now >= link.expires_at:
        raise NotFound("feedback-link-over")
    if link.ended_by is EndedBy.REOPENING:
        raise Conflict("feedback-reopened" if link.used_at is None else "feedback-given-reopened")
    if link.ended_by is EndedBy.NEWER:
        raise Conflict("feedback-newer")
    if link.used_at is not None:
        raise Conflict("feedback-given")
    return link
