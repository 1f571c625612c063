"""`xiangyin simulate`: runs seeds, tells the story of what broke, and ends with one line of figures."""

import sys
import time

import click

from tests.simulation.planted import PLANTED
from tests.simulation.planted_cases import PLANTED_CASES
from tests.simulation.running import Tally, run_seed, seeds_to_find, wanted
from tests.simulation.verdict import Verdict

MOST_SEEDS = 60


@click.command(help="Simulate a county on a virtual clock, with everything that goes wrong in it.")
@click.option("--seed", default=1, show_default=True, help="The first seed.")
@click.option("--seeds", default=1, show_default=True, help="How many, one after another.")
@click.option(
    "--days", default=0.01, show_default=True, help="Virtual days with faults; then the county rests."
)
@click.option("--buttons", default=12, show_default=True, help="Call buttons of the county.")
@click.option("--story", is_flag=True, help="Tell the whole story, also when nothing broke.")
@click.option(
    "--planted", is_flag=True, help="Plant known faults in the hub, and count the seeds that find them."
)
@click.option("--only", default="", help="With --planted: only faults whose name contains this.")
def main(*, seed: int, seeds: int, days: float, buttons: int, story: bool, planted: bool, only: str) -> None:
    """Exit status 1 when an invariant broke (with --planted: when a fault was not found)."""
    tally = Tally()
    began_s = time.monotonic()
    if planted:
        missed = _find_planted(tally, days, buttons, only)
    else:
        for each in range(seed, seed + seeds):
            verdict = run_seed(wanted(each, days=days, buttons=buttons))
            tally.add(verdict)
            _tell(verdict, f"--seed {each} --days {days:g} --buttons {buttons}", story=story)
        missed = tally.broken
        click.echo(_points(tally))
        click.echo(f"real seconds: {time.monotonic() - began_s:.0f}", err=True)
    click.echo(tally.summary())
    sys.exit(1 if missed else 0)


def _tell(verdict: Verdict, again: str, *, story: bool) -> None:
    for line in verdict.story if story or verdict.broken else ():
        click.echo(line)
    for name, text in verdict.broken:
        click.echo(f"seed {verdict.seed}: {name}: {text}")
    if verdict.broken:
        click.echo(f"again: xiangyin simulate {again}")


def _points(tally: Tally) -> str:
    told = (f"{count} {where}" for where, count in sorted(tally.points.items()))
    return f"where hubs died: {', '.join(told) or 'nowhere'}"


def _find_planted(tally: Tally, days: float, buttons: int, only: str) -> int:
    missed = 0
    for fault in (*PLANTED, *PLANTED_CASES):
        if only not in fault.name:
            continue
        needed, verdict = seeds_to_find(fault, MOST_SEEDS, days, buttons)
        if verdict is None:
            missed += 1
            click.echo(f"{fault.name:58} NOT FOUND by {needed} seeds")
        else:
            tally.add(verdict)
            click.echo(f"{fault.name:58} {needed:3} seeds: {verdict.broken[0][0]}")
    return missed


if __name__ == "__main__":
    main()
