"""What the hub counts about itself, written in Prometheus' text format (exposition format 0.0.4).

`Metrics` names every instrument once; docs/operations.md describes them and a test compares the two.
Counters and gauges are moved by the loop's thread, histograms by any; all are read at any time.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import accumulate
from threading import Lock
from typing import Final

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
COMMIT_BOUNDS_S: Final = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


@dataclass(slots=True)
class Counter:
    """Grows for as long as the process lives: counted here, or read from `source` when asked."""

    name: str
    text: str
    value: int = 0
    source: Callable[[], int] | None = None

    def add(self, count: int = 1) -> None:
        """Count `count` more."""
        self.value += count

    def lines(self) -> Iterator[str]:
        """The instrument as text."""
        value = self.value if self.source is None else self.source()
        yield from (f"# HELP {self.name} {self.text}", f"# TYPE {self.name} counter", f"{self.name} {value}")


@dataclass(slots=True)
class Gauge:
    """A figure of the moment: set, or read from `source` when asked."""

    name: str
    text: str
    value: float = 0
    source: Callable[[], float] | None = None

    def lines(self) -> Iterator[str]:
        """The instrument as text."""
        value = self.value if self.source is None else self.source()
        yield from (f"# HELP {self.name} {self.text}", f"# TYPE {self.name} gauge", f"{self.name} {value:g}")


@dataclass(slots=True)
class Histogram:
    """How often values fell below each bound."""

    name: str
    text: str
    bounds: tuple[float, ...]
    total: float = 0.0
    counts: list[int] = field(default_factory=list)
    _lock: Lock = field(default_factory=Lock)

    def __post_init__(self) -> None:
        self.counts = [0] * (len(self.bounds) + 1)

    def observe(self, value: float) -> None:
        """Count `value`; from any thread."""
        with self._lock:
            self.counts[bisect_left(self.bounds, value)] += 1
            self.total += value

    def lines(self) -> Iterator[str]:
        """The instrument as text; buckets are cumulative."""
        sums = list(accumulate(self.counts))
        yield from (f"# HELP {self.name} {self.text}", f"# TYPE {self.name} histogram")
        for bound, below in zip((*map(str, self.bounds), "+Inf"), sums, strict=True):
            yield f'{self.name}_bucket{{le="{bound}"}} {below}'
        yield from (f"{self.name}_sum {self.total:g}", f"{self.name}_count {sums[-1]}")


Instrument = Counter | Gauge | Histogram


def _presses() -> Counter:
    return Counter("xiangyin_presses_total", "Presses that arrived, copies included.")


def _commits() -> Histogram:
    text = "Seconds that a shared commit took."
    return Histogram("xiangyin_commit_seconds", text, COMMIT_BOUNDS_S)


def _refused() -> Counter:
    return Counter("xiangyin_commands_refused_total", "Commands that devices refused or could not do.")


class TelemetryFigures:
    """What the telemetry role counts, as it last reported it."""

    def __init__(self) -> None:
        name = "xiangyin_telemetry_{}".format
        self.messages = Counter(name("messages_total"), "Telemetry messages that could be read.")
        self.stored = Counter(name("stored_total"), "Samples that the store has.")
        self.undecodable = Counter(name("undecodable_total"), "Messages that could not be read.")
        self.rejected = Counter(name("values_rejected_total"), "Values that are no number, or too many.")
        self.clock_off = Counter(name("clock_off_total"), "Messages whose time cannot be true.")
        self.refused = Counter(name("refused_total"), "Samples that the store will never take.")
        self.dropped = Counter(name("dropped_total"), "Samples lost past the bound of the spool.")
        self.waiting = Gauge(name("waiting"), "Samples on disk that the store does not have yet.")
        self.online = Gauge("xiangyin_devices_online", "Devices that keep their promise to speak.")
        self.late = Gauge("xiangyin_devices_late", "Devices that broke it once.")
        self.lost = Gauge("xiangyin_devices_lost", "Devices that broke it thrice, or lost their connection.")

    def instruments(self) -> tuple[Instrument, ...]:
        """All of them, in the order in which they are written."""
        return tuple(vars(self).values())


@dataclass(slots=True)
class Metrics:
    """Every instrument of the calls role."""

    presses: Counter = field(default_factory=_presses)
    commit_seconds: Histogram = field(default_factory=_commits)
    inbox_pending: Gauge = field(
        default_factory=lambda: Gauge("xiangyin_inbox_pending", "Presses taken and not yet committed.")
    )
    unrecorded: Gauge = field(
        default_factory=lambda: Gauge("xiangyin_presses_unrecorded", "Presses shown that are not stored yet.")
    )
    outbox_backlog: Gauge = field(
        default_factory=lambda: Gauge("xiangyin_outbox_backlog", "Messages that wait to be sent.")
    )
    refused: Counter = field(default_factory=_refused)
    receipts: Counter = field(
        default_factory=lambda: Counter(
            "xiangyin_receipts_total", "Receipts of loudspeakers, copies included."
        )
    )
    receipts_strange: Counter = field(
        default_factory=lambda: Counter(
            "xiangyin_receipts_strange_total",
            "Receipts of runs not addressed to their loudspeaker, and unreadable ones.",
        )
    )
    calls_open: Gauge = field(
        default_factory=lambda: Gauge("xiangyin_calls_open", "Calls not closed, without tests and drills.")
    )
    streams: Gauge = field(
        default_factory=lambda: Gauge("xiangyin_streams_open", "Open connections to GET /api/v1/events.")
    )

    telemetry: TelemetryFigures = field(default_factory=TelemetryFigures)

    def instruments(self) -> tuple[Instrument, ...]:
        """All of them, in the order in which they are written."""
        return (
            self.presses,
            self.commit_seconds,
            self.inbox_pending,
            self.unrecorded,
            self.outbox_backlog,
            self.refused,
            self.receipts,
            self.receipts_strange,
            self.calls_open,
            self.streams,
            *self.telemetry.instruments(),
        )

    def render(self) -> str:
        """The text that a Prometheus server reads."""
        return "".join(f"{line}\n" for instrument in self.instruments() for line in instrument.lines())
