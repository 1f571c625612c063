"""What a device is given at its enrolment, and the limits that no command exceeds."""

from __future__ import annotations

from typing import Annotated, Final

from msgspec import Meta, Struct, field

from devices.commands import EMERGENCY_PRIORITY, Address, CommandType
from devices.keys import Jwk, KeySet
from devices.messages import END, Url

DAY_MS: Final = 86_400_000
MINUTE_MS: Final = 60_000
CHINA_OFFSET_MIN: Final = 480

ClockTime = Annotated[str, Meta(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]" + END, description="local HH:MM")]
Cap = Annotated[int, Meta(ge=0, le=100, description="highest volume, 0-100")]
Minutes = Annotated[int, Meta(ge=0, le=1440, description="minutes of sound a day")]


class QuietHours(Struct, frozen=True, kw_only=True):
    """A daily stretch without routine sound; `from` later than `until` spans midnight."""

    from_: ClockTime = field(name="from")
    until: ClockTime

    def overlaps(self, start_ms: int, end_ms: int) -> bool:
        """Tell whether [start, end) touches the stretch; both in local milliseconds since 1970-01-01."""
        opens = _of_day(self.from_)
        length = (_of_day(self.until) - opens) % DAY_MS or DAY_MS
        first_day, last_day = start_ms // DAY_MS - 1, end_ms // DAY_MS
        begins = (day * DAY_MS + opens for day in range(first_day, last_day + 1))
        return any(begin < max(end_ms, start_ms + 1) and start_ms < begin + length for begin in begins)


class Limits(Struct, frozen=True, kw_only=True):
    """The limits in the device. Emergencies have caps of their own; quiet hours do not bind them."""

    volume: Cap = 100
    emergency_volume: Cap = 100
    minutes_a_day: Minutes | None = None
    emergency_minutes_a_day: Minutes | None = None
    quiet: tuple[QuietHours, ...] = ()
    utc_offset_min: Annotated[int, Meta(ge=-840, le=840)] = CHINA_OFFSET_MIN

    def local(self, wall_ms: int) -> int:
        """Return local milliseconds since 1970-01-01."""
        return wall_ms + self.utc_offset_min * MINUTE_MS

    def day_of(self, wall_ms: int) -> int:
        """Number the local day, for counting its minutes."""
        return self.local(wall_ms) // DAY_MS

    def is_quiet(self, start_ms: int, end_ms: int) -> bool:
        """Tell whether routine sound in [start, end), Unix milliseconds, would fall into quiet hours."""
        return any(hours.overlaps(self.local(start_ms), self.local(end_ms)) for hours in self.quiet)

    def budget_ms(self, *, emergency: bool) -> int | None:
        """Return a day's allowance of sound in milliseconds; None when there is no limit."""
        minutes = self.emergency_minutes_a_day if emergency else self.minutes_a_day
        return None if minutes is None else minutes * MINUTE_MS


class Enrolment(Struct, frozen=True, kw_only=True):
    """All that a device holds from its enrolment, as the answer to `POST /devices` gives it."""

    id: Address
    zones: tuple[Address, ...] = ()
    audio_bases: tuple[Url, ...] = ()
    root_keys: tuple[Jwk, ...] = ()
    keys: KeySet = KeySet()
    limits: Limits = Limits()
    supports: tuple[CommandType, ...] = tuple(CommandType)


def is_emergency(priority: int) -> bool:
    """Tell whether a priority is an emergency's."""
    return priority >= EMERGENCY_PRIORITY


def _of_day(clock_time: str) -> int:
    hours, minutes = clock_time.split(":")
    return (int(hours) * 60 + int(minutes)) * MINUTE_MS
