"""Samples as InfluxDB's line protocol (docs.influxdata.com, "Line protocol"), times in milliseconds.

Tags are device, area and kind alone: never a name, never a telephone number. Each metric is a float field.
"""

from typing import Final

from hub.domain.telemetry import Sample

MEASUREMENT: Final = "telemetry"
_ESCAPED = str.maketrans({",": "\\,", "=": "\\=", " ": "\\ "})


def line(sample: Sample) -> str:
    """One sample with at least one metric. An unknown area or kind is left out: a tag is never empty."""
    tags = "".join(
        f",{name}={value.translate(_ESCAPED)}"
        for name, value in (("area", sample.area), ("device", sample.device), ("kind", sample.kind))
        if value
    )
    fields = ",".join(f"{metric}={value!r}" for metric, value in sample.metrics.items())
    return f"{MEASUREMENT}{tags} {fields} {sample.at}"
