"""`xiangyin sim`: becomes the simulator, `python -m firmware_sim`, which knows the device contract alone."""

import os
import sys

import click

from hub.i18n.program import program
from hub.settings import load_settings

CALLED = "FIRMWARE_SIM_CALLED"  # firmware_sim.options: what its help and its errors call it


@click.command(
    "sim",
    help="Run the simulator by itself; without a fleet file, the demo county's.",
    context_settings={"ignore_unknown_options": True, "help_option_names": []},
)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def command(*, arguments: tuple[str, ...]) -> None:
    """Hand every argument on."""
    from hub.demo.files import fleet_file

    has_file = bool(arguments) and not arguments[0].startswith("-")
    if not has_file and not {"-h", "--help"} & set(arguments):
        arguments = (str(fleet_file(load_settings().data_dir)), *arguments)
    words = [sys.executable, "-P", "-m", "firmware_sim", *arguments]
    os.execve(sys.executable, words, {**os.environ, CALLED: f"{program()} sim"})  # noqa: S606
