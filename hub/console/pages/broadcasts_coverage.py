"""How far a run has come, as a bar."""

from typing import Final

import msgspec

from broadcast.domain.receipts import Coverage

WIDTH: Final = 1000


class Stretch(msgspec.Struct, frozen=True):
    """A part of the bar, in thousandths of its length: how many loudspeakers share this fate."""

    kind: str
    count: int
    begins: int
    length: int


def bar(coverage: Coverage) -> tuple[Stretch, ...]:
    """The stretches from the left: played, playing, ready, failed; what is left bare has said nothing."""
    if not coverage.targeted:
        return ()
    # counts are cumulative: who has played was ready and was playing
    playing = max(0, coverage.playing - coverage.played)
    ready = max(0, coverage.ready - coverage.playing)
    silent = coverage.targeted - coverage.played - playing
    failed = min(coverage.failed, silent)
    counts = (
        ("played", coverage.played),
        ("playing", playing),
        ("ready", min(ready, silent - failed)),
        ("failed", failed),
    )
    found, at = [], 0
    for kind, count in counts:
        begins, at = at, at + count
        if count:
            start, end = (round(WIDTH * edge / coverage.targeted) for edge in (begins, at))
            found.append(Stretch(kind, count, start, end - start))
    return tuple(found)
