"""`xiangyin restore FILE`: a data folder from a backup."""

from pathlib import Path

import click

from hub.commands.terminal import say, tell
from hub.settings import load_settings


@click.command("restore", help="Make an empty or absent data folder from a FILE that `backup` has written.")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
def command(file: Path) -> None:
    """The folder is that of XIANGYIN_DATA_DIR."""
    from hub.backup.unpack import restore

    settings = load_settings()
    manifest = restore(settings, file)
    tell(say("restore-made", folder=str(settings.data_dir)))
    if manifest.schema is None:
        tell(say("restore-postgresql"))
