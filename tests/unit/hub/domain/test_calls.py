"""What the elder hears of a call: how far it is, and who comes."""

from __future__ import annotations

import msgspec
import pytest

from devices.messages import Ask, ReplyState
from hub.domain import replies
from hub.domain.calls import HELD, WAITING, Call, CallState, Outcome, question, reply_state, spoken_by
from tests.unit.hub.domain.acall import ME, NOW, a_call


@pytest.mark.parametrize("state", list(CallState))
def test_the_elder_hears_how_far_it_is(state: CallState) -> None:
    told = reply_state(a_call(state, ME))

    assert (told is ReplyState.RECEIVED) == (state in WAITING)
    assert (told is ReplyState.CLOSED) == (state not in WAITING | HELD)


@pytest.mark.parametrize("state", sorted(HELD))
def test_nobody_is_said_to_come_who_has_not_accepted(state: CallState) -> None:
    held = a_call(state, ME)

    assert (reply_state(held), spoken_by(held)) == (ReplyState.ANSWERED, "王值班员")
    coming = msgspec.structs.replace(held, coming="儿子")
    assert (reply_state(coming), spoken_by(coming)) == (ReplyState.COMING, "儿子")


def say(call: Call) -> str:
    return replies.current(call, "p-1", NOW).say


def test_a_call_that_changes_hands_does_not_take_back_who_is_coming() -> None:
    waiting = a_call(CallState.RINGING)

    assert say(waiting) == "reply-received"
    assert say(msgspec.structs.replace(waiting, coming="村医")) == "reply-still-coming"


def test_a_device_asks_only_while_it_is_the_way_of_asking() -> None:
    asked = msgspec.structs.replace(a_call(CallState.FEEDBACK, ME), feedback_by="device")

    assert (question(asked), say(asked)) == (Ask.RATE, "reply-rate")
    for other in ("link", "call_back", None):
        assert question(msgspec.structs.replace(asked, feedback_by=other)) is None
    assert question(msgspec.structs.replace(asked, state=CallState.CLOSED)) is None


def test_cancelled_and_merged_calls_end_in_words_of_their_own() -> None:
    closed = a_call(CallState.CLOSED, ME)

    assert say(closed) == "reply-closed"
    assert say(msgspec.structs.replace(closed, outcome=Outcome.CANCELLED)) == "reply-cancelled"
    assert say(msgspec.structs.replace(closed, merged_into="c-2")) == "reply-merged"
