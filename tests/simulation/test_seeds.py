"""Fifty small counties with everything that goes wrong, and one fair day; more with `xiangyin simulate --seeds`."""

from __future__ import annotations

import pytest

from tests.simulation.fate import fair
from tests.simulation.running import Tally, run_seed, wanted

SEEDS = range(1, 51)
TOGETHER = 5
DAYS, BUTTONS = 0.005, 12


@pytest.mark.parametrize(
    "first", SEEDS[::TOGETHER], ids=lambda first: f"seeds-{first}-{first + TOGETHER - 1}"
)
def test_nothing_is_lost_whatever_happens(first: int) -> None:
    tally = Tally()
    for seed in range(first, first + TOGETHER):
        verdict = run_seed(wanted(seed, days=DAYS, buttons=BUTTONS))
        told = "\n".join(verdict.story)
        again = f"xiangyin simulate --seed {seed} --days {DAYS} --buttons {BUTTONS}"
        assert verdict.broken == (), f"{told}\n{again}"
        tally.add(verdict)

    assert tally.crashes > 0
    assert tally.presses > 0
    assert (tally.lost, tally.doubled, tally.unseen) == (0, 0, 0)


def test_on_a_fair_day_nothing_dies_and_everybody_is_heard() -> None:
    verdict = run_seed(wanted(1, days=0.02, buttons=BUTTONS, weather=fair(hubs=2)))

    assert verdict.broken == ()
    assert verdict.crashes == 0
    assert verdict.calls > 0
