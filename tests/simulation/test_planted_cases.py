"""The simulation bites in the way of a case too. All of them: `xiangyin simulate --planted`."""

from __future__ import annotations

import pytest

from tests.simulation.known import IDLE_HOLDER, NEXT_IS_ASKED
from tests.simulation.planted import PLANTED
from tests.simulation.planted_cases import PLANTED_CASES
from tests.simulation.running import seeds_to_find

FOUND_SOON = {
    "what a holder does gives them no time": IDLE_HOLDER,
    "who declines makes place for nobody": NEXT_IS_ASKED,
}


@pytest.mark.parametrize(("name", "invariant"), FOUND_SOON.items(), ids=list(FOUND_SOON))
def test_a_planted_fault_of_a_case_is_found(name: str, invariant: str) -> None:
    [fault] = [each for each in PLANTED_CASES if each.name == name]

    _, verdict = seeds_to_find(fault, 20, days=0.01, buttons=12)

    assert verdict is not None
    assert verdict.broken[0][0] == invariant
    assert verdict.story


def test_faults_of_both_kinds_have_names_of_their_own() -> None:
    faults = (*PLANTED, *PLANTED_CASES)
    assert len({fault.name for fault in faults}) == len(faults)
