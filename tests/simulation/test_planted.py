"""The simulation bites: what is planted in the hub's code is found. All of them: `xiangyin simulate --planted`."""

from __future__ import annotations

import pytest

from tests.simulation.known import ALIVE_TIMER, NOT_AFTER_THE_END, SHOWN_AT_ONCE
from tests.simulation.planted import PLANTED
from tests.simulation.running import seeds_to_find

FOUND_SOON = {
    "the timer is armed in a transaction of its own": ALIVE_TIMER,
    "an answer does not disarm": NOT_AFTER_THE_END,
    "what cannot be stored is not shown": SHOWN_AT_ONCE,
}


@pytest.mark.parametrize(("name", "invariant"), FOUND_SOON.items(), ids=list(FOUND_SOON))
def test_a_planted_fault_is_found(name: str, invariant: str) -> None:
    [fault] = [each for each in PLANTED if each.name == name]

    _, verdict = seeds_to_find(fault, 20, days=0.01, buttons=12)

    assert verdict is not None
    assert verdict.broken[0][0] == invariant
    assert verdict.story


def test_faults_have_names_of_their_own() -> None:
    assert len({fault.name for fault in PLANTED}) == len(PLANTED) >= 30
