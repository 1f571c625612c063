"""`xiangyin simulate`: a county on a virtual clock, with everything that goes wrong. It stands in tests/simulation/."""

import os
import sys
from importlib.util import find_spec
from pathlib import Path

import click

from hub.domain.errors import NotFound

ROOT = Path(__file__).parents[2]


@click.command(
    "simulate",
    help="Simulate a county on a virtual clock (from a checkout).",
    context_settings={"ignore_unknown_options": True},
    add_help_option=False,
)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def command(*, arguments: tuple[str, ...]) -> None:
    """In place of this process: who stops it stops the work itself, and that tidies up."""
    if not (ROOT / "tests" / "simulation").is_dir() or find_spec("pytest") is None:
        raise NotFound("simulate-not-here")
    os.chdir(ROOT)
    os.execv(sys.executable, [sys.executable, "-m", "tests.simulation", *arguments])  # noqa: S606 -- ourselves, no shell
