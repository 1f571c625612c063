"""From the press to the rating, on both stores: who is sent, handed over, cancelled, reopened."""

from __future__ import annotations

from functools import partial

import pytest

from devices.messages import PressKind, ReplyState
from hub.db import tables as t
from hub.db.store import Store
from hub.db.transaction import Tx
from hub.domain.calls import Call, CallState, Outcome
from hub.domain.errors import Conflict, Denied, HubError, NotFound
from hub.domain.responders import ResponderKind, ResponderState
from hub.services import dispatching, handling, reviewing
from hub.services.dispatching import Dial, Sending
from tests.contract.casebook import CaseBook
from tests.stores import (
    CLINIC_STAFF,
    COUNTY_OPERATOR,
    OPERATOR,
    OTHER_OPERATOR,
    VILLAGE_ADMIN,
    Moved,
    together,
)


@pytest.fixture
def book(store: Store, clock: Moved) -> CaseBook:
    """An empty case book."""
    return CaseBook(store, clock)


def held(book: CaseBook) -> str:
    """A call that OPERATOR has."""
    call = book.press()
    book.answer(call, OPERATOR)
    return call


def refused(book: CaseBook, code: str, *commands: object) -> None:
    for command in commands:
        with pytest.raises(HubError) as error:
            book.do(command)  # type: ignore[arg-type]
        assert error.value.code == code


def test_the_elder_hears_each_step_and_who_comes(book: CaseBook) -> None:
    call = held(book)
    clinic = book.send(call, OPERATOR, "clinic-1")
    assert book.replies()[-1][1].state is ReplyState.ANSWERED, "asked is not coming"
    for state in (ResponderState.ACCEPTED, ResponderState.ON_THE_WAY, ResponderState.ARRIVED):
        book.clock.move(1_000)
        book.move(clinic, CLINIC_STAFF, state)
    book.move(clinic, CLINIC_STAFF, ResponderState.DONE)
    assert book.call(call).state is CallState.ON_SCENE
    book.resolve(call, OPERATOR)
    book.do(lambda tx, now: reviewing.close(tx, call, OPERATOR, 5, "很快", now))

    heard = [(reply.state, reply.by) for _, reply in book.replies()]
    assert heard == [
        (ReplyState.RECEIVED, ""),
        (ReplyState.ANSWERED, "王值班员"),
        (ReplyState.COMING, "石桥镇卫生院"),
        (ReplyState.CLOSED, "王值班员"),
    ]
    revs = [reply.rev for _, reply in book.replies()]
    assert revs == sorted(set(revs))
    [line] = book.lines(call)
    assert None not in (line.accepted_at, line.on_the_way_at, line.arrived_at, line.done_at)
    assert book.types(call) == [
        "call.raised", "call.answered", "call.dispatched", *["call.responder"] * 4, "call.resolved", "call.closed",
    ]  # fmt: skip


def test_family_hears_who_has_the_call_and_that_it_is_over(book: CaseBook) -> None:
    call = held(book)
    assert [(to, draft.message, draft.params["holder"]) for to, draft in book.notices()] == [
        ("sms:13900000002", "notice-call-answered", "王值班员")
    ]
    book.resolve(call, OPERATOR, Outcome.AMBULANCE)
    to, draft = book.notices()[-1]
    assert (to, draft.message, draft.params["outcome"]) == (
        "sms:13900000002",
        "notice-call-closed",
        "ambulance",
    )


@pytest.mark.parametrize(
    ("to", "kind", "by"),
    [
        ("clinic-1", ResponderKind.CLINIC, "石桥镇卫生院"),
        ("p-grid", ResponderKind.GRID_WORKER, "spoken-grid-worker"),
        ("person:p-grid", ResponderKind.GRID_WORKER, "spoken-grid-worker"),
        ("k-1", ResponderKind.CONTACT, "儿子"),
        ("contact:k-1", ResponderKind.CONTACT, "儿子"),
        ("clinic:clinic-2", ResponderKind.CLINIC, "柳林镇卫生院"),
        ("120", ResponderKind.EMERGENCY, "spoken-120"),
    ],
)
def test_everybody_on_the_card_can_be_sent_and_the_numbers(
    book: CaseBook, to: str, kind: ResponderKind, by: str
) -> None:
    call = held(book)
    book.do(lambda tx, now: dispatching.dispatch(tx, call, OPERATOR, Sending(to=to, note="快"), now))
    line = book.line(call, kind)
    if kind is not ResponderKind.EMERGENCY:  # a number has been dialled, and so has accepted
        book.move(line, OPERATOR, ResponderState.ACCEPTED)

    assert (book.replies()[-1][1].state, book.replies()[-1][1].by) == (ReplyState.COMING, by)
    assert book.call(call).state is CallState.DISPATCHED
    assert book.told(call)[-1 if kind is ResponderKind.EMERGENCY else -2].note == "快"


@pytest.mark.parametrize("to", ["", "nobody", "12345", "k-99", "person:clinic-1", "u-op", "clinic:", "x:y"])
def test_nobody_to_send_is_said_and_changes_nothing(book: CaseBook, to: str) -> None:
    call = held(book)
    before = book.types(call)
    refused(
        book,
        "dispatch-nobody",
        lambda tx, now: dispatching.dispatch(tx, call, OPERATOR, Sending(to=to), now),
    )
    assert (book.lines(call), book.types(call)) == ([], before)


def test_a_contact_of_another_household_cannot_be_sent(book: CaseBook) -> None:
    call = book.press("b-2")
    book.answer(call, OTHER_OPERATOR)
    refused(
        book,
        "dispatch-nobody",
        lambda tx, now: dispatching.dispatch(tx, call, OTHER_OPERATOR, Sending(to="k-1"), now),
    )


def test_only_the_holder_sends_and_nobody_is_asked_twice_at_once(book: CaseBook) -> None:
    call = book.press()
    send = Sending(to="clinic-1")
    refused(book, "call-wrong-state", lambda tx, now: dispatching.dispatch(tx, call, OPERATOR, send, now))
    book.answer(call, OPERATOR)
    refused(book, "call-held", lambda tx, now: dispatching.dispatch(tx, call, CLINIC_STAFF, send, now))
    clinic = book.send(call, OPERATOR, "clinic-1")
    refused(book, "responder-asked", lambda tx, now: dispatching.dispatch(tx, call, OPERATOR, send, now))
    book.move(clinic, CLINIC_STAFF, ResponderState.DECLINED)
    book.clock.move(60_000)
    again = book.send(call, OPERATOR, "clinic-1")
    assert (again.id, again.state, again.declined_at) == (clinic.id, ResponderState.ASKED, None)


def test_a_clinic_records_its_own_steps_alone(book: CaseBook) -> None:
    call = held(book)
    worker = book.send(call, OPERATOR, "p-grid")
    clinic = book.send(call, OPERATOR, "clinic-1")
    with pytest.raises(Denied):
        book.move(worker, CLINIC_STAFF, ResponderState.ACCEPTED)
    assert book.move(clinic, CLINIC_STAFF, ResponderState.ACCEPTED).state is CallState.DISPATCHED
    assert book.move(worker, COUNTY_OPERATOR, ResponderState.ACCEPTED).id == call
    refused(
        book,
        "responder-unknown",
        lambda tx, now: dispatching.move(tx, call, "q-none", OPERATOR, ResponderState.DONE, now),
    )
    refused(
        book,
        "responder-wrong-state",
        lambda tx, now: dispatching.move(tx, call, clinic.id, OPERATOR, ResponderState.DONE, now),
    )


def test_a_number_dialled_while_it_waits_is_on_its_way_and_dialled_again_keeps_one_line(
    book: CaseBook,
) -> None:
    call = book.press()
    for minutes in (10, 5):
        dial = Dial(number="120", promised_at=book.clock.now() + minutes * 60_000)
        book.do(lambda tx, now, dial=dial: dispatching.dialled(tx, call, OPERATOR, dial, now))  # type: ignore[misc]
    line = book.line(call, ResponderKind.EMERGENCY)

    assert (line.state, line.promised_at) == (ResponderState.ACCEPTED, book.clock.now() + 300_000)
    assert book.call(call).state is CallState.RINGING, "somebody must take it all the same"
    assert book.answer(call, OPERATOR).state is CallState.DISPATCHED


def test_responders_that_answer_together_leave_one_truth(book: CaseBook) -> None:
    call = held(book)
    lines = [book.send(call, OPERATOR, to) for to in ("clinic-1", "p-grid", "k-1")]

    def decline(tx: Tx, line_id: str) -> Call:
        return dispatching.move(tx, call, line_id, OPERATOR, ResponderState.DECLINED, book.clock.now())

    together(book.store, [partial(decline, line_id=line.id) for line in lines])

    assert {line.state for line in book.lines(call)} == {ResponderState.DECLINED}
    assert book.call(call).state is CallState.ANSWERED
    assert book.types(call).count("call.unmanned") == 1


def test_a_case_is_handed_over_with_its_follow_up(book: CaseBook) -> None:
    call = held(book)
    over = book.do(lambda tx, now: handling.hand_over(tx, call, OPERATOR, CLINIC_STAFF.id, "换班", now))
    assert (over.holder and over.holder.name, book.replies()[-1][1].by) == ("陈静", "陈医生")
    assert (book.told(call)[-1].type, book.told(call)[-1].to) == ("call.handed_over", "陈静")
    refused(
        book,
        "call-held",
        lambda tx, now: handling.resolve(tx, call, OPERATOR, Outcome.HELPED, "", now),
    )
    book.resolve(call, CLINIC_STAFF)
    refused(book, "call-held", lambda tx, now: reviewing.close(tx, call, OPERATOR, 5, "", now))
    book.do(lambda tx, now: handling.hand_over(tx, call, COUNTY_OPERATOR, OPERATOR.id, "", now))
    closed = book.do(lambda tx, now: reviewing.close(tx, call, OPERATOR, 4, "", now))
    assert closed.rating == 4


def test_a_case_handed_over_twice_at_once_goes_to_one_and_is_resolved_by_that_one(book: CaseBook) -> None:
    call = held(book)

    def give(tx: Tx, to: str) -> Call:
        return handling.hand_over(tx, call, OPERATOR, to, "", book.clock.now())

    results = together(
        book.store,
        [partial(give, to=to) for to in (CLINIC_STAFF.id, COUNTY_OPERATOR.id)]
        + [lambda tx: handling.resolve(tx, call, OPERATOR, Outcome.HELPED, "", book.clock.now())],
    )

    over = [result for result in results[:2] if isinstance(result, Call)]
    now, told = book.call(call), book.types(call)
    assert told.count("call.handed_over") == len(over)
    assert len(over) <= 1
    assert all(
        result.code in ("call-held", "call-wrong-state") for result in results if isinstance(result, Conflict)
    )
    assert (now.state is CallState.RESOLVED) == isinstance(results[2], Call)
    assert now.holder is not None
    assert now.holder.id == (OPERATOR.id if not over else over[0].holder and over[0].holder.id)


@pytest.mark.parametrize("to", ["u-none", VILLAGE_ADMIN.id, OTHER_OPERATOR.id, ""])
def test_a_case_goes_to_nobody_who_could_not_take_it(book: CaseBook, to: str) -> None:
    call = held(book)
    refused(book, "handover-nobody", lambda tx, now: handling.hand_over(tx, call, OPERATOR, to, "", now))


def test_the_follow_up_of_somebody_who_is_gone_is_anybodys(book: CaseBook) -> None:
    call = held(book)
    book.resolve(call, OPERATOR)
    book.do(lambda tx, _now: tx.conn.execute(t.users.update().values(disabled_at=1)) and None)
    closed = book.do(lambda tx, now: reviewing.close(tx, call, COUNTY_OPERATOR, None, "", now))
    assert closed.state is CallState.CLOSED


def test_a_cancel_counts_once_a_person_has_asked(book: CaseBook) -> None:
    call = book.press()
    refused(book, "cancel-not-asked", lambda tx, now: handling.confirm_cancel(tx, call, OPERATOR, "", now))
    book.press(kind=PressKind.CANCEL)
    assert book.call(call).state is CallState.RINGING
    done = book.do(lambda tx, now: handling.confirm_cancel(tx, call, OPERATOR, "说不用了", now))

    assert (done.state, done.outcome, done.holder and done.holder.id) == (
        CallState.CLOSED,
        Outcome.CANCELLED,
        OPERATOR.id,
    )
    reply = book.replies()[-1][1]
    assert (reply.state, reply.say) == (ReplyState.CLOSED, "reply-cancelled")
    assert book.store.read_sync(lambda read: read.next_due()) is None
    assert book.press() != call


def test_a_reopened_case_rings_and_takes_presses_again(book: CaseBook) -> None:
    call = held(book)
    book.resolve(call, OPERATOR)
    again = book.do(lambda tx, now: handling.reopen(tx, call, CLINIC_STAFF, "又不舒服了", now))

    assert (again.state, again.holder, bool(again.rung)) == (CallState.RINGING, None, True)
    assert book.replies()[-1][1].state is ReplyState.RECEIVED
    assert book.press() == call
    assert book.told(call)[-2].press is None
    assert book.answer(call, CLINIC_STAFF).state is CallState.ANSWERED


def test_a_case_is_not_reopened_beside_a_newer_call_of_its_household(book: CaseBook) -> None:
    call = held(book)
    book.resolve(call, OPERATOR)
    newer = book.press()
    with pytest.raises(Conflict) as conflict:
        book.do(lambda tx, now: handling.reopen(tx, call, OPERATOR, "", now))
    assert (conflict.value.code, conflict.value.params) == ("reopen-newer", {"call": newer})


def test_who_was_there_before_a_case_was_reopened_is_not_there_now(book: CaseBook) -> None:
    call = held(book)
    clinic = book.send(call, OPERATOR, "clinic-1")
    book.move(clinic, CLINIC_STAFF, ResponderState.ARRIVED)
    book.resolve(call, OPERATOR)
    book.do(lambda tx, now: handling.reopen(tx, call, OPERATOR, "", now))

    assert book.answer(call, OPERATOR).state is CallState.DISPATCHED, "asked again, and not there"
    assert book.replies()[-1][1].state is ReplyState.ANSWERED


def test_a_person_of_another_town_may_do_nothing(book: CaseBook) -> None:
    call = held(book)
    with pytest.raises(NotFound):
        book.do(lambda tx, now: handling.reopen(tx, call, OTHER_OPERATOR, "", now))
