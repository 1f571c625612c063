"""`xiangyin serve --role calls`: one role of the hub, in this process."""

import importlib
import logging
import sys

import click

from hub.settings import load_settings

ROLES = ("calls", "signer", "telemetry", "studio")


@click.command("serve", help="Run one role of the hub.")
@click.option("--role", type=click.Choice(ROLES), required=True, help="Which one.")
@click.option("--prepare", is_flag=True, hidden=True, help="Make everything ready first, as `up` wants it.")
def command(*, role: str, prepare: bool) -> None:
    """Until SIGTERM or SIGINT."""
    settings = load_settings()
    logging.basicConfig(
        level=settings.log_level, format="%(asctime)s %(levelname)s %(name)s: %(message)s", stream=sys.stdout
    )
    logging.getLogger("alembic").setLevel(logging.WARNING)
    if prepare:
        from hub.prepare import prepare as make_ready

        make_ready(settings)
    elif role == "calls":
        from hub.lost_database import check_database

        check_database(settings)
    import uvloop

    # one role's libraries are not loaded into another's process
    runner = importlib.import_module(f"hub.roles.{role}")
    uvloop.run(runner.run(settings))
