"""`xiangyin simulate`: runs seeds, tells the story of what broke, and ends with one line of figures."""

import sys
import time

import click

from tests.simulation.running import Tally, run_seed, wanted


@click.command(help="Simulate a county on a virtual clock, with everything that goes wrong in it.")
@click.option("--seed", default=1, show_default=True, help="The first seed.")
@click.option("--seeds", default=1, show_default=True, help="How many, one after another.")
@click.option("--days", default=0.01, show_default=True, help="Virtual days with faults; then the county rests.")
@click.option("--buttons", default=12, show_default=True, help="Call buttons of the county.")
@click.option("--story", is_flag=True, help="Tell the whole story, also when nothing broke.")
def main(*, seed: int, seeds: int, days: float, buttons: int, story: bool) -> None:
    """Exit status 1 when any invariant broke."""
    tally = Tally()
    for each in range(seed, seed + seeds):
        verdict = run_seed(wanted(each, days=days, buttons=buttons))
        tally.add(verdict)
        for line in verdict.story if story or verdict.broken else ():
            click.echo(line)
        for name, text in verdict.broken:
            click.echo(f"seed {each}: {name}: {text}")
        if verdict.broken:
            click.echo(f"again: xiangyin simulate --seed {each} --days {days} --buttons {buttons}")
    click.echo(tally.summary())
    sys.exit(1 if tally.broken else 0)


if __name__ == "__main__":
    main()
