"""The database, opened for one command."""

from collections.abc import Iterator
from contextlib import contextmanager

from hub.clock import Clock
from hub.db.store import Store, open_store
from hub.domain.errors import NotFound
from hub.domain.people import Role, User
from hub.lost_database import check_database
from hub.settings import Settings


@contextmanager
def opened(settings: Settings) -> Iterator[tuple[Store, Clock]]:
    """The store and a clock; a hub may be running on the same data. NotFound: there are no data yet.

    Unavailable: the database is away, or lost.
    """
    check_database(settings)
    if settings.database_url is None and not (settings.data_dir / "xiangyin.db").exists():
        raise NotFound("data-missing", folder=str(settings.data_dir))
    clock = Clock()
    store = open_store(settings.database, owner=f"cli-{settings.hub}", now=clock.now)
    try:
        yield store, clock
    finally:
        store.close()


def owner_of_machine(store: Store) -> User:
    """Whoever may run this program here may do in the county what its administrator may."""
    roots = [area.code for area in store.read_sync(lambda read: read.areas("")) if area.parent is None]
    if not roots:
        raise NotFound("county-missing")
    return User(
        id="cli", username="xiangyin", name="xiangyin", spoken_name="", role=Role.COUNTY_ADMIN, area=roots[0]
    )
