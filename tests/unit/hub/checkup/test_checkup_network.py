"""The doctor tells a hub that runs from a program that holds its port, and from one that hangs."""

import pytest

from hub.checkup.finding import State
from hub.checkup.network import Answer, examine_network
from hub.i18n import LANGUAGES, Phrases
from hub.settings import Settings


def found(answer: Answer) -> list[tuple[State, str]]:
    return [(one.state, one.message) for one in examine_network(Settings(), answer)]


def test_a_hub_is_asked_for_each_of_its_parts() -> None:
    assert found(Answer(503, ("database ok", "broker down no answer within 3 s"))) == [
        (State.OK, "doctor-hub-part"),
        (State.BAD, "doctor-hub-part-down"),
    ]


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (Answer(500), "doctor-hub-strange"),
        (Answer(404, ("not found",)), "doctor-hub-strange"),
        (Answer(200), "doctor-hub-strange"),
        (Answer(0), "doctor-hub-silent"),
    ],
)
def test_what_answers_otherwise_is_no_hub_and_the_sentence_says_what_to_do(
    answer: Answer, message: str
) -> None:
    (finding,) = examine_network(Settings(), answer)
    assert (finding.state, finding.message) == (State.BAD, message)
    for lang in LANGUAGES:
        assert "127.0.0.1:8000" in Phrases().say(lang, finding.message, **finding.params)
