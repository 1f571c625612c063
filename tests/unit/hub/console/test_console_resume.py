"""Where a stream begins."""

import pytest

from hub.console.api.events import UNKNOWN_ID, resume_point


@pytest.mark.parametrize(
    ("header", "query", "point"),
    [
        (None, None, None),
        ("", "", None),
        ("5", None, 5),
        (None, "5", 5),
        ("7", "5", 7),
        ("", "5", 5),
        ("0", None, 0),
        ("-1", None, UNKNOWN_ID),
        ("١٢", None, UNKNOWN_ID),
        ("1" * 40, None, UNKNOWN_ID),
        ("1.5", None, UNKNOWN_ID),
    ],
)
def test_the_browsers_word_counts_before_the_address(
    header: str | None, query: str | None, point: int | None
) -> None:
    assert resume_point(header, query) == point
