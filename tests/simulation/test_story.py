"""A story can be told again: the same seed gives the same words, in another process with other hashes."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from click.testing import CliRunner

from tests.architecture.tree import ROOT
from tests.simulation.__main__ import main
from tests.simulation.story import Story, clock

SIMULATE = (sys.executable, "-m", "tests.simulation", "--days", "0.005", "--buttons", "12")


def told(*arguments: str, hashes: str = "0") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*SIMULATE, *arguments],
        cwd=ROOT,
        env=os.environ | {"PYTHONHASHSEED": hashes},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_same_seed_tells_the_same_story() -> None:
    first = told("--seed", "5", "--story", hashes="1")
    second = told("--seed", "5", "--story", hashes="2")

    assert (first.returncode, second.returncode) == (0, 0), first.stdout + first.stderr
    assert len(first.stdout.splitlines()) > 50
    assert first.stdout == second.stdout


def test_the_last_line_is_always_the_summary() -> None:
    quiet = told("--seed", "2")

    assert quiet.stdout.splitlines()[-1].startswith("simulated: seeds=1 ")
    assert quiet.stdout.rstrip().endswith("lost=0 doubled=0 unseen=0")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--days", "0"), "'--days': 0.0 is not in the range"),
        (("--days", "nan"), "is no number"),
        (("--days", "inf"), "is not in the range"),
        (("--buttons", "1"), "'--buttons': 1 is not in the range"),
        (("--seeds", "0"), "'--seeds': 0 is not in the range"),
        (("--jobs", "0"), "'--jobs': 0 is not in the range"),
        (("--only", "an answer"), "goes with --planted"),
        (("--planted", "--only", "nosuchthing"), "no planted fault has 'nosuchthing' in its name"),
    ],
    ids=" ".join,
)
def test_what_means_nothing_is_no_success(arguments: tuple[str, ...], says: str) -> None:
    result = CliRunner().invoke(main, arguments)

    assert result.exit_code == 2
    assert says in result.output


def test_a_broken_promise_is_told_with_what_concerns_it_alone() -> None:
    now = [0.0]
    story = Story(lambda: now[0])
    story.tell("b-1 is pressed", "b-1")
    now[0] = 3_725.5
    story.tell("b-2 is pressed", "b-2")
    story.tell("the power fails")

    assert story.of("b-2") == ["1:02:05.500  b-2 is pressed", "1:02:05.500  the power fails"]
    assert clock(0) == "0:00:00.000"
