"""`xiangyin serve --role calls`: one role of the hub, in this process."""

import logging
import sys

import click

from hub.settings import load_settings

ROLES = ("calls",)


@click.command("serve", help="Run one role of the hub.")
@click.option("--role", type=click.Choice(ROLES), required=True, help="Which one.")
def command(*, role: str) -> None:
    """Until SIGTERM or SIGINT."""
    settings = load_settings()
    logging.basicConfig(
        level=settings.log_level, format="%(asctime)s %(levelname)s %(name)s: %(message)s", stream=sys.stdout
    )
    import uvloop

    from hub.roles import calls

    runners = {"calls": calls.run}
    uvloop.run(runners[role](settings))
