"""The outbox of a session: order, the window, what is repeated, and where it ends."""

from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broker_config.embedded import outbox as rules
from broker_config.embedded.outbox import Message, Outbox


def message(number: int) -> Message:
    return Message("t", str(number).encode())


def drain(outbox: Outbox) -> list[tuple[int, Message]]:
    return list(iter(outbox.next, None))


def test_messages_leave_in_order_each_under_an_id_of_its_own() -> None:
    outbox = Outbox()
    for number in range(3):
        assert outbox.put(message(number))
    assert drain(outbox) == [(1, message(0)), (2, message(1)), (3, message(2))]
    assert outbox.next() is None


def test_no_more_than_the_window_is_sent_before_it_is_acknowledged(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "MAX_INFLIGHT_MESSAGES", 2)
    outbox = Outbox()
    for number in range(3):
        outbox.put(message(number))
    assert len(drain(outbox)) == 2
    outbox.acknowledge(1)
    assert drain(outbox) == [(3, message(2))]


def test_what_was_not_acknowledged_is_to_be_sent_again_under_the_same_id() -> None:
    outbox = Outbox()
    for number in range(3):
        outbox.put(message(number))
    drain(outbox)
    outbox.acknowledge(2)
    assert outbox.unacknowledged() == [(1, message(0)), (3, message(2))]


def test_an_acknowledgement_of_nothing_changes_nothing() -> None:
    outbox = Outbox()
    outbox.put(message(1))
    drain(outbox)
    outbox.acknowledge(77)
    assert outbox.unacknowledged() == [(1, message(1))]


def test_an_id_is_not_given_twice_while_it_is_in_use(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "_PACKET_IDS", 3)
    outbox = Outbox()
    for number in range(4):
        outbox.put(message(number))
    assert [packet_id for packet_id, _ in islice(iter(outbox.next, None), 3)] == [1, 2, 3]
    outbox.acknowledge(2)
    assert outbox.next() == (2, message(3))


def test_a_full_outbox_takes_nothing_more_until_something_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "MAX_WAITING_MESSAGES", 2)
    outbox = Outbox()
    assert outbox.put(message(0))
    assert outbox.put(message(1))
    assert not outbox.put(message(2))
    outbox.next()
    assert outbox.put(message(3))


def test_a_few_large_messages_fill_it_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "MAX_WAITING_BYTES", 10)
    outbox = Outbox()
    assert outbox.put(Message("t", bytes(8)))
    assert not outbox.put(Message("t", bytes(8)))
    outbox.next()
    assert outbox.put(Message("t", bytes(8)))


@given(st.lists(st.sampled_from(["put", "next", "acknowledge"])))
def test_nothing_is_lost_or_doubled_whatever_the_order_of_events(events: list[str]) -> None:
    outbox, put, acknowledged, sent = Outbox(), 0, 0, list[tuple[int, Message]]()
    for event in events:
        if event == "put":
            outbox.put(message(put))
            put += 1
        elif event == "next" and (due := outbox.next()):
            sent.append(due)
        elif event == "acknowledge" and acknowledged < len(sent):
            outbox.acknowledge(sent[acknowledged][0])
            acknowledged += 1
    assert [each for _, each in outbox.unacknowledged()] == [each for _, each in sent[acknowledged:]]
    assert [each for _, each in [*sent, *drain(outbox)]] == [message(number) for number in range(put)]
