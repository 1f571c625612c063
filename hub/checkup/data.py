"""The database and what stands in it."""

from collections.abc import Iterator

from hub.checkup.finding import Finding, broken, doubtful, fine
from hub.db.checkup import look_at
from hub.lost_database import check_database
from hub.settings import Settings


def examine_data(settings: Settings) -> Iterator[Finding]:
    """Is it there, is it whole, is it ours. Unavailable (database-lost)."""
    check_database(settings)
    found = look_at(settings.database)
    if found.fault:
        yield broken("database", "doctor-database-away", where=found.where, reason=found.fault)
    elif not found.exists:
        yield doubtful("database", "doctor-database-none", where=found.where)
    elif found.problems:
        yield broken("database", "doctor-database-broken", where=found.where, reason=found.problems[0])
    elif not found.is_current:
        yield doubtful("database", "doctor-database-other", where=found.where)
    else:
        yield fine("database", "doctor-database", where=found.where)
