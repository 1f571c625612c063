"""What falls due in a case, on both stores: reminded, lapsed, the next asked, nobody there in time."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest
from sqlalchemy import insert

from devices.messages import PressKind, ReplyState
from hub.db import tables as t
from hub.db.store import Store
from hub.db.transaction import Tx
from hub.domain.calls import CallState
from hub.domain.errors import Conflict
from hub.domain.responders import ResponderKind, ResponderState
from hub.domain.rosters import Shift
from hub.services import escalate, handling, rostering
from hub.services.escalate import hasten
from hub.services.rostering import RosterChange
from tests.contract.casebook import CaseBook
from tests.stores import CLINIC_STAFF, COUNTY, COUNTY_OPERATOR, OPERATOR, TOWN, VILLAGE, Moved, together
from tests.web import ADMIN

MINUTE = 60_000


@pytest.fixture
def book(store: Store, clock: Moved) -> CaseBook:
    """An empty case book."""
    return CaseBook(store, clock)


def test_a_holder_who_does_nothing_is_reminded_after_four_minutes_and_loses_the_call_after_five(
    book: CaseBook,
) -> None:
    call = book.press()
    book.answer(call, OPERATOR)

    book.pass_ms(4 * MINUTE - 1)
    assert "call.reminded" not in book.types(call)
    book.pass_ms(1)
    assert book.types(call)[-1] == "call.reminded"
    assert book.told(call)[-1].to == "王芳"
    book.pass_ms(MINUTE - 1)
    assert book.call(call).state is CallState.ANSWERED
    book.pass_ms(1)

    lapsed = book.call(call)
    assert (lapsed.state, lapsed.holder) == (CallState.RINGING, None)
    assert book.types(call)[-1] == "call.lapsed"
    assert next(item for item in book.told(call) if item.type == "call.lapsed").holder == "王芳"
    assert book.told(call)[-1].type == "call.rung", "it rings again"
    assert book.replies()[-1][1].state is ReplyState.RECEIVED
    assert book.answer(call, CLINIC_STAFF).holder is not None


def test_who_heard_that_somebody_has_the_call_is_never_told_that_nobody_answered(book: CaseBook) -> None:
    call = book.press()
    book.pass_ms(2 * MINUTE)
    assert set(book.waits()) == {"notice-call-waits"}
    before = len(book.waits())
    book.answer(call, OPERATOR)
    book.pass_ms(7 * MINUTE)

    assert set(book.waits()[before:]) == {"notice-call-waits-again"}


@pytest.mark.parametrize("deed", ["extend", "note", "called_back"])
def test_any_deed_of_the_holder_gives_five_more_minutes(book: CaseBook, deed: str) -> None:
    call = book.press()
    book.answer(call, OPERATOR)
    book.pass_ms(4 * MINUTE + 30_000)
    if deed == "extend":
        book.do(lambda tx, now: handling.extend(tx, call, OPERATOR, now))
    elif deed == "note":
        book.do(lambda tx, now: handling.note(tx, call, OPERATOR, "说胸口疼", now))
    else:
        book.do(lambda tx, now: handling.called_back(tx, call, OPERATOR, "spoke", "", now))

    book.pass_ms(5 * MINUTE - 1)
    assert book.call(call).state is CallState.ANSWERED
    assert book.types(call).count("call.reminded") == 2
    book.pass_ms(1)
    assert book.call(call).state is CallState.RINGING


def test_a_click_at_the_very_moment_keeps_the_call_or_says_that_it_is_gone(book: CaseBook) -> None:
    call = book.press()
    book.answer(call, OPERATOR)
    book.pass_ms(4 * MINUTE)
    book.clock.move(MINUTE)
    [timer] = book.store.read_sync(lambda read: read.due_timers(book.clock.now(), 10))
    kept, fired = together(
        book.store,
        [
            lambda tx: handling.extend(tx, call, OPERATOR, book.clock.now()),
            lambda tx: escalate.fire(tx, timer, book.clock.now()),
        ],
    )

    now = book.call(call)
    if isinstance(kept, Conflict):
        assert (fired, now.state, now.holder) == (True, CallState.RINGING, None)
    else:
        assert (fired, now.state, now.lapses_at) == (False, CallState.ANSWERED, book.clock.now() + 5 * MINUTE)


def test_an_answer_at_the_instant_of_a_step_leaves_no_step_of_the_plan_behind(book: CaseBook) -> None:
    """It would ring a call that is given back on top of the plan that begins then."""
    call = book.press()
    for _ in range(12):
        due_at = book.store.read_sync(lambda read: read.next_due())
        assert due_at is not None
        book.clock.now_ms = max(due_at, book.clock.now_ms)
        [timer] = book.due_within(0)
        at_once: list[Callable[[Tx], object]] = [
            partial(escalate.fire, timer=timer, now=book.clock.now()),
            partial(handling.answer, call_id=call, by=OPERATOR, now=book.clock.now()),
        ]
        together(book.store, at_once)

        assert [left.step for left in book.due_within(60 * MINUTE) if not left.step.startswith("case.")] == []
        book.do(lambda tx, now: handling.release(tx, call, OPERATOR, now))


def test_what_a_colleague_writes_does_not_keep_a_call_with_a_holder_who_is_gone(book: CaseBook) -> None:
    call = book.press()
    book.answer(call, OPERATOR)
    book.pass_ms(4 * MINUTE)
    book.do(lambda tx, now: handling.note(tx, call, CLINIC_STAFF, "谁在处理？", now))
    book.pass_ms(MINUTE)

    assert book.call(call).state is CallState.RINGING


def test_nobody_accepts_and_the_next_of_the_household_is_asked_each_two_minutes(book: CaseBook) -> None:
    book.do(lambda tx, _now: tx.conn.execute(insert(t.people), DOCTOR) and None)
    book.do(lambda tx, _now: tx.conn.execute(t.residents.update().values(doctor="p-doctor")) and None)
    call = book.press()
    book.answer(call, OPERATOR)
    book.send(call, OPERATOR, "clinic-1")
    for _ in range(3):
        book.pass_ms(2 * MINUTE)
        book.do(lambda tx, now: handling.extend(tx, call, OPERATOR, now))

    asked = [(line.kind, line.state, line.by_plan) for line in book.lines(call)]
    assert asked == [
        (ResponderKind.CLINIC, ResponderState.NO_ANSWER, False),
        (ResponderKind.DOCTOR, ResponderState.NO_ANSWER, True),
        (ResponderKind.GRID_WORKER, ResponderState.NO_ANSWER, True),
        (ResponderKind.CONTACT, ResponderState.ASKED, True),
    ]
    asked_by_plan = [item for item in book.told(call) if item.type == "call.dispatched" and item.by is None]
    assert [item.responder.name for item in asked_by_plan if item.responder] == ["周建国", "孙勇", "刘洋"]
    sent_to = [address for address, draft in book.notices() if draft.message == "notice-please-go"]
    assert sent_to == ["sms:0990-5551001", "sms:13900000009", "sms:13900000001", "sms:13900000002"]
    book.pass_ms(2 * MINUTE)
    assert book.types(call)[-1] == "call.unmanned"
    assert book.call(call).state is CallState.ANSWERED, "nobody is on the way"


def test_what_the_hub_does_by_itself_keeps_no_call_with_a_holder_who_is_gone(book: CaseBook) -> None:
    call = book.press()
    book.answer(call, OPERATOR)
    book.pass_ms(MINUTE)
    book.send(call, OPERATOR, "clinic-1")
    book.pass_ms(5 * MINUTE)

    assert book.call(call).state is CallState.RINGING
    assert [line.state for line in book.lines(call)] == [
        ResponderState.NO_ANSWER,
        ResponderState.NO_ANSWER,
        ResponderState.ASKED,
    ], "and goes on asking"


def test_a_step_of_somebody_who_was_sent_is_news_that_the_holder_has_time_to_hear(book: CaseBook) -> None:
    call = book.press()
    book.answer(call, OPERATOR)
    clinic = book.send(call, OPERATOR, "clinic-1")
    book.pass_ms(MINUTE)
    book.move(clinic, CLINIC_STAFF, ResponderState.ON_THE_WAY)
    book.pass_ms(5 * MINUTE - 1)

    assert book.call(call).state is CallState.DISPATCHED


DOCTOR = {"id": "p-doctor", "kind": "doctor", "name": "周建国", "area": VILLAGE, "phone": "13900000009"}


def test_who_declines_makes_place_for_the_next_at_once_and_who_accepts_ends_the_asking(
    book: CaseBook,
) -> None:
    call = book.press()
    book.answer(call, OPERATOR)
    clinic = book.send(call, OPERATOR, "clinic-1")
    book.pass_ms(1_000)
    book.move(clinic, CLINIC_STAFF, ResponderState.DECLINED)
    worker = book.line(call, ResponderKind.GRID_WORKER)
    assert worker.by_plan
    book.move(worker, OPERATOR, ResponderState.ACCEPTED)
    book.pass_ms(4 * MINUTE)

    assert [line.kind for line in book.lines(call)] == [ResponderKind.CLINIC, ResponderKind.GRID_WORKER]
    assert book.call(call).state is CallState.DISPATCHED


def test_somebody_still_thinking_keeps_the_next_from_being_asked(book: CaseBook) -> None:
    call = book.press()
    book.answer(call, OPERATOR)
    book.send(call, OPERATOR, "clinic-1")
    book.pass_ms(MINUTE)
    book.send(call, OPERATOR, "p-grid")
    book.pass_ms(MINUTE)
    assert [line.state for line in book.lines(call)] == [ResponderState.NO_ANSWER, ResponderState.ASKED]
    book.pass_ms(MINUTE)

    assert [line.kind for line in book.lines(call)][-1] is ResponderKind.CONTACT


@pytest.mark.parametrize(
    ("kind", "conditions", "minutes"),
    [(PressKind.SOS, "", 30), (PressKind.SOS, "高血压", 15), (PressKind.FALL, "", 15)],
)
def test_nobody_on_the_scene_in_time_rings_the_county_and_again_after_as_long(
    book: CaseBook, kind: PressKind, conditions: str, minutes: int
) -> None:
    book.do(lambda tx, _now: tx.conn.execute(t.residents.update().values(conditions=conditions)) and None)
    call = book.press(kind=kind)
    book.answer(call, OPERATOR)
    clinic = book.send(call, OPERATOR, "clinic-1")
    book.move(clinic, CLINIC_STAFF, ResponderState.ON_THE_WAY)
    due_at = book.clock.now() + minutes * MINUTE
    assert book.call(call).scene_due_at == due_at

    keep_at_it(book, call, due_at - 1)
    assert "call.escalated" not in book.types(call)
    book.pass_ms(1)
    escalated = [item for item in book.told(call) if item.type == "call.escalated"]
    assert [item.targets for item in escalated] == [(f"center:{COUNTY}",)]
    keep_at_it(book, call, due_at + minutes * MINUTE)
    assert book.types(call).count("call.escalated") == 2
    book.move(clinic, CLINIC_STAFF, ResponderState.ARRIVED)
    keep_at_it(book, call, due_at + 3 * minutes * MINUTE)
    assert book.types(call).count("call.escalated") == 2


def test_whoever_leads_the_shift_hears_that_nobody_is_there(book: CaseBook) -> None:
    shift = Shift(
        name="全天",
        start="2026-01-01T00:00",
        rrule="FREQ=DAILY",
        minutes=1440,
        people=(OPERATOR.id,),
        leader=COUNTY_OPERATOR.id,
        phone="13900000009",
    )
    change = RosterChange(name="镇", shifts=(shift,))
    book.do(lambda tx, now: rostering.add_roster(tx, f"center:{TOWN}", change, ADMIN, now))
    call = book.press()
    book.answer(call, OPERATOR)
    clinic = book.send(call, OPERATOR, "clinic-1")
    book.move(clinic, CLINIC_STAFF, ResponderState.ACCEPTED)
    keep_at_it(book, call, book.clock.now() + 30 * MINUTE)

    told = [
        (to, draft.params["helper"]) for to, draft in book.notices() if draft.message == "notice-nobody-there"
    ]
    assert told == [("sms:13900000009", COUNTY_OPERATOR.name)]
    assert [item.people for item in book.told(call) if item.type == "call.escalated"] == [("leader:赵敏",)]


def keep_at_it(book: CaseBook, call: str, until: int) -> None:
    """The holder clicks every three minutes."""
    while book.clock.now() < until:
        book.do(lambda tx, now: handling.extend(tx, call, OPERATOR, now))
        book.pass_ms(min(3 * MINUTE, until - book.clock.now()))


def test_who_is_on_the_way_still_comes_when_the_desk_changes_hands(book: CaseBook) -> None:
    call = book.press()
    book.answer(call, OPERATOR)
    clinic = book.send(call, OPERATOR, "clinic-1")
    book.move(clinic, CLINIC_STAFF, ResponderState.ON_THE_WAY)
    book.pass_ms(5 * MINUTE)
    waiting = book.replies()[-1][1]
    again = book.answer(call, CLINIC_STAFF)

    assert (waiting.state, waiting.say) == (ReplyState.RECEIVED, "reply-still-coming")
    assert again.state is CallState.DISPATCHED
    assert (book.replies()[-1][1].state, book.replies()[-1][1].by) == (ReplyState.COMING, "石桥镇卫生院")


def test_no_timer_of_a_case_outlives_it(book: CaseBook) -> None:
    call = book.press()
    book.answer(call, OPERATOR)
    book.send(call, OPERATOR, "clinic-1")
    book.resolve(call, OPERATOR)

    assert book.store.read_sync(lambda read: read.next_due()) is None


def test_a_start_of_the_hub_hastens_nothing_that_is_rightly_far_ahead(book: CaseBook) -> None:
    call = book.press()
    book.answer(call, OPERATOR)
    book.send(call, OPERATOR, "clinic-1")

    assert book.do(hasten) == 0
    book.clock.move(-86_400_000)
    assert book.do(hasten) == 3
    book.pass_ms(MINUTE)
    assert book.call(call).state is CallState.DISPATCHED, "a timer that comes too early takes nothing away"
