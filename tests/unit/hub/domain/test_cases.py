"""Every deed in every state: allowed, or a clear conflict; and what holds whatever people do in whatever order."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.domain import cases
from hub.domain.calls import (
    AFTERWARDS,
    HELD,
    JOINABLE,
    WAITING,
    Call,
    CallState,
    Outcome,
    question,
    reply_state,
    spoken_by,
)
from hub.domain.cases import ALLOWED, LAPSE_MS, Deed
from hub.domain.errors import Conflict, HubError, Invalid
from hub.domain.people import User
from hub.domain.responders import ResponderState
from tests.unit.hub.domain.acall import ME, NOW, OTHER, a_call, sent

ELSEWHERE = "980321101201"


def other_open() -> Call:
    return a_call(CallState.RINGING, call_id="c-2")


def _dispatched(call: Call, by: User) -> Call:
    cases.require_holder(call, by, Deed.DISPATCH)
    return cases.follow(call, [sent(ResponderState.ASKED)])


def _extended(call: Call, by: User) -> Call:
    cases.require_holder(call, by, Deed.EXTEND)
    return cases.prolong(call, NOW)


def _noted(call: Call, _by: User) -> Call:
    cases.require(call, Deed.NOTE)
    return call


DEEDS: dict[Deed, Callable[[Call, User], Call]] = {
    Deed.ANSWER: lambda call, by: cases.answer(call, by, NOW),
    Deed.RELEASE: cases.release,
    Deed.LAPSE: lambda call, _by: cases.lapse(call),
    Deed.HAND_OVER: lambda call, by: cases.hand_over(call, by, OTHER if by is ME else ME, NOW),
    Deed.DISPATCH: _dispatched,
    Deed.EXTEND: _extended,
    Deed.RESOLVE: lambda call, by: cases.resolve(call, by, Outcome.HELPED, NOW),
    Deed.ASK_FEEDBACK: lambda call, _by: cases.ask_feedback(call, "device"),
    Deed.CLOSE: lambda call, _by: cases.close(call, 5, NOW),
    Deed.CANCEL: lambda call, by: cases.cancel(call, by, NOW),
    Deed.MERGE: lambda call, by: cases.merge(call, other_open(), by, NOW)[0],
    Deed.REOPEN: lambda call, _by: cases.reopen(call),
    Deed.NOTE: _noted,
}
OF_HOLDERS = (Deed.RELEASE, Deed.HAND_OVER, Deed.DISPATCH, Deed.EXTEND, Deed.RESOLVE)
OF_NOBODY_ELSE = (*OF_HOLDERS, Deed.ANSWER, Deed.CANCEL, Deed.MERGE)


def cancelled_by_the_elder(call: Call) -> Call:
    return msgspec.structs.replace(call, cancel_asked_at=NOW)


def test_every_deed_is_tried() -> None:
    assert set(DEEDS) == set(Deed) == set(ALLOWED)


@pytest.mark.parametrize("state", list(CallState))
@pytest.mark.parametrize("deed", list(Deed))
def test_each_deed_is_allowed_in_its_states_alone(state: CallState, deed: Deed) -> None:
    call = cancelled_by_the_elder(a_call(state, None if state in WAITING else ME))

    if state in ALLOWED[deed] or (deed is Deed.ANSWER and state in HELD):  # the holder again
        assert DEEDS[deed](call, ME).id == call.id
    else:
        with pytest.raises(Conflict) as conflict:
            DEEDS[deed](call, ME)
        closed = state is CallState.CLOSED or (deed is Deed.ANSWER and state in AFTERWARDS)
        assert conflict.value.code == ("call-closed" if closed else "call-wrong-state")


@pytest.mark.parametrize("deed", OF_NOBODY_ELSE)
@pytest.mark.parametrize("state", sorted(HELD))
def test_a_held_call_is_worked_on_by_its_holder_alone(state: CallState, deed: Deed) -> None:
    with pytest.raises(Conflict) as conflict:
        DEEDS[deed](cancelled_by_the_elder(a_call(state, OTHER)), ME)

    assert (conflict.value.code, conflict.value.params) == ("call-held", {"holder": "李强"})


@given(deeds=st.lists(st.tuples(st.sampled_from(Deed), st.sampled_from([ME, OTHER])), max_size=25))
def test_whatever_people_do_there_is_one_holder_and_the_device_hears_every_change_once(
    deeds: list[tuple[Deed, User]],
) -> None:
    call = cancelled_by_the_elder(a_call(CallState.RINGING))
    for deed, by in deeds:
        try:
            after = DEEDS[deed](call, by)
        except HubError:
            continue
        heard_before = (reply_state(call), spoken_by(call), question(call))
        heard = (reply_state(after), spoken_by(after), question(after))
        assert after.rev >= call.rev
        assert (after.rev > call.rev) or heard == heard_before, "the device must hear it"
        assert (after.holder is not None) == (after.state not in WAITING) or after.merged_into is not None
        assert (after.lapses_at is not None) == (after.state in HELD)
        if call.state is CallState.CLOSED:
            assert deed is Deed.REOPEN
        call = after if after.merged_into is None else call


def test_answering_takes_up_how_far_those_who_were_sent_are() -> None:
    waiting = a_call(CallState.RINGING)
    for line, state in (
        (sent(ResponderState.ASKED), CallState.DISPATCHED),
        (sent(ResponderState.ON_THE_WAY), CallState.DISPATCHED),
        (sent(ResponderState.ARRIVED), CallState.ON_SCENE),
        (sent(ResponderState.DECLINED), CallState.ANSWERED),
    ):
        assert cases.answer(waiting, ME, NOW, [line]).state is state


def test_who_is_done_leaves_the_case_on_the_scene_until_it_is_resolved() -> None:
    there = cases.follow(a_call(CallState.DISPATCHED, ME), [sent(ResponderState.ARRIVED)])
    done = cases.follow(there, [sent(ResponderState.DONE)])

    assert (there.state, done.state) == (CallState.ON_SCENE, CallState.ON_SCENE)
    assert (done.coming, done.rev) == ("spoken clinic-1", there.rev)
    late = sent(ResponderState.ON_THE_WAY, to="x")
    assert cases.follow(there, [sent(ResponderState.DONE), late]).coming == "spoken clinic-1"


def test_nobody_comes_any_more_and_the_elder_is_not_left_with_the_promise() -> None:
    coming = cases.follow(a_call(CallState.ANSWERED, ME), [sent(ResponderState.ACCEPTED)])
    alone = cases.follow(coming, [sent(ResponderState.DECLINED)])

    assert (coming.state, coming.coming) == (CallState.DISPATCHED, "spoken clinic-1")
    assert (alone.state, alone.coming, alone.rev) == (CallState.ANSWERED, None, coming.rev + 1)


def test_each_deed_gives_the_holder_five_minutes_and_none_takes_any_away() -> None:
    held = cases.answer(a_call(CallState.RINGING), ME, NOW)

    assert held.lapses_at == NOW + LAPSE_MS
    assert cases.prolong(held, NOW + 1_000).lapses_at == NOW + 1_000 + LAPSE_MS
    assert cases.prolong(held, NOW - 60_000).lapses_at == NOW + LAPSE_MS


def test_the_first_answer_stays_on_record() -> None:
    first = cases.answer(a_call(CallState.RINGING), ME, NOW)
    second = cases.answer(cases.release(first, ME), OTHER, NOW + 60_000)

    assert (second.answered_at, second.holder and second.holder.id) == (NOW, OTHER.id)


@pytest.mark.parametrize("state", sorted(HELD | AFTERWARDS))
def test_a_case_and_its_follow_up_can_be_handed_over(state: CallState) -> None:
    after = cases.hand_over(a_call(state, ME), ME, OTHER, NOW)

    assert (after.holder and after.holder.id, after.state) == (OTHER.id, state)
    with pytest.raises(Conflict):
        cases.hand_over(a_call(state, OTHER), ME, ME, NOW)
    assert cases.hand_over(a_call(state, OTHER), ME, ME, NOW, any_holder=True).holder is not None


def test_nothing_is_cancelled_that_the_elder_did_not_cancel() -> None:
    with pytest.raises(Conflict) as conflict:
        cases.cancel(a_call(CallState.RINGING), ME, NOW)
    assert conflict.value.code == "cancel-not-asked"

    done = cases.cancel(cancelled_by_the_elder(a_call(CallState.RINGING)), ME, NOW)
    assert (done.state, done.outcome, done.holder and done.holder.id) == (
        CallState.CLOSED,
        Outcome.CANCELLED,
        ME.id,
    )
    with pytest.raises(Invalid):
        cases.resolve(a_call(CallState.ANSWERED, ME), ME, Outcome.CANCELLED, NOW)


@pytest.mark.parametrize("rating", [0, 6, -1])
def test_a_rating_is_one_to_five(rating: int) -> None:
    with pytest.raises(Invalid):
        cases.close(a_call(CallState.RESOLVED, ME), rating, NOW)


def test_a_merged_call_brings_its_presses_and_is_over() -> None:
    one = msgspec.structs.replace(a_call(CallState.RINGING), presses=3, pressed_at=NOW + 5)
    gone, goes_on = cases.merge(one, other_open(), ME, NOW + 9)

    assert (gone.state, gone.merged_into, gone.closed_at) == (CallState.CLOSED, "c-2", NOW + 9)
    assert (goes_on.presses, goes_on.pressed_at, goes_on.state) == (4, NOW + 5, CallState.RINGING)
    with pytest.raises(Conflict) as conflict:
        cases.reopen(gone)
    assert conflict.value.params == {"into": "c-2"}


@pytest.mark.parametrize(
    ("into", "code"),
    [
        (a_call(CallState.RINGING), "merge-itself"),
        (msgspec.structs.replace(other_open(), area=ELSEWHERE), "merge-county"),
        (msgspec.structs.replace(other_open(), drill=True), "merge-drill"),
        (a_call(CallState.RESOLVED, OTHER, "c-2"), "merge-into-closed"),
    ],
)
def test_what_cannot_be_merged_says_why(into: Call, code: str) -> None:
    with pytest.raises(HubError) as error:
        cases.merge(a_call(CallState.RINGING), into, ME, NOW)
    assert error.value.code == code


@pytest.mark.parametrize("state", sorted(ALLOWED[Deed.REOPEN]))
def test_a_reopened_case_waits_as_if_nothing_had_been_decided(state: CallState) -> None:
    over = msgspec.structs.replace(
        a_call(state, ME),
        outcome=Outcome.HELPED,
        resolved_at=NOW,
        closed_at=NOW,
        rating=5,
        cancel_asked_at=NOW,
    )
    again = cases.reopen(over)

    assert (again.state, again.holder) == (CallState.RINGING, None)
    assert (again.outcome, again.resolved_at, again.closed_at, again.rating) == (None, None, None, None)
    assert again.cancel_asked_at is None
    assert again.rev > over.rev


def test_a_test_is_not_reopened_and_open_states_are_those_that_a_press_joins() -> None:
    test = msgspec.structs.replace(a_call(CallState.CLOSED), test=True)
    with pytest.raises(Conflict):
        cases.reopen(test)
    assert ALLOWED[Deed.CANCEL] == JOINABLE
