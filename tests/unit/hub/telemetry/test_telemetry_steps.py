"""In which pieces a chart is drawn."""

import pytest

from hub.domain.errors import Invalid
from hub.domain.telemetry import DAY_MS, HOUR_MS, MAX_BUCKETS, MINUTE_MS, Span, span

NOW = 1_790_000_000_000 - 1_790_000_000_000 % DAY_MS


@pytest.mark.parametrize(
    ("length_ms", "step_ms"),
    [(HOUR_MS, MINUTE_MS), (DAY_MS, 2 * MINUTE_MS), (2 * DAY_MS, 5 * MINUTE_MS), (7 * DAY_MS, HOUR_MS),
     (30 * DAY_MS, HOUR_MS), (31 * DAY_MS, HOUR_MS), (32 * DAY_MS, 2 * HOUR_MS), (366 * DAY_MS, 12 * HOUR_MS)],
)  # fmt: skip
def test_the_longer_the_coarser(length_ms: int, step_ms: int) -> None:
    drawn = span(NOW - length_ms, NOW, NOW)
    assert drawn.step_ms == step_ms
    assert (drawn.end - drawn.start) / step_ms <= MAX_BUCKETS


def test_an_hour_of_last_week_comes_in_hours() -> None:
    assert span(NOW - 7 * DAY_MS + 1, NOW - 7 * DAY_MS + HOUR_MS, NOW) == Span(
        NOW - 7 * DAY_MS, NOW - 7 * DAY_MS + HOUR_MS, HOUR_MS
    )


@pytest.mark.parametrize(("start", "end"), [(NOW, NOW), (NOW, NOW - 1), (NOW - 367 * DAY_MS, NOW)])
def test_what_cannot_be_drawn_is_said(start: int, end: int) -> None:
    with pytest.raises(Invalid, match="span-wrong"):
        span(start, end, NOW)
