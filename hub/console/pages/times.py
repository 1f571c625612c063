"""Times as the county reads them."""

from datetime import datetime
from zoneinfo import ZoneInfo

BEIJING = ZoneInfo("Asia/Shanghai")  # the one legal time of every county


def year_of(at: int) -> int:
    """The calendar year at `at` (Unix ms)."""
    return datetime.fromtimestamp(at / 1000, BEIJING).year


def clock_time(at: int) -> str:
    """`15:04:05` of `at` (Unix ms)."""
    return f"{datetime.fromtimestamp(at / 1000, BEIJING):%H:%M:%S}"


def minute_time(at: int) -> str:
    """`15:04` of `at` (Unix ms): what somebody promised, or will do."""
    return f"{datetime.fromtimestamp(at / 1000, BEIJING):%H:%M}"


def day_time(at: int) -> str:
    """`11-23 15:04` of `at` (Unix ms)."""
    return f"{datetime.fromtimestamp(at / 1000, BEIJING):%m-%d %H:%M}"
