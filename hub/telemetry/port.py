"""The two stores of telemetry, as the rest of the hub sees them."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from hub.domain.telemetry import Bucket, Sample, Span


class Written(NamedTuple):
    """What became of a batch: samples that are kept now, and samples that the store will never take."""

    stored: int
    refused: int = 0


class SampleStore(Protocol):
    """Where samples are kept. Used by one thread at a time; writing a sample twice is harmless."""

    @property
    def name(self) -> str:
        """What people call it, with its address when it has one."""
        ...

    def write(self, samples: Sequence[Sample]) -> Written:
        """Return when the batch is kept. Unavailable: try the same again later, nothing is known of it."""
        ...

    def tend(self, now: int) -> None:
        """What has to be done now and then, about once a minute. Unavailable."""
        ...

    def close(self) -> None:
        """Let go of it."""
        ...


class SeriesReader(Protocol):
    """Reads what a `SampleStore` keeps."""

    async def read(self, device: str, metric: str, span: Span) -> Sequence[Bucket]:
        """The metric in pieces of `span.step_ms`, oldest first, without the empty ones. Unavailable."""
        ...

    async def close(self) -> None:
        """Let go of it."""
        ...
