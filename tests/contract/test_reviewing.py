"""The follow-up, on both stores: a link that works once, a device that asks, and keys that never count otherwise."""

from __future__ import annotations

from functools import partial

import pytest

from devices.messages import Ask, PressKind
from hub.db.store import Store
from hub.domain.calls import Call, CallState
from hub.domain.errors import Conflict, HubError, NotFound
from hub.domain.feedback import LINK_MS, AskBy
from hub.domain.people import User
from hub.services import entering, reviewing
from hub.services.entering import Asked, Entry
from hub.services.reviewing import LinkAsks, LinkToSend
from tests.contract.casebook import CaseBook
from tests.stores import (
    OPERATOR,
    Moved,
    together,
)

LINK = LinkToSend("hash-1", "https://hub.example/f/token-1")


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


def entered(book: CaseBook, entry: Entry, by: User = OPERATOR) -> Call:
    return book.do(lambda tx, now: entering.enter(tx, entry, by, now))


def over(book: CaseBook) -> str:
    call = held(book)
    book.resolve(call, OPERATOR)
    return call


def ask(book: CaseBook, call: str, way: AskBy) -> Call:
    return book.do(lambda tx, now: reviewing.ask(tx, call, OPERATOR, way, LINK, now))


def test_a_link_rates_once_and_never_after_its_days(book: CaseBook) -> None:
    call = over(book)
    assert ask(book, call, AskBy.LINK).state is CallState.FEEDBACK
    to, draft = book.notices()[-1]
    assert (to, draft.params["url"]) == ("sms:13900000002", LINK.url)
    refused(book, "rating-range", lambda tx, now: reviewing.rate(tx, "hash-1", 6, "", now))
    closed = book.do(lambda tx, now: reviewing.rate(tx, "hash-1", 5, "谢谢", now))

    assert (closed.state, closed.rating) == (CallState.CLOSED, 5)
    assert (book.told(call)[-1].rating, book.told(call)[-1].note, book.told(call)[-1].by) == (5, "谢谢", None)
    refused(book, "feedback-given", lambda tx, now: reviewing.rate(tx, "hash-1", 1, "", now))
    refused(book, "feedback-link-over", lambda tx, now: reviewing.rate(tx, "hash-2", 1, "", now))


def asked(book: CaseBook) -> LinkAsks:
    return book.store.read_sync(lambda read: reviewing.asked_by_link(read, "hash-1", book.clock.now()))


def test_a_link_ends_with_its_days_and_with_the_follow_up_by_telephone(book: CaseBook) -> None:
    call = over(book)
    ask(book, call, AskBy.LINK)
    book.clock.move(LINK_MS)
    with pytest.raises(NotFound, match="feedback-link-over"):
        asked(book)
    book.clock.move(-1)
    assert asked(book).until > book.clock.now()
    book.do(lambda tx, now: reviewing.close(tx, call, OPERATOR, 5, "", now))
    with pytest.raises(Conflict, match="feedback-given"):
        asked(book)
    refused(book, "feedback-given", lambda tx, now: reviewing.rate(tx, "hash-1", 1, "", now))


def test_two_hands_on_one_link_rate_once(book: CaseBook) -> None:
    call = over(book)
    ask(book, call, AskBy.LINK)
    results = together(
        book.store,
        [
            partial(lambda tx, n: reviewing.rate(tx, "hash-1", n, "", book.clock.now()), n=n)
            for n in (1, 2, 3, 4, 5)
        ],
    )
    assert [type(result) for result in results].count(Call) == 1
    assert book.types(call).count("call.closed") == 1


def test_the_device_asks_and_its_ok_key_answers(book: CaseBook) -> None:
    call = over(book)
    ask(book, call, AskBy.DEVICE)
    assert book.replies()[-1][1].ask is Ask.RATE
    told = book.pressed(kind=PressKind.OK)

    assert (told.call, book.call(call).state, book.call(call).rating) == (call, CallState.CLOSED, 5)
    assert told.replies[-1].ask is None


def test_the_call_back_key_leaves_the_case_open_for_a_telephone_call(book: CaseBook) -> None:
    call = over(book)
    ask(book, call, AskBy.DEVICE)
    book.pressed(kind=PressKind.CALLBACK)
    now = book.call(call)

    assert (now.state, now.feedback_by, now.rating) == (CallState.FEEDBACK, "call_back", None)
    assert book.replies()[-1][1].ask is None
    assert book.pressed(kind=PressKind.OK).call is None, "nobody asks any more"


@pytest.mark.parametrize("way", [None, AskBy.LINK, AskBy.CALL_BACK])
def test_ok_counts_for_nothing_while_the_device_does_not_ask(book: CaseBook, way: AskBy | None) -> None:
    call = over(book)
    if way is not None:
        ask(book, call, way)
    assert book.pressed(kind=PressKind.OK).call is None
    assert book.call(call).rating is None


def test_the_emergency_key_is_a_call_while_the_device_asks(book: CaseBook) -> None:
    call = over(book)
    ask(book, call, AskBy.DEVICE)
    newer = book.press()

    assert newer != call
    assert (book.call(call).rating, book.call(newer).state) == (None, CallState.RINGING)
    assert book.pressed(kind=PressKind.OK).call == newer, "it is said of the open call, and rates nothing"
    assert book.call(call).rating is None


def test_a_button_that_took_no_part_answers_nothing(book: CaseBook) -> None:
    call = over(book)
    ask(book, call, AskBy.DEVICE)
    assert book.pressed("b-1b", PressKind.OK).call is None
    assert book.call(call).state is CallState.FEEDBACK


def test_nobody_to_ask_is_said(book: CaseBook) -> None:
    call = entered(book, Entry(kind=Asked.TELEPHONE, resident="r-3")).id
    book.answer(call, OPERATOR)
    book.resolve(call, OPERATOR)
    refused(
        book, "feedback-no-phone", lambda tx, now: reviewing.ask(tx, call, OPERATOR, AskBy.LINK, LINK, now)
    )
    refused(
        book, "feedback-no-device", lambda tx, now: reviewing.ask(tx, call, OPERATOR, AskBy.DEVICE, LINK, now)
    )
