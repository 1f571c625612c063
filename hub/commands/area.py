"""`xiangyin area …`: the tree of areas, from which a county of one's own begins."""

import click

from hub.commands.terminal import tell
from hub.settings import load_settings


@click.group("area", help="Areas: list, add.")
def command() -> None:
    """The area group."""


@command.command("list", help="Print every area: code, level, name.")
def list_areas() -> None:
    """One line each, by code."""
    from hub.commands.stored import opened

    with opened(load_settings()) as (store, _):
        for area in store.read_sync(lambda read: read.areas("")):
            tell("\t".join([area.code, area.level, area.name]))


@command.command("add", help="Add an area: the county first, then its towns, then their villages.")
@click.argument("code")
@click.argument("name")
@click.option("--lat", type=click.FloatRange(-90, 90), help="Degrees, WGS-84.")
@click.option("--lon", type=click.FloatRange(-180, 180), help="Degrees, WGS-84.")
def add(*, code: str, name: str, lat: float | None, lon: float | None) -> None:
    """CODE is the 12-digit statistical code; its digits say where the area belongs."""
    from hub.clock import Clock
    from hub.db.store import open_store
    from hub.lost_database import check_database
    from hub.services.areas import add_area

    settings = load_settings()
    check_database(settings)
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    store = open_store(settings.database, owner=f"cli-{settings.hub}", now=Clock().now)
    try:
        store.run_sync(lambda tx: add_area(tx, code, name, lat, lon))
    finally:
        store.close()
