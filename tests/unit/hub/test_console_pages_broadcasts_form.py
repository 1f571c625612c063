"""The form of a broadcast: what it asks for, and what it is filled in with again."""

from typing import Any

import pytest

from broadcast.domain.broadcasts import VoiceChoice
from broadcast.domain.priorities import Category
from broadcast.domain.schedule import Timing
from broadcast.errors import MasteringError, Problem, RecordingError, RequestError, TextError
from hub.console.pages.broadcasts_form import SPOTS, BroadcastForm, Source, fault_of, read_form
from hub.console.pages.broadcasts_when import When
from hub.domain.errors import Faulty

NOW = 1_790_000_000_000
VILLAGE = "990421101201"


def form(**different: Any) -> BroadcastForm:
    return BroadcastForm(**({"text": "明天上午停水", "zones": [VILLAGE]} | different))


def test_a_text_is_wanted_as_it_was_filled_in() -> None:
    wanted = read_form(
        form(category=Category.FIRE, repeat="3", drill=True, voice=VoiceChoice.LOCAL, zones=[VILLAGE, "g-1"]),
        NOW,
    )
    assert (wanted.text, wanted.title, wanted.spoken) == ("明天上午停水", "明天上午停水", None)
    assert (wanted.zones, wanted.repeat, wanted.drill, wanted.voice) == (
        (VILLAGE, "g-1"), 3, True, VoiceChoice.LOCAL,
    )  # fmt: skip
    assert wanted.priority == 150
    assert wanted.timing == Timing()


def test_a_reading_counts_only_once_somebody_has_corrected_it() -> None:
    assert read_form(form(spoken="明天停水"), NOW).spoken is None
    assert read_form(form(spoken="明天停水", corrected=True), NOW).spoken == "明天停水"


def test_a_recording_takes_the_place_of_what_was_written() -> None:
    wanted = read_form(form(source=Source.RECORDING, recording="rec-1", corrected=True, spoken="字"), NOW)
    assert (wanted.recording, wanted.text, wanted.spoken) == ("rec-1", "", None)


def test_a_time_that_stays_as_it_was_may_have_passed() -> None:
    before = Timing(at=NOW - 60_000)
    kept = form(when=When.AT, at="2026-09-21T22:12")
    assert read_form(kept, NOW, before).timing == before
    with pytest.raises(Faulty) as told:
        read_form(kept, NOW)
    assert [(fault.field, fault.code) for fault in told.value.faults] == [("when", "broadcast-time-past")]


@pytest.mark.parametrize(
    ("error", "spot"),
    [
        (TextError(Problem.TEXT_EMPTY), "text"),
        (RecordingError(Problem.RECORDING_SILENT), "recording"),
        (RequestError(Problem.RECORDING_UNKNOWN, field="recording"), "recording"),
        (RequestError(Problem.ZONE_SILENT, field="areas", zone="上坪村"), "zones"),
        (RequestError(Problem.RULE_NEVER, field="rrule"), "when"),
        (RequestError(Problem.TIME_FAR, field="from", days=366), "when"),
        (RequestError(Problem.TITLE, field="title", limit=80), "title"),
        (RequestError(Problem.WRONG_STATE, state="done"), "text"),
        (MasteringError(Problem.MASTERING_FAILED), "text"),
    ],
)
def test_every_error_has_its_place_on_the_page(error: Any, spot: str) -> None:
    assert fault_of(error).field == spot
    assert fault_of(error).field in SPOTS
    assert fault_of(error).code == error.problem.value
