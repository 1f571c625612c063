"""The bar of a run: cumulative counts become stretches that never reach beyond its end."""

from itertools import product

from broadcast.domain.receipts import Coverage
from hub.console.pages.broadcasts_coverage import WIDTH, bar


def coverage(targeted: int, ready: int = 0, playing: int = 0, played: int = 0, failed: int = 0) -> Coverage:
    return Coverage(
        targeted=targeted, ready=ready, playing=playing, played=played, heard=0, failed=failed, missing=()
    )


def shown(whole: Coverage) -> dict[str, tuple[int, int, int]]:
    return {part.kind: (part.count, part.begins, part.length) for part in bar(whole)}


def test_nobody_addressed_draws_nothing() -> None:
    assert bar(coverage(0)) == ()


def test_who_has_said_nothing_is_left_bare() -> None:
    assert bar(coverage(4)) == ()
    assert shown(coverage(4, ready=1)) == {"ready": (1, 0, 250)}


def test_each_loudspeaker_stands_in_the_farthest_stretch_it_has_reached() -> None:
    assert shown(coverage(10, ready=8, playing=6, played=3, failed=1)) == {
        "played": (3, 0, 300),
        "playing": (3, 300, 300),
        "ready": (2, 600, 200),
        "failed": (1, 800, 100),
    }


def test_a_complete_run_fills_the_bar() -> None:
    assert shown(coverage(3, 3, 3, 3)) == {"played": (3, 0, WIDTH)}


def test_who_was_ready_and_then_failed_counts_once() -> None:
    assert shown(coverage(2, ready=2, failed=2)) == {"failed": (2, 0, WIDTH)}


def test_no_counts_reach_beyond_the_end() -> None:
    for ready, playing, played, failed in product(range(4), repeat=4):
        if played <= playing <= ready:
            stretches = bar(coverage(3, ready, playing, played, failed))
            ends = [part.begins + part.length for part in stretches]
            assert all(part.length > 0 for part in stretches)
            assert ends == sorted(ends)
            assert max(ends, default=0) <= WIDTH
