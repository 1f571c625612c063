"""Whether a device is there, judged by what it promised and by its last will. Times are Unix ms of the hub.

A device says with each status how long it may be silent (`every_s`). Any message of its own is a sign of life;
a retained copy is the broker's memory and none. Its last will counts only for the connection it belongs to.
"""

from enum import StrEnum
from typing import Final

import msgspec

DEFAULT_EVERY_S: Final = 3600
"""For a device that never promised anything: late after an hour and a quarter, lost after three."""
WILL_SETTLES_MS: Final = 5_000
"""A connection that breaks and comes back within this is no loss: links of the country do so all day."""
SLACK_MS: Final = 5_000


class Presence(StrEnum):
    """What the hub believes of a device."""

    ONLINE = "online"
    LATE = "late"  # it broke its promise once
    LOST = "lost"  # three times, or its connection broke and did not come back


class Heard(msgspec.Struct, frozen=True, omit_defaults=True):
    """The signs of life of one device: `seen_at` its last own message, `gone_at` a last will since then."""

    seen_at: int
    every_s: int = DEFAULT_EVERY_S
    session: str | None = None
    gone_at: int | None = None


def spoke(before: Heard | None, now: int) -> Heard:
    """The device sent something of its own."""
    if before is None:
        return Heard(now)
    return Heard(now, before.every_s, before.session)


def came_online(before: Heard | None, session: str, every_s: int | None, now: int) -> Heard:
    """The device opened the connection `session` and promised to speak every `every_s` seconds."""
    promised = before.every_s if every_s is None and before is not None else every_s or DEFAULT_EVERY_S
    return Heard(now, promised, session)


def went_offline(before: Heard, session: str, now: int) -> Heard:
    """A last will, or a good-bye. That of another connection than the one we know changes nothing."""
    if before.session != session or before.gone_at is not None:
        return before
    return Heard(before.seen_at, before.every_s, session, now)


def presence(heard: Heard, now: int, listening_since: int) -> Presence:
    """What to believe at `now`. While we did not listen no silence counts: it is counted from `listening_since`."""
    if heard.gone_at is not None and now - heard.gone_at >= WILL_SETTLES_MS:
        return Presence.LOST
    seen_at = heard.seen_at if heard.seen_at <= now else 0  # the machine's clock was set back since
    silent_ms = now - max(seen_at, listening_since)
    if silent_ms > late_after_ms(heard.every_s):
        return Presence.LOST if silent_ms > lost_after_ms(heard.every_s) else Presence.LATE
    return Presence.ONLINE


def late_after_ms(every_s: int) -> int:
    """Silence after which a promise of `every_s` is broken: a quarter more than promised."""
    return every_s * 1_250 + SLACK_MS


def lost_after_ms(every_s: int) -> int:
    """Silence after which nobody should rely on the device any more: three promises broken."""
    return every_s * 3_000 + SLACK_MS
