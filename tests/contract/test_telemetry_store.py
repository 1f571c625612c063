"""What both stores of telemetry promise: the embedded one, and InfluxDB (the real engine)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from hub.domain.telemetry import DAY_MS, HOUR_MS, MINUTE_MS, Bucket, Sample, span
from hub.telemetry.embedded import EmbeddedStore
from hub.telemetry.embedded_reader import EmbeddedReader
from hub.telemetry.influx import InfluxStore
from hub.telemetry.influx_reader import InfluxReader
from hub.telemetry.port import SampleStore, SeriesReader, Written
from tests.influx import RunningInflux

NOW = 1_790_000_000_000 - 1_790_000_000_000 % DAY_MS


class Stored(NamedTuple):
    """A store and who reads it."""

    store: SampleStore
    reader: SeriesReader


@pytest.fixture(params=["embedded", "influx"])
async def stored(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Stored]:
    if request.param == "influx":
        influx: RunningInflux = request.getfixturevalue("influx")
        both = Stored(InfluxStore(influx.access), InfluxReader(influx.access))
    else:
        path = tmp_path / "telemetry.db"
        both = Stored(EmbeddedStore(path), EmbeddedReader(path))
    yield both
    both.store.close()
    await both.reader.close()


@pytest.fixture(params=["just written", "tended"])
def settle(request: pytest.FixtureRequest, stored: Stored) -> Callable[[], None]:
    """What is asked is answered alike before and after the store has put things in order."""
    return (lambda: stored.store.tend(NOW)) if request.param == "tended" else (lambda: None)


def sample(at: int, device: str = "b-1", **metrics: float) -> Sample:
    return Sample(device, "990421101201", "button", at, metrics)


async def day(stored: Stored, metric: str = "battery", device: str = "b-1") -> list[Bucket]:
    return list(await stored.reader.read(device, metric, span(NOW - DAY_MS, NOW, NOW)))


async def test_a_day_is_drawn_in_pieces_of_two_minutes(stored: Stored, settle: Callable[[], None]) -> None:
    at = NOW - HOUR_MS
    values = [
        sample(at, battery=80.0),
        sample(at + MINUTE_MS, battery=60.0),
        sample(at + 2 * MINUTE_MS, battery=50.0),
    ]
    assert stored.store.write(values) == Written(3)
    settle()

    assert await day(stored) == [
        Bucket(at, 70.0, 60.0, 80.0, 2),
        Bucket(at + 2 * MINUTE_MS, 50.0, 50.0, 50.0, 1),
    ]


async def test_a_month_is_drawn_in_hours(stored: Stored, settle: Callable[[], None]) -> None:
    old = NOW - 20 * DAY_MS
    stored.store.write([sample(old, signal=-90.0), sample(old + 30 * MINUTE_MS, signal=-70.0)])
    stored.store.write([sample(NOW - 1, signal=-60.0)])
    settle()

    month = await stored.reader.read("b-1", "signal", span(NOW - 30 * DAY_MS, NOW, NOW))

    assert list(month) == [Bucket(old, -80.0, -90.0, -70.0, 2), Bucket(NOW - HOUR_MS, -60.0, -60.0, -60.0, 1)]


async def test_a_sample_given_twice_counts_once(stored: Stored, settle: Callable[[], None]) -> None:
    once = sample(NOW - HOUR_MS, battery=80.0)
    stored.store.write([once, once])
    settle()
    stored.store.write([once])
    settle()

    assert await day(stored) == [Bucket(NOW - HOUR_MS, 80.0, 80.0, 80.0, 1)]
    month = await stored.reader.read("b-1", "battery", span(NOW - 30 * DAY_MS, NOW, NOW))
    assert [bucket.n for bucket in month] == [1]


async def test_devices_and_metrics_are_kept_apart(stored: Stored, settle: Callable[[], None]) -> None:
    at = NOW - HOUR_MS
    stored.store.write([sample(at, battery=1.0, signal=2.0), sample(at, "b-2", battery=3.0)])
    settle()

    assert [bucket.value for bucket in await day(stored, "battery")] == [1.0]
    assert [bucket.value for bucket in await day(stored, "signal")] == [2.0]
    assert [bucket.value for bucket in await day(stored, "battery", "b-2")] == [3.0]
    assert await day(stored, "temperature") == []
    assert await day(stored, "battery", "nobody") == []


async def test_the_end_of_a_span_does_not_belong_to_it(stored: Stored) -> None:
    times = {NOW - DAY_MS - 1: 1.0, NOW - DAY_MS: 2.0, NOW: 3.0}
    stored.store.write([sample(at, battery=value) for at, value in times.items()])

    assert [bucket.value for bucket in await day(stored)] == [2.0]


async def test_names_that_mean_something_to_a_query_are_only_names(stored: Stored) -> None:
    stored.store.write([Sample("b-1", "g 1,x=y", "", NOW - HOUR_MS, {"t.in-1_a": 5.0})])

    assert [bucket.value for bucket in await day(stored, "t.in-1_a")] == [5.0]
    assert await day(stored, 'x" OR "a') == []
    assert await day(stored, "t.in-1_a", "b' OR 'a'='a") == []


async def test_extreme_numbers_come_back_as_they_were(stored: Stored) -> None:
    stored.store.write([sample(NOW - HOUR_MS, huge=1.7e308, tiny=-5e-324)])

    assert [bucket.value for bucket in await day(stored, "huge")] == [1.7e308]
    assert [bucket.min for bucket in await day(stored, "tiny")] == [-5e-324]
