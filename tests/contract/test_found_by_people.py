"""What simulated people found in the way of a case, on both stores: each was a defect, and each is mended."""

from __future__ import annotations

import pytest

from hub.db.store import Store
from hub.domain.calls import CallState
from hub.domain.responders import ResponderKind, ResponderState
from hub.services import escalate, handling, merging
from tests.contract.casebook import CaseBook
from tests.stores import CLINIC_STAFF, COUNTY_OPERATOR, OPERATOR, Moved

MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000
SON = "sms:13900000002"


@pytest.fixture
def book(store: Store, clock: Moved) -> CaseBook:
    """An empty case book."""
    return CaseBook(store, clock)


def told(book: CaseBook) -> list[tuple[str, str]]:
    """What the son of b-1's household was told: the notice, and by whom the call was taken."""
    return [(d.message, d.params.get("holder", "")) for to, d in book.notices() if to == SON]


def merge(book: CaseBook, call: str, into: str) -> None:
    book.do(lambda tx, now: merging.merge(tx, call, into, COUNTY_OPERATOR, now))


def reopen(book: CaseBook, call: str) -> None:
    book.do(lambda tx, now: handling.reopen(tx, call, OPERATOR, "", now))


def test_a_household_whose_call_was_merged_hears_to_the_end_of_the_other(book: CaseBook) -> None:
    one, other = book.press("b-1"), book.press("b-2")
    merge(book, one, other)
    book.answer(other, COUNTY_OPERATOR)
    book.do(lambda tx, now: handling.release(tx, other, COUNTY_OPERATOR, now))
    book.answer(other, COUNTY_OPERATOR)
    book.resolve(other, COUNTY_OPERATOR)

    assert told(book) == [("notice-call-answered", "赵值班员"), ("notice-call-closed", "")]


def test_who_has_it_is_not_said_again_when_two_calls_of_one_holder_are_merged(book: CaseBook) -> None:
    waiting, mine, more = book.press("b-2"), book.press("b-1"), book.press("b-3")
    for call in (mine, more):
        book.answer(call, COUNTY_OPERATOR)
    merge(book, mine, waiting)
    merge(book, waiting, more)

    assert told(book) == [("notice-call-answered", "赵值班员")]


def test_family_hears_to_whom_the_call_was_handed(book: CaseBook) -> None:
    call = book.press("b-1")
    book.answer(call, OPERATOR)
    book.do(lambda tx, now: handling.hand_over(tx, call, OPERATOR, CLINIC_STAFF.id, "", now))
    book.pass_ms(2 * MINUTE)
    book.resolve(call, CLINIC_STAFF)
    book.do(lambda tx, now: handling.hand_over(tx, call, CLINIC_STAFF, OPERATOR.id, "", now))

    assert [holder for _, holder in told(book)] == ["王值班员", "陈医生", ""], "the follow-up is no news"


def test_merging_is_something_that_the_holder_did(book: CaseBook) -> None:
    one = book.press("b-1")
    book.answer(one, COUNTY_OPERATOR)
    book.pass_ms(4 * MINUTE - 1_000)
    merge(book, book.press("b-2"), one)
    book.pass_ms(4 * MINUTE - 1)

    assert "call.reminded" not in book.types(one)
    assert book.call(one).state is CallState.ANSWERED


def test_who_was_awaited_for_a_merged_call_is_awaited_no_longer_than_before(book: CaseBook) -> None:
    one, other = book.press("b-1"), book.press("b-2")
    book.answer(other, COUNTY_OPERATOR)
    book.send(other, COUNTY_OPERATOR, "clinic-2")
    due_at = book.call(other).scene_due_at
    book.clock.move(MINUTE)
    book.answer(one, COUNTY_OPERATOR)
    book.send(one, COUNTY_OPERATOR, "clinic-1")
    merge(book, other, one)

    assert book.call(one).scene_due_at == due_at
    assert due_at in {timer.due_at for timer in book.due_within(HOUR) if timer.step == "case.scene"}


def test_nobody_is_awaited_any_more_when_it_is_over(book: CaseBook) -> None:
    call = book.press("b-1")
    book.answer(call, OPERATOR)
    clinic = book.send(call, OPERATOR, "clinic-1")
    book.resolve(call, OPERATOR)
    book.move(clinic, CLINIC_STAFF, ResponderState.ON_THE_WAY)

    assert book.call(call).scene_due_at is None
    assert book.store.read_sync(lambda read: read.next_due()) is None


def test_who_was_there_before_it_was_reopened_keeps_nobody_from_being_awaited_now(book: CaseBook) -> None:
    call = book.press("b-1")
    book.answer(call, OPERATOR)
    book.move(book.send(call, OPERATOR, "clinic-1"), CLINIC_STAFF, ResponderState.ARRIVED)
    book.resolve(call, OPERATOR)
    book.clock.move(MINUTE)
    reopen(book, call)
    book.answer(call, OPERATOR)
    book.send(call, OPERATOR, "p-grid")

    assert book.call(call).scene_due_at is not None


@pytest.mark.parametrize("ahead", [20 * MINUTE, DAY], ids=["by minutes", "by a day"])
def test_a_clock_that_was_ahead_costs_a_step_of_a_case_no_more_than_the_step(
    book: CaseBook, ahead: int
) -> None:
    call = book.press("b-1")
    book.clock.move(ahead)
    book.answer(call, OPERATOR)
    book.send(call, OPERATOR, "clinic-1")
    book.clock.move(-ahead)
    book.do(escalate.hasten)
    book.pass_ms(2 * MINUTE)
    after_two = book.line(call, ResponderKind.CLINIC).state
    book.pass_ms(3 * MINUTE)

    assert after_two is ResponderState.NO_ANSWER
    assert "call.lapsed" in book.types(call)
    book.pass_ms(25 * MINUTE)
    assert "call.escalated" in book.types(call)
