"""A case that was over and is not, on both stores: who was sent is asked again, and links say what happened."""

from __future__ import annotations

import msgspec
import pytest

from hub.db.store import Store
from hub.domain.calls import CallState
from hub.domain.errors import HubError
from hub.domain.feedback import AskBy
from hub.domain.responders import ResponderKind, ResponderState
from hub.services import handling, reviewing
from hub.services.reviewing import LinkToSend
from tests.contract.casebook import CaseBook
from tests.stores import CLINIC_STAFF, OPERATOR, Moved

MINUTE = 60_000


@pytest.fixture
def book(store: Store, clock: Moved) -> CaseBook:
    """An empty case book."""
    return CaseBook(store, clock)


def resolved(book: CaseBook, *states: ResponderState) -> str:
    """A call that is over; the clinic was sent and came through `states`."""
    call = book.press()
    book.answer(call, OPERATOR)
    line = book.send(call, OPERATOR, "clinic-1")
    for state in states:
        book.move(line, CLINIC_STAFF, state)
    book.resolve(call, OPERATOR)
    book.pass_ms(MINUTE)
    return call


def reopen(book: CaseBook, call: str) -> None:
    book.do(lambda tx, now: handling.reopen(tx, call, OPERATOR, "又不舒服了", now))


def please_go(book: CaseBook) -> list[str]:
    return [to for to, draft in book.notices() if draft.message == "notice-please-go"]


@pytest.mark.parametrize(
    "states", [(), (ResponderState.ACCEPTED,), (ResponderState.ARRIVED, ResponderState.DONE)]
)
def test_who_was_sent_is_asked_again_by_the_hub(book: CaseBook, states: tuple[ResponderState, ...]) -> None:
    call = resolved(book, *states)
    before = len(please_go(book))
    reopen(book, call)

    line = book.line(call, ResponderKind.CLINIC)
    assert (line.state, line.by_plan, line.asked_at, line.arrived_at) == (
        ResponderState.ASKED,
        True,
        book.clock.now(),
        None,
    )
    assert len(please_go(book)) == before + 1
    again = [item for item in book.told(call) if item.type == "call.dispatched"][-1]
    assert (again.by, again.targets) == (None, ("clinic:clinic-1",))
    assert book.call(call).state is CallState.RINGING
    assert book.call(call).scene_due_at == book.clock.now() + 30 * MINUTE
    assert book.answer(call, OPERATOR).state is CallState.DISPATCHED


def test_nobody_accepts_again_and_the_next_is_asked_and_nobody_comes_and_it_escalates(book: CaseBook) -> None:
    call = resolved(book, ResponderState.ARRIVED, ResponderState.DONE)
    reopen(book, call)
    book.pass_ms(2 * MINUTE)
    assert [(line.kind, line.state) for line in book.lines(call)] == [
        (ResponderKind.CLINIC, ResponderState.NO_ANSWER),
        (ResponderKind.GRID_WORKER, ResponderState.ASKED),
    ]
    book.pass_ms(2 * MINUTE)
    assert book.lines(call)[-1].kind is ResponderKind.CONTACT
    book.pass_ms(26 * MINUTE)

    assert {"call.unmanned", "call.escalated"} <= set(book.types(call))


def test_who_had_declined_or_not_answered_gets_another_chance(book: CaseBook) -> None:
    call = book.press()
    book.answer(call, OPERATOR)
    clinic = book.send(call, OPERATOR, "clinic-1")
    book.move(clinic, CLINIC_STAFF, ResponderState.DECLINED)
    worker = book.line(call, ResponderKind.GRID_WORKER)
    book.move(worker, OPERATOR, ResponderState.DECLINED)
    son = book.line(call, ResponderKind.CONTACT)
    book.move(son, OPERATOR, ResponderState.DECLINED)
    assert book.types(call)[-1] == "call.unmanned"
    book.resolve(call, OPERATOR)
    book.pass_ms(MINUTE)
    reopen(book, call)
    assert book.line(call, ResponderKind.CLINIC).state is ResponderState.ASKED
    book.pass_ms(2 * MINUTE)

    assert book.line(call, ResponderKind.GRID_WORKER).state is ResponderState.ASKED


def test_a_number_that_a_person_dialled_is_dialled_by_a_person_again(book: CaseBook) -> None:
    call = book.press()
    book.answer(call, OPERATOR)
    book.send(call, OPERATOR, "120")
    book.resolve(call, OPERATOR)
    book.pass_ms(MINUTE)
    reopen(book, call)
    assert [line.state for line in book.lines(call)] == [ResponderState.DONE]
    assert book.answer(call, OPERATOR).state is CallState.ANSWERED


def test_a_case_for_which_nobody_was_sent_rings_and_asks_nobody(book: CaseBook) -> None:
    call = book.press()
    book.answer(call, OPERATOR)
    book.resolve(call, OPERATOR)
    reopen(book, call)

    assert (book.lines(call), book.call(call).state) == ([], CallState.RINGING)


# links


def ask(book: CaseBook, call: str, token: str) -> None:
    link = LinkToSend(token, f"https://hub.example/f/{token}")
    book.do(lambda tx, now: reviewing.ask(tx, call, OPERATOR, AskBy.LINK, link, now))


def rate(book: CaseBook, token: str) -> str:
    """What comes of following the link: the state of the call, or the code of the refusal."""
    try:
        book.store.read_sync(lambda read: reviewing.asked_by_link(read, token, book.clock.now()))
        return book.do(lambda tx, now: reviewing.rate(tx, token, 5, "", now)).state.value
    except HubError as error:
        return error.code


def test_a_link_of_before_the_reopening_says_so_and_the_fresh_one_rates(book: CaseBook) -> None:
    call = resolved(book, ResponderState.ARRIVED)
    ask(book, call, "old")
    reopen(book, call)
    assert rate(book, "old") == "feedback-reopened"
    book.answer(call, OPERATOR)
    book.resolve(call, OPERATOR)
    assert rate(book, "old") == "feedback-reopened"
    ask(book, call, "fresh")

    assert rate(book, "old") == "feedback-reopened"
    assert rate(book, "fresh") == "closed"
    assert rate(book, "fresh") == "feedback-given"


def test_a_case_that_was_rated_and_reopened_is_rated_anew(book: CaseBook) -> None:
    call = resolved(book)
    ask(book, call, "old")
    assert rate(book, "old") == "closed"
    reopen(book, call)
    assert (book.call(call).rating, rate(book, "old")) == (None, "feedback-given-reopened")
    book.answer(call, OPERATOR)
    book.resolve(call, OPERATOR)
    ask(book, call, "fresh")

    assert rate(book, "old") == "feedback-given-reopened"
    assert rate(book, "fresh") == "closed"


def test_a_newer_link_ends_the_older_and_says_so(book: CaseBook) -> None:
    call = resolved(book)
    ask(book, call, "first")
    ask(book, call, "second")

    assert (rate(book, "first"), rate(book, "second")) == ("feedback-newer", "closed")


def test_a_link_of_a_case_closed_without_a_rating_does_not_say_that_it_was_rated(book: CaseBook) -> None:
    call = resolved(book)
    ask(book, call, "link")
    book.do(lambda tx, now: reviewing.close(tx, call, OPERATOR, None, "", now))

    assert rate(book, "link") == "feedback-closed"


def test_a_call_reopened_in_the_instant_in_which_another_began_is_not_written(book: CaseBook) -> None:
    """As two hubs would: this one looked before the press came."""
    over = book.call(resolved(book))
    again = book.press()
    begun_anew = msgspec.structs.replace(over, state=CallState.RINGING, rev=over.rev + 1, resolved_at=None)

    assert book.store.run_sync(lambda tx: tx.calls.swap(over, begun_anew)) is False
    assert (book.call(over.id), book.call(again).state) == (over, CallState.RINGING)
