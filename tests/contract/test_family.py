"""What the first contact hears of a call that changes hands, on both stores: in time, once, and nothing untrue."""

from __future__ import annotations

import pytest
from sqlalchemy import insert

from hub.db import tables as t
from hub.db.store import Store
from hub.domain.calls import Outcome
from hub.domain.people import User
from hub.services import handling, merging
from tests.contract.casebook import CaseBook
from tests.stores import CLINIC_STAFF, COUNTY_OPERATOR, OPERATOR, Moved

MINUTE = 60_000
SON = "sms:13900000002"


@pytest.fixture
def book(store: Store, clock: Moved) -> CaseBook:
    """An empty case book."""
    return CaseBook(store, clock)


def told(book: CaseBook, to: str = SON) -> list[str]:
    """What the contact heard of who has it, and of the end."""
    words = {"notice-call-answered": "holder", "notice-call-closed": "outcome"}
    return [
        draft.params[words[draft.message]]
        for address, draft in book.notices()
        if address == to and draft.message in words
    ]


def release(book: CaseBook, call: str, by: User) -> None:
    book.do(lambda tx, now: handling.release(tx, call, by, now))


def hand_over(book: CaseBook, call: str, by: User, to: User) -> None:
    book.do(lambda tx, now: handling.hand_over(tx, call, by, to.id, "", now))


def reopen(book: CaseBook, call: str) -> None:
    book.do(lambda tx, now: handling.reopen(tx, call, OPERATOR, "", now))


def test_a_call_given_back_and_taken_again_by_the_same_person_is_no_news(book: CaseBook) -> None:
    call = book.press()
    for _ in range(10):
        book.answer(call, OPERATOR)
        book.pass_ms(5_000)
        release(book, call, OPERATOR)
        book.pass_ms(5_000)
    book.answer(call, OPERATOR)
    book.pass_ms(3 * MINUTE)

    assert told(book) == ["王值班员"]


def test_hands_that_change_all_the_time_are_told_once_in_two_minutes_and_the_newest(book: CaseBook) -> None:
    call = book.press()
    for turn in range(40):
        book.answer(call, (OPERATOR, CLINIC_STAFF)[turn % 2])
        book.pass_ms(10_000)
        release(book, call, (OPERATOR, CLINIC_STAFF)[turn % 2])
    book.answer(call, COUNTY_OPERATOR)
    book.pass_ms(2 * MINUTE)

    assert told(book)[-1] == COUNTY_OPERATOR.spoken_name
    assert len(told(book)) <= 1 + 400_000 // (2 * MINUTE) + 1


def test_a_hand_over_is_told_within_two_minutes_and_only_how_it_ended_up(book: CaseBook) -> None:
    call = book.press()
    book.answer(call, OPERATOR)
    book.pass_ms(20_000)
    hand_over(book, call, OPERATOR, COUNTY_OPERATOR)
    book.pass_ms(20_000)
    hand_over(book, call, COUNTY_OPERATOR, CLINIC_STAFF)
    assert told(book) == ["王值班员"]
    book.pass_ms(2 * MINUTE)
    assert told(book) == ["王值班员", "陈医生"]

    hand_over(book, call, CLINIC_STAFF, OPERATOR)
    assert told(book)[2:] == [], "within two minutes of the last"
    book.pass_ms(MINUTE)
    book.do(lambda tx, now: handling.extend(tx, call, OPERATOR, now))
    book.pass_ms(2 * MINUTE)
    hand_over(book, call, OPERATOR, CLINIC_STAFF)
    assert told(book)[2:] == ["王值班员", "陈医生"][: len(told(book)) - 2]
    book.pass_ms(2 * MINUTE)
    assert told(book)[2:] == ["王值班员", "陈医生"]


def test_handed_over_and_back_is_no_news(book: CaseBook) -> None:
    call = book.press()
    book.answer(call, OPERATOR)
    hand_over(book, call, OPERATOR, COUNTY_OPERATOR)
    hand_over(book, call, COUNTY_OPERATOR, OPERATOR)
    book.pass_ms(3 * MINUTE)

    assert told(book) == ["王值班员"]


def test_who_heard_that_nobody_has_it_hears_at_once_that_somebody_does(book: CaseBook) -> None:
    call = book.press()
    book.answer(call, OPERATOR)
    release(book, call, OPERATOR)
    book.pass_ms(65_000)
    assert book.waits()[-1] == "notice-call-waits-again"
    book.answer(call, OPERATOR)

    assert told(book) == ["王值班员", "王值班员"]


def test_the_end_is_told_at_once_and_once_and_a_pending_hand_over_is_not(book: CaseBook) -> None:
    call = book.press()
    book.answer(call, OPERATOR)
    hand_over(book, call, OPERATOR, COUNTY_OPERATOR)
    book.resolve(call, COUNTY_OPERATOR)
    assert told(book) == ["王值班员", "helped"]
    book.pass_ms(10 * MINUTE)
    hand_over(book, call, COUNTY_OPERATOR, OPERATOR)
    book.pass_ms(10 * MINUTE)

    assert told(book) == ["王值班员", "helped"]
    assert book.store.read_sync(lambda read: read.next_due()) is None


def test_a_case_opened_and_closed_again_and_again_floods_nobody(book: CaseBook) -> None:
    call = book.press()
    for _ in range(10):
        book.answer(call, OPERATOR)
        book.resolve(call, OPERATOR)
        book.pass_ms(2_000)
        reopen(book, call)
        book.pass_ms(2_000)
    book.answer(call, OPERATOR)
    book.resolve(call, OPERATOR, Outcome.AMBULANCE)
    book.pass_ms(2 * MINUTE)

    assert told(book) == ["王值班员", "helped", "ambulance"]


def test_a_reopened_case_that_somebody_takes_is_told_before_two_minutes_are_over(book: CaseBook) -> None:
    call = book.press()
    book.answer(call, OPERATOR)
    book.resolve(call, OPERATOR)
    book.pass_ms(10_000)
    reopen(book, call)
    book.answer(call, OPERATOR)
    assert told(book) == ["王值班员", "helped"]
    book.pass_ms(2 * MINUTE - 10_000)

    assert told(book) == ["王值班员", "helped", "王值班员"]


def test_each_household_of_a_merged_call_hears_who_has_it_and_the_end(book: CaseBook) -> None:
    daughter = {
        "id": "k-2",
        "resident": "r-2",
        "position": 1,
        "name": "刘敏",
        "relation": "女儿",
        "phone": "13900000003",
    }
    book.do(lambda tx, _now: tx.conn.execute(insert(t.contacts), daughter) and None)
    one, other = book.press("b-1"), book.press("b-2")
    book.answer(one, COUNTY_OPERATOR)
    book.do(lambda tx, now: merging.merge(tx, other, one, COUNTY_OPERATOR, now))
    book.resolve(one, COUNTY_OPERATOR)
    heard = {to: told(book, to) for to, _ in book.notices()}

    assert len(heard) == 2
    assert set(map(tuple, heard.values())) == {(COUNTY_OPERATOR.spoken_name, "helped")}


def test_a_clock_set_back_silences_nobody(book: CaseBook) -> None:
    call = book.press()
    book.answer(call, OPERATOR)
    book.clock.move(-86_400_000)
    hand_over(book, call, OPERATOR, COUNTY_OPERATOR)

    assert told(book) == ["王值班员", COUNTY_OPERATOR.spoken_name]
