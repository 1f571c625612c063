"""Wrong lines are told shortly and completely."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.console.pages.register_files import SHOWN_REASONS, reasons, spans
from hub.domain.errors import Fault
from hub.i18n import Phrases
from hub.services.importing import LineFault
from hub.sheets.messages import SheetKind

HUB = Path(__file__).parents[4] / "hub"


@pytest.mark.parametrize(
    ("lines", "told"), [([2], "2"), ([2, 3, 4, 9], "2-4, 9"), ([2, 2, 3], "2-3"), ([5, 7, 8], "5, 7-8")]
)
def test_lines_that_follow_each_other_are_told_as_one(lines: list[int], told: str) -> None:
    assert spans(lines) == told


@given(st.sets(st.integers(1, 60)))
def test_every_line_is_in_what_is_told(lines: set[int]) -> None:
    told: set[int] = set()
    for part in filter(None, spans(sorted(lines)).split(", ")):
        first, _, last = part.partition("-")
        told |= set(range(int(first), int(last or first) + 1))
    assert told == lines


def test_a_mistake_in_a_whole_column_is_one_reason() -> None:
    faults = [LineFault(line, Fault("born", "entry-year", {"value": "x"})) for line in range(2, 20_002)]
    (one,) = reasons(Phrases(), "zh", SheetKind.RESIDENTS, faults)
    assert (one.lines, one.field) == ("2-20001", "出生年")


def test_of_very_many_reasons_every_line_is_still_named() -> None:
    faults = [LineFault(n + 2, Fault("phone", "entry-phone", {"value": str(n)})) for n in range(500)]
    told = reasons(Phrases(), "zh", SheetKind.RESIDENTS, faults)
    assert len(told) == SHOWN_REASONS + 1
    assert told[-1].lines == f"{SHOWN_REASONS + 2}-501"


def test_every_fault_there_is_has_a_sentence_that_says_what_to_do() -> None:
    """Wherever a Fault, a Refused or an Unreadable is made with a code in the source."""
    codes = {code for file in HUB.rglob("*.py") for code in fault_codes(file)}
    assert {"entry-missing", "sheet-empty", "entry-year", "column-unknown"} <= codes
    assert {code for code in codes if not Phrases().has(code)} == set()


def fault_codes(file: Path) -> set[str]:
    """The literal codes of faults made in a file: second of Fault, first of Refused and Unreadable."""
    position = {"Fault": 1, "Refused": 0, "Unreadable": 0}
    made = [
        (position[node.func.id], node.args)
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in position
    ]
    literals = (args[n] for n, args in made if len(args) > n)
    return {one.value for one in literals if isinstance(one, ast.Constant) and isinstance(one.value, str)}
