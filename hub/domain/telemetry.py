"""What devices measure, and in which pieces a chart of it is drawn. Times are Unix ms."""

from typing import Final

import msgspec

from devices.messages import Status
from hub.domain.errors import Invalid
from hub.domain.presence import Heard, Presence

MINUTE_MS: Final = 60_000
HOUR_MS: Final = 60 * MINUTE_MS
DAY_MS: Final = 24 * HOUR_MS
KEPT_MS: Final = 30 * DAY_MS
FINE_MS: Final = 2 * DAY_MS
"""How long every single value is kept; what is older is kept by the hour."""
OLDEST_MS: Final = FINE_MS
"""How old a value may be when it comes: a device keeps what it measured while its link is down."""
AHEAD_MS: Final = 5 * MINUTE_MS
MAX_METRICS: Final = 64
ALWAYS_KEPT: Final = frozenset({"battery", "signal", "temperature"})
"""What pages show of every device: no flood of other names takes their place."""
MAX_BUCKETS: Final = 750
LONGEST_MS: Final = 366 * DAY_MS
STEPS_MS: Final = (
    *(n * MINUTE_MS for n in (1, 2, 5, 10, 15, 30)),
    *(n * HOUR_MS for n in (1, 2, 3, 6, 12, 24)),
)  # fmt: skip


class Sample(msgspec.Struct, frozen=True, array_like=True):
    """What one device measured at `at`. `area` and `kind` are its tags as the register had them ("" unknown)."""

    device: str
    area: str
    kind: str
    at: int
    metrics: dict[str, float]


class Bucket(msgspec.Struct, frozen=True):
    """The values from `at` until one step later: mean, least, greatest, and how many they were."""

    at: int
    value: float
    min: float
    max: float
    n: int


class Span(msgspec.Struct, frozen=True):
    """A stretch of time to be drawn, [start, end), in steps of `step_ms`."""

    start: int
    end: int
    step_ms: int


class Latest(msgspec.Struct, frozen=True, array_like=True):
    """The newest value of one metric and when it was measured."""

    value: float
    at: int


class DeviceState(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """All that is known of one device now: `presence` since `since`, its last words, its newest values.

    `about`: its last status (firmware, model, clock).
    `clock_off_ms`: how far its last telemetry's clock was off; such values are kept here and not in the chart.
    `rejected`: values and messages of it that were none, since ever.
    """

    presence: Presence
    since: int
    heard: Heard
    about: Status | None = None
    telemetry_at: int | None = None
    clock_off_ms: int = 0
    rejected: int = 0
    metrics: dict[str, Latest] = {}


class Change(msgspec.Struct, frozen=True):
    """A device whose presence is not what it was; `number` grows with every change."""

    number: int
    device: str
    presence: Presence
    since: int
    seen_at: int


class Counts(msgspec.Struct):
    """What became of all telemetry, since ever. What is bad is counted here and disturbs nothing else."""

    messages: int = 0  # telemetry that could be read
    stored: int = 0  # samples that the store has
    undecodable: int = 0  # messages that were no telemetry or status at all
    retained: int = 0  # the broker's memory, which is no device's word
    values_rejected: int = 0  # values that are no number, or too many
    clock_off: int = 0  # messages whose time cannot be true
    refused: int = 0  # samples that the store will never take
    dropped: int = 0  # samples that were lost: past the bound of the spool, or the disk took none

    def plus(self, other: "Counts") -> "Counts":
        """Both together."""
        return Counts(*(getattr(self, name) + getattr(other, name) for name in self.__struct_fields__))


class Report(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How the telemetry role is, in its own words of the moment `at`.

    `trouble` and `reason`: why the store takes nothing (a code of the catalogues); `link`: why the broker is
    away. Empty: all is well. `waiting`: samples on disk that the store does not have yet.
    """

    at: int
    store: str
    trouble: str = ""
    reason: str = ""
    link: str = ""
    waiting: int = 0
    devices: dict[str, int] = {}  # how many of each presence
    counts: Counts = msgspec.field(default_factory=Counts)


def is_plausible(at: int, now: int) -> bool:
    """Whether a device's own time of a value can be true."""
    return now - OLDEST_MS <= at <= now + AHEAD_MS


def span(start: int, end: int, now: int) -> Span:
    """The span in steps that make a readable chart: a day in two minutes, a month in hours. Invalid: span-wrong."""
    if not 0 < end - start <= LONGEST_MS:
        raise Invalid("span-wrong", field="from", days=LONGEST_MS // DAY_MS)
    enough = (step for step in STEPS_MS if (end - start) <= step * MAX_BUCKETS)
    step = next(enough, STEPS_MS[-1])
    if start < now - FINE_MS:
        step = max(step, HOUR_MS)
    return Span(start - start % step, end, step)
