"""Every state of a call against every deed of a person: allowed, or a clear conflict, and never anything else."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.messages import ReplyState
from hub.domain import calls, escalation
from hub.domain.calls import HELD, WAITING, Call, CallState, Holder, Outcome, reply_state
from hub.domain.errors import Conflict, Invalid
from hub.domain.people import Role, User

ME = User(
    id="u-1", username="a", name="王芳", spoken_name="王值班员", role=Role.OPERATOR, area="990421101000"
)
OTHER = msgspec.structs.replace(ME, id="u-2", name="李强")
NOW = 1_790_000_000_000


def a_call(state: CallState, holder: User | None = None) -> Call:
    held = None
    if holder is not None:
        held = Holder(id=holder.id, name=holder.name, spoken_name=holder.spoken_name, since=NOW)
    return Call(
        id="c-1",
        kind="sos",
        state=state,
        device="b-1",
        resident="r-1",
        resident_name="刘桂兰",
        area="990421101201",
        clinic="clinic-1",
        raised_at=NOW,
        holder=held,
    )


DEEDS: dict[str, Callable[[Call], Call]] = {
    "answer": lambda call: calls.answer(call, ME, NOW),
    "release": lambda call: calls.release(call, ME),
    "resolve": lambda call: calls.resolve(call, ME, Outcome.HELPED, NOW),
    "close": lambda call: calls.close(call, 5, NOW),
}
ALLOWED = {
    "answer": WAITING | HELD,  # the holder again
    "release": HELD,
    "resolve": HELD,
    "close": {CallState.RESOLVED, CallState.FEEDBACK},
}


@pytest.mark.parametrize("state", list(CallState))
@pytest.mark.parametrize("deed", list(DEEDS))
def test_each_deed_is_allowed_in_its_states_alone(state: CallState, deed: str) -> None:
    call = a_call(state, None if state in WAITING else ME)

    if state in ALLOWED[deed]:
        assert DEEDS[deed](call).id == call.id
    else:
        with pytest.raises(Conflict):
            DEEDS[deed](call)


@pytest.mark.parametrize("deed", ["answer", "release", "resolve"])
@pytest.mark.parametrize("state", sorted(HELD))
def test_a_held_call_is_worked_on_by_its_holder_alone(state: CallState, deed: str) -> None:
    with pytest.raises(Conflict) as conflict:
        DEEDS[deed](a_call(state, OTHER))

    assert conflict.value.params == {"holder": "李强"}


@given(deeds=st.lists(st.sampled_from(sorted(DEEDS)), max_size=12))
def test_whatever_people_do_a_held_call_has_a_holder_and_the_device_never_hears_an_older_truth(
    deeds: list[str],
) -> None:
    call = a_call(CallState.RINGING)
    for deed in deeds:
        try:
            after = DEEDS[deed](call)
        except Conflict:
            continue
        assert after.rev >= call.rev
        assert (reply_state(after) is reply_state(call)) or after.rev > call.rev
        assert (after.holder is not None) or after.state in WAITING
        call = after


@pytest.mark.parametrize("rating", [0, 6, -1])
def test_a_rating_is_one_to_five(rating: int) -> None:
    with pytest.raises(Invalid):
        calls.close(a_call(CallState.RESOLVED, ME), rating, NOW)


@pytest.mark.parametrize("state", list(CallState))
def test_the_elder_hears_how_far_it_is(state: CallState) -> None:
    told = reply_state(a_call(state, ME))

    assert (told is ReplyState.RECEIVED) == (state in WAITING)
    assert (told is ReplyState.CLOSED) == (state not in WAITING | HELD)


@pytest.mark.parametrize("state", list(CallState))
@pytest.mark.parametrize("step", ["county", "again", "a step of a later version"])
def test_a_due_step_rings_exactly_while_the_call_waits_and_always_arms_the_next(
    state: CallState, step: str
) -> None:
    call = msgspec.structs.replace(a_call(state, ME), rung=("center:990421101000",))

    fired = escalation.fire(step, call)

    assert bool(fired.targets) == (state in WAITING)
    assert (fired.then is not None) == (state in WAITING)
