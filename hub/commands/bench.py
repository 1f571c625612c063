"""`xiangyin bench NAME`: measures the hub beside bare parts, in one run. The benches stand in tests/benchmarks."""

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import click

from hub.domain.errors import NotFound

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "tests" / "benchmarks"


def benches() -> dict[str, str]:
    """Name → what it measures, of every bench that has a `main`."""
    found = {}
    for file in sorted(FOLDER.glob("*.py")):
        head = file.read_text(encoding="utf-8").split("\n", 1)[0]
        if head.startswith('"""`xiangyin bench '):
            found[file.stem] = head.split("`: ", 1)[-1].rstrip('"')
    return found


@click.command(
    "bench",
    help="Measure the hub beside bare parts (from a checkout). Without a name: list the benches.",
    context_settings={"ignore_unknown_options": True},
)
@click.argument("name", required=False)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def command(*, name: str | None, arguments: tuple[str, ...]) -> None:
    """Run one bench in a process of its own; its exit status is ours."""
    known = benches()
    if name is None:
        for each, what in known.items():
            click.echo(f"{each:12} {what}")
        return
    if name not in known or find_spec("pytest") is None:
        raise NotFound("bench-unknown", bench=name)
    done = subprocess.run(
        [sys.executable, "-m", f"tests.benchmarks.{name}", *arguments], cwd=ROOT, check=False
    )
    sys.exit(done.returncode)
