"""What loudspeakers say, in whatever order it comes: counts are cumulative, a last word stands."""

from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadcast.domain.receipts import MISSING_SHOWN, Coverage, Progress, coverage, take
from devices.messages import Receipt, ReceiptState

NEW = Progress(run="r", device="s-1", broadcast="b", area="990421101201")
S = ReceiptState


def said(*states: ReceiptState) -> Progress:
    progress = NEW
    for number, state in enumerate(states, 1):
        progress = take(progress, Receipt(run="r", state=state), number)
    return progress


def counts(progress: Progress) -> tuple[int, int, int, int, int]:
    one = coverage([progress])
    return one.ready, one.playing, one.played, one.heard, one.failed


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (S.READY, (1, 0, 0, 0, 0)),
        (S.PLAYING, (1, 1, 0, 0, 0)),
        (S.PREEMPTED, (1, 1, 0, 0, 0)),
        (S.PLAYED, (1, 1, 1, 0, 0)),
        (S.HEARD, (1, 1, 1, 1, 0)),
        (S.STOPPED, (0, 0, 0, 0, 0)),
        (S.REFUSED, (0, 0, 0, 0, 1)),
        (S.FAILED, (0, 0, 0, 0, 1)),
    ],
)
def test_each_word_counts_for_all_that_it_takes(state: ReceiptState, expected: tuple[int, ...]) -> None:
    assert counts(said(state)) == expected


def test_the_order_of_arrival_changes_no_count_and_no_last_word() -> None:
    for order in permutations((S.READY, S.PLAYING, S.PLAYED)):
        progress = said(*order)
        assert counts(progress) == (1, 1, 1, 0, 0)
        assert progress.state is S.PLAYED
        assert progress.is_final


def test_a_loudspeaker_reached_by_two_zones_that_refused_one_and_played_the_other_has_played() -> None:
    for order in ((S.REFUSED, S.PLAYED), (S.PLAYED, S.REFUSED)):
        progress = said(*order)
        assert counts(progress) == (1, 1, 1, 0, 0)
        assert progress.state is S.PLAYED


def test_who_waits_for_the_time_has_not_failed_yet() -> None:
    waiting = take(NEW, Receipt(run="r", state=S.REFUSED, reason="no_clock"), 5)
    assert (waiting.state, waiting.reason, waiting.is_final) == (S.REFUSED, "no_clock", False)
    whole = coverage([waiting])
    assert (whole.failed, whole.missing) == (0, ("s-1",))
    assert take(waiting, Receipt(run="r", state=S.READY), 6).state is S.READY


def test_what_was_interrupted_goes_on() -> None:
    assert said(S.PLAYING, S.PREEMPTED).state is S.PREEMPTED
    assert said(S.PLAYING, S.PREEMPTED, S.PLAYING).state is S.PLAYING


def test_a_stop_is_the_last_word_of_a_sound() -> None:
    assert said(S.PLAYING, S.STOPPED, S.PLAYING).state is S.STOPPED


def test_the_same_again_changes_nothing() -> None:
    once = said(S.READY, S.PLAYING)
    assert take(once, Receipt(run="r", state=S.PLAYING), 99) is once


def test_why_it_failed_is_kept() -> None:
    failed = take(NEW, Receipt(run="r", state=S.FAILED, reason="fetch_failed", detail="404"), 5)
    assert (failed.reason, failed.detail, failed.reported_at) == ("fetch_failed", "404", 5)


def test_missing_is_who_has_said_no_last_word_and_a_hundred_of_them_are_named() -> None:
    silent = [Progress(run="r", device=f"s-{n:04}", broadcast="b", area="") for n in range(250)]
    whole = coverage([*silent, said(S.PLAYED)])
    assert (whole.targeted, whole.played, len(whole.missing)) == (251, 1, MISSING_SHOWN)
    assert whole.missing[0] == "s-0000"


@given(st.lists(st.lists(st.sampled_from(list(S)), max_size=6), max_size=12))
def test_coverage_never_counts_more_than_came_before_it(histories: list[list[ReceiptState]]) -> None:
    whole: Coverage = coverage([said(*states) for states in histories])
    assert whole.targeted >= whole.ready >= whole.playing >= whole.played >= whole.heard
    assert whole.played + whole.failed <= whole.targeted
    assert whole.played + whole.failed + len(whole.missing) <= whole.targeted
