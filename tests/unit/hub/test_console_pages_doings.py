"""Which buttons a card has: for whom, in which state; and what can be said of whoever was sent."""

from typing import Any

import msgspec
import pytest

from hub.console.pages.doings import Doings, doings, helpers, numbers
from hub.domain.calls import Call, CallState, Holder
from hub.domain.people import Role, User
from hub.domain.residents import Contact
from hub.domain.responders import Responder, ResponderKind, ResponderState

TOWN, COUNTY = "990421101000", "990421000000"
MINE = User(id="u-1", username="a", name="王芳", spoken_name="王", role=Role.OPERATOR, area=TOWN)
COLLEAGUE = User(id="u-2", username="b", name="李强", spoken_name="李", role=Role.OPERATOR, area=TOWN)
LEADER = User(id="u-3", username="c", name="赵敏", spoken_name="赵", role=Role.OPERATOR, area=COUNTY)
CLINIC = User(
    id="u-4", username="d", name="何医生", spoken_name="何", role=Role.CLINIC, area=TOWN, clinic="clinic-1"
)
ADMIN = User(id="u-5", username="e", name="吴磊", spoken_name="吴", role=Role.COUNTY_ADMIN, area=COUNTY)
HOUSEHOLD = (
    Contact(id="k-1", kind="contact", name="孙勇", relation="儿子", phone="139"),
    Contact(id="p-1", kind="grid_worker", name="罗小满", relation="", phone="138"),
    Contact(id="clinic-1", kind="clinic", name="卫生院", relation="", phone=""),
    Contact(id="center-1", kind="center", name="综治中心", relation="", phone="110"),
)


def call(state: CallState, *, by: User | None = None, **changes: Any) -> Call:
    holder = None if by is None else Holder(id=by.id, name=by.name, spoken_name=by.spoken_name, since=0)
    made = Call(
        id="c-1",
        kind="sos",
        state=state,
        device="b-1",
        resident="r-1",
        resident_name="刘桂兰",
        area="990421101201",
        clinic="clinic-1",
        raised_at=0,
        holder=holder,
    )
    return msgspec.structs.replace(made, **changes)


def line(kind: ResponderKind, to: str, state: ResponderState) -> Responder:
    return Responder(
        id=f"x-{to}", call="c-1", kind=kind, to=to, name=to, phone="", spoken=to, state=state, asked_at=5
    )


def named(can: Doings) -> set[str]:
    return {name for name in Doings.__struct_fields__ if getattr(can, name)}


@pytest.mark.parametrize(
    ("state", "user", "can"),
    [
        (CallState.RINGING, COLLEAGUE, {"answer", "merge", "note", "write"}),
        (
            CallState.ANSWERED,
            MINE,
            {"resolve", "release", "hand_over", "extend", "dispatch", "merge", "note", "write"},
        ),
        (CallState.ANSWERED, COLLEAGUE, {"note", "write"}),
        (CallState.DISPATCHED, LEADER, {"hand_over", "note", "write"}),
        (CallState.ANSWERED, ADMIN, set()),
        (CallState.RESOLVED, MINE, {"hand_over", "follow_up", "reopen", "note", "write"}),
        (CallState.RESOLVED, COLLEAGUE, {"reopen", "note", "write"}),
        (CallState.CLOSED, COLLEAGUE, {"reopen"}),
    ],
)
def test_each_has_the_buttons_that_do_something(state: CallState, user: User, can: set[str]) -> None:
    holder = None if state is CallState.RINGING else MINE
    assert named(doings(call(state, by=holder), user)) == can


def test_a_cancel_can_be_confirmed_once_the_elder_asked() -> None:
    asked = call(CallState.RINGING, cancel_asked_at=1)
    assert doings(asked, COLLEAGUE).cancel
    assert not doings(call(CallState.ANSWERED, by=MINE, cancel_asked_at=1), COLLEAGUE).cancel


def test_a_merged_call_is_not_reopened() -> None:
    assert not doings(call(CallState.CLOSED, merged_into="c-2"), MINE).reopen


def test_the_household_stands_in_the_order_in_which_it_is_asked_and_only_who_can_go_is_sent() -> None:
    shown = helpers(call(CallState.ANSWERED, by=MINE), HOUSEHOLD, (), MINE)
    assert [(one.to, one.send) for one in shown] == [
        ("clinic:clinic-1", True),
        ("person:p-1", True),
        ("contact:k-1", True),
        ("person:center-1", False),
    ]
    assert not any(one.send for one in helpers(call(CallState.ANSWERED, by=MINE), HOUSEHOLD, (), COLLEAGUE))


def test_who_was_sent_has_the_next_steps_and_who_did_not_answer_can_be_asked_again() -> None:
    sent = (
        line(ResponderKind.CLINIC, "clinic-1", ResponderState.ON_THE_WAY),
        line(ResponderKind.CONTACT, "k-1", ResponderState.NO_ANSWER),
        line(ResponderKind.EMERGENCY, "120", ResponderState.ACCEPTED),
        line(ResponderKind.GRID_WORKER, "p-9", ResponderState.DONE),
    )
    held = call(CallState.DISPATCHED, by=MINE)
    shown = {one.to: one for one in helpers(held, HOUSEHOLD, sent, MINE)}
    assert (shown["clinic:clinic-1"].steps, shown["clinic:clinic-1"].send) == (("arrived", "decline"), False)
    assert shown["contact:k-1"].send
    assert (shown["person:p-9"].steps, shown["person:p-9"].send) == ((), False), "of no household of theirs"
    assert list(numbers(held, sent, MINE)) == ["120"]
    assert numbers(held, sent, MINE)["120"].steps == ("on-the-way", "arrived", "decline")


def test_a_clinic_tells_of_itself_and_of_nobody_else() -> None:
    sent = (
        line(ResponderKind.CLINIC, "clinic-1", ResponderState.ASKED),
        line(ResponderKind.GRID_WORKER, "p-1", ResponderState.ASKED),
    )
    shown = {one.to: one for one in helpers(call(CallState.DISPATCHED, by=MINE), HOUSEHOLD, sent, CLINIC)}
    assert (shown["clinic:clinic-1"].ours, len(shown["clinic:clinic-1"].steps)) == (True, 3)
    assert (shown["person:p-1"].ours, shown["person:p-1"].steps) == (False, ())


def test_after_the_end_nothing_more_is_told_of_those_who_were_sent() -> None:
    sent = (line(ResponderKind.CLINIC, "clinic-1", ResponderState.ARRIVED),)
    (first, *_) = helpers(call(CallState.RESOLVED, by=MINE), HOUSEHOLD, sent, MINE)
    assert (first.steps, first.send) == ((), False)
