"""`xiangyin simulate`: runs seeds, tells the story of what broke, and ends with one line of figures."""

import math
import multiprocessing
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import click

from tests.simulation.planted import PLANTED
from tests.simulation.planted_cases import PLANTED_CASES
from tests.simulation.running import Tally, run_seed, seeds_to_find, wanted
from tests.simulation.verdict import Verdict

MOST_SEEDS = 60
MOST_DAYS, MOST_BUTTONS = 31, 100_000
SEEDS_OF_A_PROCESS = 20  # memory goes back to the machine


@click.command(help="Simulate a county on a virtual clock, with everything that goes wrong in it.")
@click.option("--seed", default=1, show_default=True, help="The first seed.")
@click.option(
    "--seeds", type=click.IntRange(1), default=1, show_default=True, help="How many, one after another."
)
@click.option(
    "--jobs",
    type=click.IntRange(1),
    default=1,
    show_default=True,
    help="How many seeds at a time, each in a process of its own.",
)
@click.option(
    "--days",
    type=click.FloatRange(0, MOST_DAYS, min_open=True),
    default=0.01,
    show_default=True,
    help="Virtual days with faults; then the county rests.",
)
@click.option(
    "--buttons",
    type=click.IntRange(2, MOST_BUTTONS),
    default=12,
    show_default=True,
    help="Call buttons of the county.",
)
@click.option("--story", is_flag=True, help="Tell the whole story, also when nothing broke.")
@click.option(
    "--planted", is_flag=True, help="Plant known faults in the hub, and count the seeds that find them."
)
@click.option("--only", default="", help="With --planted: only faults whose name contains this.")
def main(
    *, seed: int, seeds: int, jobs: int, days: float, buttons: int, story: bool, planted: bool, only: str
) -> None:
    """Exit status 1 when an invariant broke (with --planted: when a fault was not found)."""
    _require_sense(days, only, planted=planted)
    tally = Tally()
    began_s = time.monotonic()
    if planted:
        missed = _find_planted(tally, days, buttons, only, jobs)
    else:
        with _verdicts(range(seed, seed + seeds), days, buttons, jobs) as verdicts:
            for verdict in verdicts:
                tally.add(verdict)
                again = f"--seed {verdict.seed} --days {days} --buttons {buttons}"
                _tell(verdict, again, story=story)
        missed = tally.broken
        click.echo(_points(tally))
        click.echo(f"real seconds: {time.monotonic() - began_s:.0f}", err=True)
    click.echo(tally.summary())
    sys.exit(1 if missed else 0)


def _require_sense(days: float, only: str, *, planted: bool) -> None:
    if math.isnan(days):
        raise click.BadParameter("is no number", param_hint="--days")
    if only and not planted:
        raise click.BadParameter("goes with --planted", param_hint="--only")
    if planted and not _chosen(only):
        raise click.BadParameter(f"no planted fault has {only!r} in its name", param_hint="--only")


def _chosen(only: str) -> list[str]:
    return [fault.name for fault in (*PLANTED, *PLANTED_CASES) if only in fault.name]


@contextmanager
def _verdicts(seeds: range, days: float, buttons: int, jobs: int) -> Iterator[Iterator[Verdict]]:
    """What each seed came to, in the order of seeds."""
    run = partial(_run, days, buttons)
    if jobs == 1:
        yield map(run, seeds)
        return
    with multiprocessing.Pool(jobs, maxtasksperchild=SEEDS_OF_A_PROCESS) as pool:
        yield pool.imap(run, seeds)


def _run(days: float, buttons: int, seed: int) -> Verdict:
    return run_seed(wanted(seed, days=days, buttons=buttons))


def _tell(verdict: Verdict, again: str, *, story: bool) -> None:
    for line in verdict.whole if story else verdict.story if verdict.broken else ():
        click.echo(line)
    for name, text in verdict.broken:
        click.echo(f"seed {verdict.seed}: {name}: {text}")
    if verdict.broken:
        click.echo(f"again: .venv/bin/xiangyin simulate {again}")


def _points(tally: Tally) -> str:
    told = (f"{count} {where}" for where, count in sorted(tally.points.items()))
    return f"where hubs died: {', '.join(told) or 'nowhere'}"


def _find_planted(tally: Tally, days: float, buttons: int, only: str, jobs: int) -> int:
    names = _chosen(only)
    missed = 0
    with multiprocessing.Pool(jobs, maxtasksperchild=1) as pool:
        for name, (needed, verdict) in zip(
            names, pool.imap(partial(_seeds_to_find, days, buttons), names), strict=True
        ):
            if verdict is None:
                missed += 1
                click.echo(f"{name:64} NOT FOUND by {needed} seeds")
            else:
                tally.add(verdict)
                click.echo(
                    f"{name:64} {needed:3} {'seed ' if needed == 1 else 'seeds'}: {verdict.broken[0][0]}"
                )
    return missed


def _seeds_to_find(days: float, buttons: int, name: str) -> tuple[int, Verdict | None]:
    [fault] = [each for each in (*PLANTED, *PLANTED_CASES) if each.name == name]
    return seeds_to_find(fault, MOST_SEEDS, days, buttons)


if __name__ == "__main__":
    main(prog_name="xiangyin simulate")
