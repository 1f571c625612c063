"""What is written to InfluxDB, asked of it, and said about it."""

import pytest

from hub.domain.telemetry import HOUR_MS, Sample, Span
from hub.telemetry.influx_access import InfluxAccess
from hub.telemetry.influx_reader import question
from hub.telemetry.lines import line


@pytest.mark.parametrize(
    ("sample", "expected"),
    [
        (
            Sample("b-1", "990421101201", "button", 7, {"battery": 80.0, "signal": -70.5}),
            "telemetry,area=990421101201,device=b-1,kind=button battery=80.0,signal=-70.5 7",
        ),
        (Sample("b-1", "", "", 7, {"t": 1e-300}), "telemetry,device=b-1 t=1e-300 7"),
        (
            Sample("b", "g 1,x=y", "button", 7, {"t": 1.0}),
            "telemetry,area=g\\ 1\\,x\\=y,device=b,kind=button t=1.0 7",
        ),
    ],
)
def test_a_sample_is_a_line(sample: Sample, expected: str) -> None:
    assert line(sample) == expected


def test_a_chart_is_a_question() -> None:
    assert question("b-1", "battery", Span(0, HOUR_MS, 60_000)) == (
        'SELECT mean("battery"), min("battery"), max("battery"), count("battery") FROM "telemetry"'
        " WHERE \"device\" = 'b-1' AND time >= 0ms AND time < 3600000ms GROUP BY time(60000ms) fill(none)"
    )


def test_no_screen_shows_a_password() -> None:
    access = InfluxAccess(url="https://hub:secret@influx.example:8086/x", token="t", org="", bucket="b")
    assert access.name == "InfluxDB https://influx.example:8086"
