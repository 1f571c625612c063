"""Two calls that are one emergency, on both stores: everything follows, and nothing is in two places."""

from __future__ import annotations

from functools import partial

import pytest

from devices.messages import ReplyState
from hub.db.store import Store, open_store
from hub.db.transaction import Tx
from hub.domain.calls import Call, CallState
from hub.domain.errors import HubError, Invalid
from hub.domain.people import User
from hub.domain.responders import ResponderKind, ResponderState
from hub.services import handling, merging
from hub.services.replying import tell_again
from tests.contract.casebook import CaseBook
from tests.stores import CLINIC_STAFF, COUNTY_OPERATOR, OPERATOR, OTHER_OPERATOR, Moved, together


@pytest.fixture
def book(store: Store, clock: Moved) -> CaseBook:
    """An empty case book."""
    return CaseBook(store, clock)


def merge(book: CaseBook, call: str, into: str, by: User = COUNTY_OPERATOR) -> Call:
    return book.do(lambda tx, now: merging.merge(tx, call, into, by, now))


def test_presses_devices_and_whoever_was_sent_follow(book: CaseBook) -> None:
    one, other = book.press("b-1"), book.press("b-2")
    book.answer(one, OPERATOR)
    book.answer(other, COUNTY_OPERATOR)
    book.send(other, COUNTY_OPERATOR, "clinic-2")
    book.clock.move(1_000)
    whole = merge(book, other, one)

    assert (whole.id, whole.presses, whole.state) == (one, 2, CallState.DISPATCHED)
    gone = book.call(other)
    assert (gone.state, gone.merged_into) == (CallState.CLOSED, one)
    assert (book.types(other)[-1], book.told(other)[-1].other) == ("call.merged", one)
    assert [item.other for item in book.told(one) if item.type == "call.absorbed"] == [other]
    heard = [(reply.call, reply.state, reply.say) for device, reply in book.replies() if device == "b-2"][-2:]
    assert heard == [(other, ReplyState.CLOSED, "reply-merged"), (one, ReplyState.ANSWERED, "reply-answered")]
    assert book.press("b-2") == one, "the other household's next press joins too"
    book.move(book.line(one, ResponderKind.CLINIC), OPERATOR, ResponderState.ACCEPTED)
    told = dict(book.replies())
    assert {reply.call for reply in told.values()} == {one}
    assert {reply.state for reply in told.values()} == {ReplyState.COMING}
    assert book.store.read_sync(lambda read: read.merged_into(one)) == [other]


def test_a_button_that_was_away_hears_the_end_of_its_own_call_and_of_nobody_elses(book: CaseBook) -> None:
    one, other = book.press("b-1"), book.press("b-2")
    merge(book, other, one)
    before = len(book.replies())
    for device in ("b-2", "b-1"):
        book.do(lambda tx, now, device=device: tell_again(tx, device, now))  # type: ignore[misc]

    told = [(device, reply.call, reply.state) for device, reply in book.replies()[before:]]
    assert told == [
        ("b-2", other, ReplyState.CLOSED),
        ("b-2", one, ReplyState.RECEIVED),
        ("b-1", one, ReplyState.RECEIVED),
    ]


def test_a_button_that_was_away_hears_the_end_of_each_call_it_was_part_of(book: CaseBook) -> None:
    """Found by simulation: of the call between, which it had heard of, it believed for ever that it was open."""
    first, second, third = book.press("b-1"), book.press("b-2"), book.press("b-3")
    merge(book, first, second)
    merge(book, second, third)
    before = len(book.replies())
    for device in ("b-1", "b-3"):
        book.do(lambda tx, now, device=device: tell_again(tx, device, now))  # type: ignore[misc]

    told = [(device, reply.call, reply.state) for device, reply in book.replies()[before:]]
    assert told == [
        ("b-1", first, ReplyState.CLOSED),
        ("b-1", second, ReplyState.CLOSED),
        ("b-1", third, ReplyState.RECEIVED),
        ("b-3", third, ReplyState.RECEIVED),
    ]


def test_a_chain_of_merged_calls_ends_in_one(book: CaseBook) -> None:
    first, second, third = book.press("b-1"), book.press("b-2"), book.press("b-3")
    merge(book, first, second)
    merge(book, second, third)

    assert book.press("b-1") == third
    assert book.press("b-2") == third
    assert book.call(third).presses == 5
    book.answer(third, COUNTY_OPERATOR)
    assert set(book.store.read_sync(lambda read: read.merged_into(third))) == {first, second}
    book.resolve(third, COUNTY_OPERATOR)
    assert book.press("b-1") not in (first, second, third)


def test_a_held_call_brings_its_holder_to_one_that_waits(book: CaseBook) -> None:
    one, other = book.press("b-1"), book.press("b-3")
    book.answer(one, OPERATOR)
    whole = merge(book, one, other, OPERATOR)

    assert (whole.state, whole.holder and whole.holder.id) == (CallState.ANSWERED, OPERATOR.id)
    book.pass_ms(60_000)
    assert book.told(other)[-1].type != "call.rung", "nobody is rung any more"


def test_the_family_that_joined_hears_who_has_it(book: CaseBook) -> None:
    one, other = book.press("b-1"), book.press("b-2")
    book.answer(other, COUNTY_OPERATOR)
    merge(book, one, other)

    assert [(to, draft.params["resident"], draft.params["holder"]) for to, draft in book.notices()] == [
        ("sms:13900000002", "刘桂兰", "赵值班员")
    ]


def test_somebody_asked_for_both_is_asked_once(book: CaseBook) -> None:
    one, other = book.press("b-1"), book.press("b-3")
    for call in (one, other):
        book.answer(call, OPERATOR)
        book.send(call, OPERATOR, "clinic-1")
    merge(book, other, one, OPERATOR)

    assert len(book.lines(one)) == 1
    book.pass_ms(120_000)
    assert book.line(one, ResponderKind.CLINIC).state is ResponderState.NO_ANSWER


@pytest.mark.parametrize("by", [OPERATOR, OTHER_OPERATOR])
def test_what_somebody_may_not_see_cannot_be_merged(book: CaseBook, by: User) -> None:
    here, there = book.press("b-1"), book.press("b-2")
    mine, theirs = (here, there) if by is OPERATOR else (there, here)
    with pytest.raises(Invalid) as unknown:
        merge(book, mine, theirs, by)
    assert unknown.value.code == "merge-unknown"
    with pytest.raises(HubError) as hidden:
        merge(book, theirs, mine, by)
    assert hidden.value.code == "call-unknown"
    assert {book.call(call).state for call in (here, there)} == {CallState.RINGING}


def test_a_call_that_somebody_else_has_is_not_merged_away(book: CaseBook) -> None:
    one, other = book.press("b-1"), book.press("b-3")
    book.answer(one, CLINIC_STAFF)
    with pytest.raises(HubError) as held:
        merge(book, one, other, OPERATOR)
    assert (held.value.code, held.value.params) == ("call-held", {"holder": "陈静"})


def test_two_who_merge_each_into_the_other_lose_neither(book: CaseBook, store_url: str, clock: Moved) -> None:
    one, other = book.press("b-1"), book.press("b-2")
    second = open_store(store_url, owner="hub-2", now=clock.now)

    def command(tx: Tx, call: str, into: str) -> Call:
        return merging.merge(tx, call, into, COUNTY_OPERATOR, clock.now())

    ways = [partial(command, call=one, into=other), partial(command, call=other, into=one)] * 4
    together(book.store, ways[:4])
    together(second, ways[4:])
    second.close()

    states = sorted(book.call(call).state for call in (one, other))
    assert states == [CallState.CLOSED, CallState.RINGING]
    assert book.press("b-1") == book.press("b-2")


def test_answering_and_merging_at_once_leaves_one_holder(book: CaseBook) -> None:
    one, other = book.press("b-1"), book.press("b-3")
    commands = [
        lambda tx: handling.answer(tx, one, OPERATOR, book.clock.now()),
        lambda tx: merging.merge(tx, one, other, COUNTY_OPERATOR, book.clock.now()),
        lambda tx: handling.answer(tx, other, CLINIC_STAFF, book.clock.now()),
    ]
    together(book.store, commands)

    calls = [book.call(one), book.call(other)]
    assert all((call.holder is not None) for call in calls if call.state is CallState.ANSWERED)
    open_ones = [call for call in calls if call.state is not CallState.CLOSED]
    assert len(open_ones) in (1, 2)
    assert (calls[0].merged_into is not None) == (len(open_ones) == 1)
