"""What was over, merged or written by a wrong clock leaves nobody waiting in silence, on both stores."""

from __future__ import annotations

import pytest

from devices.messages import PressKind
from hub.db.store import Store
from hub.domain.calls import CallState
from hub.domain.feedback import AskBy
from hub.domain.responders import ResponderKind, ResponderState
from hub.services import escalate, handling, merging, reviewing
from hub.services.reviewing import LinkToSend
from tests.contract.casebook import CaseBook
from tests.stores import CLINIC_STAFF, COUNTY_OPERATOR, OPERATOR, Moved

MINUTE = 60_000
LINK = LinkToSend("hash-1", "https://hub.example/f/token-1")


@pytest.fixture
def book(store: Store, clock: Moved) -> CaseBook:
    """An empty case book."""
    return CaseBook(store, clock)


def test_who_was_there_before_the_reopening_does_not_keep_the_county_silent(book: CaseBook) -> None:
    call = book.press()
    book.answer(call, OPERATOR)
    book.move(book.send(call, OPERATOR, "clinic-1"), CLINIC_STAFF, ResponderState.ARRIVED)
    book.resolve(call, OPERATOR)
    book.pass_ms(MINUTE)
    book.do(lambda tx, now: handling.reopen(tx, call, OPERATOR, "", now))
    book.answer(call, OPERATOR)
    book.send(call, OPERATOR, "120")

    book.pass_ms(30 * MINUTE)

    assert "call.escalated" in book.types(call)


def test_a_step_after_the_end_leaves_no_time_running(book: CaseBook) -> None:
    call = book.press()
    book.answer(call, OPERATOR)
    line = book.send(call, OPERATOR, "clinic-1")
    book.move(line, CLINIC_STAFF, ResponderState.ACCEPTED)
    book.resolve(call, OPERATOR)
    book.move(line, CLINIC_STAFF, ResponderState.ON_THE_WAY)

    assert book.call(call).scene_due_at is None
    assert book.store.read_sync(lambda read: read.next_due()) is None


def test_the_device_of_a_merged_call_answers_what_it_is_asked(book: CaseBook) -> None:
    one, other = book.press("b-1"), book.press("b-2")
    book.do(lambda tx, now: merging.merge(tx, other, one, COUNTY_OPERATOR, now))
    book.answer(one, OPERATOR)
    book.resolve(one, OPERATOR)
    book.do(lambda tx, now: reviewing.ask(tx, one, OPERATOR, AskBy.DEVICE, LINK, now))

    book.pressed("b-2", PressKind.OK)

    assert book.call(one).state is CallState.CLOSED


@pytest.mark.parametrize("hours", [1, 24])
def test_a_clock_set_back_keeps_neither_holder_nor_responder_for_as_long(book: CaseBook, hours: int) -> None:
    call = book.press()
    book.answer(call, OPERATOR)
    book.send(call, OPERATOR, "clinic-1")
    book.clock.move(-hours * 60 * MINUTE)
    book.do(escalate.hasten)

    book.pass_ms(6 * MINUTE)

    assert {"call.lapsed", "call.escalated"} <= set(book.types(call))
    assert book.line(call, ResponderKind.CLINIC).state is ResponderState.NO_ANSWER
