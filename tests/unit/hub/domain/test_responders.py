"""Who is sent: what each may do next, who comes, who is asked when nobody does."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.domain import responders
from hub.domain.calls import CallState
from hub.domain.errors import Conflict
from hub.domain.residents import Contact
from hub.domain.responders import (
    REACHED_FROM,
    SCENE_MS,
    SCENE_RED_MS,
    Responder,
    ResponderKind,
    ResponderState,
)
from tests.unit.hub.domain.acall import NOW, a_call, sent

S = ResponderState


@pytest.mark.parametrize("state", list(S))
@pytest.mark.parametrize("to", list(S))
def test_each_step_follows_from_its_own_states_and_has_its_time(state: S, to: S) -> None:
    line = sent(state)
    if state is to:
        assert responders.move(line, to, NOW) is line
    elif state in REACHED_FROM.get(to, ()):
        moved = responders.move(line, to, NOW + 7)
        assert (moved.state, getattr(moved, f"{to.value}_at")) == (to, NOW + 7)
    else:
        with pytest.raises(Conflict) as conflict:
            responders.move(line, to, NOW)
        assert conflict.value.params == {"state": state.value, "name": line.name}


def test_nobody_goes_back_to_asked_but_by_being_asked() -> None:
    assert S.ASKED not in REACHED_FROM
    declined = responders.move(sent(S.ASKED), S.DECLINED, NOW + 1)
    again = responders.ask(declined, NOW + 2)
    assert (again.state, again.asked_at, again.declined_at) == (S.ASKED, NOW + 2, None)


def test_a_number_that_was_dialled_has_accepted() -> None:
    line = sent(S.ASKED, ResponderKind.EMERGENCY, "120")
    assert (responders.ask(line, NOW).state, responders.ask(line, NOW).accepted_at) == (S.ACCEPTED, NOW)


@given(states=st.lists(st.sampled_from(list(S)), max_size=6))
def test_who_comes_has_accepted_and_is_the_nearest(states: list[S]) -> None:
    lines = [sent(state, to=f"x-{n}", asked_at=NOW + n) for n, state in enumerate(states)]
    coming = responders.who_comes(lines)

    accepted = [line for line in lines if line.state in responders.COMING]
    assert (coming is None) == (not accepted)
    if coming is not None:
        assert coming.state == next(state for state in responders.COMING if state in states)
        assert coming.asked_at == min(line.asked_at for line in accepted if line.state is coming.state)
        assert not responders.is_wanted(lines)


HOUSEHOLD = [
    Contact(id="k-1", kind="contact", name="刘洋", relation="儿子", phone="13900000002"),
    Contact(id="k-2", kind="contact", name="刘梅", relation="", phone="13900000003"),
    Contact(id="p-2", kind="grid_worker", name="孙勇", relation="", phone="13900000001"),
    Contact(id="p-1", kind="doctor", name="周医生", relation="", phone=""),
    Contact(id="clinic-1", kind="clinic", name="石桥镇卫生院", relation="", phone=""),
]


def line_of(one: Contact) -> Responder:
    return sent(S.NO_ANSWER, ResponderKind(one.kind), one.id)


def test_the_household_is_asked_clinic_first_then_helpers_then_family_and_nobody_twice() -> None:
    asked: list[Contact] = []
    while (following := responders.next_to_ask(HOUSEHOLD, [line_of(one) for one in asked])) is not None:
        asked.append(following)

    assert [one.id for one in asked] == ["clinic-1", "p-2", "k-1", "k-2"], (
        "a doctor without a telephone is no help"
    )


@pytest.mark.parametrize(
    ("helper", "heard"),
    [
        (HOUSEHOLD[0], "儿子"),
        (HOUSEHOLD[1], "刘梅"),
        (HOUSEHOLD[2], "spoken-grid-worker"),
        (HOUSEHOLD[4], "石桥镇卫生院"),
        (Contact(id="120", kind="emergency", name="120", relation="", phone="120"), "spoken-120"),
    ],
)
def test_the_elder_hears_what_somebody_is_to_them(helper: Contact, heard: str) -> None:
    assert responders.spoken(helper) == heard


def test_a_fall_and_the_emergency_of_somebody_ill_are_red() -> None:
    call = a_call(CallState.RINGING)
    assert responders.scene_ms(call, "") == SCENE_MS
    assert responders.scene_ms(call, "  ") == SCENE_MS
    assert responders.scene_ms(call, "高血压") == SCENE_RED_MS
    assert responders.scene_ms(msgspec.structs.replace(call, kind="fall"), "") == SCENE_RED_MS
