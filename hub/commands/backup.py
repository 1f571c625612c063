"""`xiangyin backup FILE`: all that is kept, in one file."""

from pathlib import Path

import click

from hub.commands.terminal import say, tell
from hub.settings import load_settings


@click.command("backup", help="Put everything that is kept into one new FILE, also while the hub runs.")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def command(file: Path) -> None:
    """What it holds opens everything: FILE is for its owner alone."""
    from hub.backup.pack import back_up

    manifest = back_up(load_settings(), file)
    tell(say("backup-made", file=str(file), megabytes=round(file.stat().st_size / 1_000_000, 1)))
    if manifest.schema is None:
        tell(say("backup-postgresql"))
