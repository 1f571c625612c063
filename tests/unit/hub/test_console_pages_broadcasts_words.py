"""Whatever a broadcast, a run or a loudspeaker may say has its word on the pages, in both languages."""

from collections.abc import Iterator

import pytest

from broadcast.domain.broadcasts import BroadcastState, VoiceChoice
from broadcast.domain.priorities import Category
from broadcast.domain.runs import RunState, SkipReason
from broadcast.errors import Problem
from devices.errors import RefusalReason
from devices.messages import ReceiptState
from hub.console.pages.broadcasts_when import WEEKDAYS, When
from hub.i18n import Phrases


def words() -> Iterator[str]:
    """The ids that the templates put together."""
    for kind, values in (
        ("category", Category),
        ("broadcast-state", BroadcastState),
        ("run-state", RunState),
        ("run-skipped", SkipReason),
        ("receipt", ReceiptState),
        ("reason", RefusalReason),
        ("voice", VoiceChoice),
        ("when", When),
        ("when-says", When),
    ):
        yield from (f"{kind}-{value.replace('_', '-')}" for value in values)
    yield from (f"weekday-{day.lower()}" for day in WEEKDAYS)
    yield from (problem.value for problem in Problem)


@pytest.mark.parametrize("word", tuple(words()))
def test_it_has_a_word(word: str) -> None:
    assert Phrases().has(word)
