"""`xiangyin prepare`: what `up` has done before it starts anything; a process of its own, so that it stays small."""

import click

from hub.settings import load_settings


@click.command("prepare", hidden=True)
@click.option("--demo/--no-demo", default=None)
def command(*, demo: bool | None) -> None:
    """Schema, demo county, the broker's folder."""
    from hub.prepare import prepare

    settings = load_settings()
    prepare(settings if demo is None else settings.model_copy(update={"demo": demo}))
