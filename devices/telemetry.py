"""Which of the values in a telemetry message are kept."""

import math
import re
from functools import lru_cache
from typing import Final

from devices.messages import Telemetry

MAX_METRICS: Final = 64
METRIC_NAME_RE = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{0,63}")
MAX_MILLIS: Final = 2**53 - 1


def telemetry_of(fields: dict[str, object]) -> Telemetry:
    """Keep the first 64 finite numbers with a proper name; count the rest.

    A bool is not a number here, nor is a text that looks like one, nor a battery beyond 0 to 100 %.
    An `at` that is no time is dropped, as from a device without a clock: the hub then goes by the arrival.
    """
    metrics: dict[str, float] = {}
    rejected = 0
    for name, value in fields.items():
        if name == "at":
            continue
        number = _finite(value)
        if number is None or len(metrics) == MAX_METRICS or not _is_name(name) or not _fits(name, number):
            rejected += 1
        else:
            metrics[name] = number
    return Telemetry(at=_time(fields.get("at")), metrics=metrics, rejected=rejected)


@lru_cache(maxsize=4096)
def _is_name(name: str) -> bool:
    """The same few names come again and again."""
    return METRIC_NAME_RE.fullmatch(name) is not None


def _fits(name: str, number: float) -> bool:
    """A battery that counts its millivolts, or says -1 for unknown, would draw a chart of nonsense."""
    return name != "battery" or 0 <= number <= 100


def _finite(value: object) -> float | None:
    if type(value) is not float:  # a bool is an int for isinstance, and none for a device
        if type(value) is not int:
            return None
        try:
            value = float(value)
        except OverflowError:
            return None
    return value if math.isfinite(value) else None


def _time(value: object) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if 0 <= value <= MAX_MILLIS else None
