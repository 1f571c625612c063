"""A few of the faults of `xiangyin prove`, briefly, at every run of the tests; docs/reliability.md has them all."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.proving.catalogue import FAULTS
from tests.proving.fault import Fault
from tests.proving.proof import QUICK, prove

CHOSEN = ("kill-calls", "kill-broker", "disk-full", "hub-cut")
BY_NAME = {fault.name: fault for fault in FAULTS}


def test_every_fault_has_a_name_of_its_own_and_says_what_it_does() -> None:
    assert len(BY_NAME) == len(FAULTS)
    assert all(fault.says for fault in FAULTS)


@pytest.mark.parametrize("fault", [BY_NAME[name] for name in CHOSEN], ids=CHOSEN)
def test_nothing_is_lost_or_doubled(fault: type[Fault], tmp_path: Path) -> None:
    found = prove(fault(), QUICK, tmp_path)

    assert found.is_good, found
    assert found.sent > 50, "too few presses to prove anything"
