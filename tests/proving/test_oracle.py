"""The oracle sees what it is there to see: each kind of loss and doubling, by itself."""

from __future__ import annotations

import msgspec
import pytest

from tests.proving.oracle import Kept, Verdict, judge
from tests.proving.records import Heard, Pressed, Told

S = 1_000_000_000
PRESSED = [Pressed("a", "b-1", 0), Pressed("b", "b-2", 1 * S), Pressed("c", "b-1", 2 * S)]
KEPT = Kept(presses=["a", "b", "c"], told={1: "a", 3: "b", 5: "c"}, open_calls=["b-1", "b-2"])
TOLD = [Told("a", 1, S // 2), Told("b", 3, 2 * S), Told("c", 0, 2 * S + 1), Told("c", 5, 6 * S)]
HEARD = [Heard("a", S), Heard("b", 3 * S), Heard("c", 7 * S)]


def verdict(kept: Kept = KEPT, told: list[Told] | None = None, heard: list[Heard] | None = None) -> Verdict:
    return judge(
        pressed=PRESSED,
        kept=kept,
        told=TOLD if told is None else told,
        heard=HEARD if heard is None else heard,
        ended_ns=4 * S,
    )


def test_all_is_well() -> None:
    found = verdict()
    assert found.is_good
    assert (found.sent, found.stored, found.shown, found.heard, found.doubled) == (3, 3, 3, 3, 0)


def test_the_longest_silence_ends_when_a_press_is_shown_recorded_or_not() -> None:
    assert verdict().silence_ms == 1000


def test_the_hub_has_recovered_when_the_last_press_that_waited_was_recorded_and_shown() -> None:
    assert verdict().recover_ms == 2000


def test_a_press_that_is_not_in_the_database_is_lost() -> None:
    found = verdict(kept=msgspec.structs.replace(KEPT, presses=["a", "c"]))
    assert (found.is_good, found.stored) == (False, 2)


def test_a_press_that_was_only_shown_as_not_recorded_was_not_shown() -> None:
    found = verdict(told=TOLD[:-1])
    assert (found.is_good, found.shown) == (False, 2)


def test_a_press_without_a_reply_is_unheard() -> None:
    found = verdict(heard=HEARD[1:])
    assert (found.is_good, found.heard) == (False, 2)


@pytest.mark.parametrize(
    "kept",
    [
        msgspec.structs.replace(KEPT, presses=["a", "a", "b", "c"]),
        msgspec.structs.replace(KEPT, told={1: "a", 3: "b", 5: "c", 6: "c"}),
        msgspec.structs.replace(KEPT, open_calls=["b-1", "b-1", "b-2"]),
    ],
    ids=["kept twice", "told by two events", "two open calls of one household"],
)
def test_what_is_there_twice_is_doubled(kept: Kept) -> None:
    found = verdict(kept=kept)
    assert (found.is_good, found.doubled) == (False, 1)


def test_an_event_that_the_screen_was_shown_twice_is_doubled() -> None:
    found = verdict(told=[*TOLD, TOLD[0]])
    assert (found.is_good, found.doubled) == (False, 1)
