"""How a press is read: whether it is late, and which key makes its copies one."""

import msgspec

from devices.messages import Press

LATE_AFTER_MS = 600_000
UNDECODED_SAME_FOR_MS = 60_000
REMEMBERED_MS = 30 * 86_400_000


def age_ms(press: Press, received_at: int) -> int:
    """How long ago the button was pressed, as far as the device can tell (0 when it cannot).

    A device repeats the same bytes, so a press kept through an outage shows its age only in `at`; a clock
    that lies by more than the time presses are remembered, or lies ahead, says nothing.
    """
    by_clock = 0 if press.at is None else received_at - press.at
    if not 0 <= by_clock <= REMEMBERED_MS:
        by_clock = 0
    counted = press.age_ms or 0
    return max(by_clock, counted if 0 <= counted <= REMEMBERED_MS else 0)


def is_late(press: Press, received_at: int) -> bool:
    """Whether the press is older than ten minutes: it rings, marked, where the device was then."""
    return age_ms(press, received_at) > LATE_AFTER_MS


def fresh_key(press: Press, received_at: int) -> str:
    """A new key for bytes that could not be read and came again after their minute."""
    return f"{press.id}-{received_at:x}"


def subject(resident: str | None, device: str) -> str:
    """What can have one open call at a time: the household, or the device of none."""
    return f"d:{device}" if resident is None else f"r:{resident}"


class PressLine(msgspec.Struct, frozen=True, kw_only=True):
    """A press as a device's page lists it; `call` is the one it opened or joined. Times are Unix ms."""

    kind: str
    received_at: int
    via: str
    decoded: bool
    late: bool
    call: str | None
