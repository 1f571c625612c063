"""Chinese first; English for those who plainly prefer it."""

import pytest

from hub.console.language import preferred


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "zh"),
        ("fr-FR,de;q=0.9", "zh"),
        ("en-US,en;q=0.9", "en"),
        ("en;q=0.8,zh-CN", "zh"),
        ("zh-CN;q=0.3, en;q=0.4", "en"),
        ("en;q=0", "zh"),
        ("en;q=broken", "zh"),
        ("*", "zh"),
        ("EN", "en"),
    ],
)
def test_accept_language(header: str, language: str) -> None:
    assert preferred(header) == language
