"""The pause before another start grows with failures in a row, is random, and has an end."""

from hub.supervisor.backoff import HEALTHY_AFTER_S, LIFELINE_SPAN_S, LONGEST_SPAN_S, failures_after, pause_s


def test_the_span_doubles_with_each_failure() -> None:
    assert [pause_s(failures, 1.0) for failures in (1, 2, 3, 4)] == [0.5, 1.0, 2.0, 4.0]


def test_the_span_never_passes_its_longest() -> None:
    assert pause_s(7, 1.0) == LONGEST_SPAN_S
    assert pause_s(1_000_000, 1.0) == LONGEST_SPAN_S
    assert pause_s(7, 1.0, LIFELINE_SPAN_S) == LIFELINE_SPAN_S


def test_the_pause_is_a_random_share_of_the_span() -> None:
    assert pause_s(3, 0.0) == 0.0
    assert pause_s(3, 0.25) == 0.5


def test_a_program_that_had_lived_well_begins_its_count_anew() -> None:
    assert failures_after(9, HEALTHY_AFTER_S) == 1
    assert failures_after(9, HEALTHY_AFTER_S - 0.1) == 10
