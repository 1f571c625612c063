"""Presence as the main database knows it: a row per device, changed when its presence changes.

Several hubs may see the same change; the one whose statement counts a row tells it as an event.
"""

from collections.abc import Iterator
from typing import NamedTuple

from sqlalchemy import Connection, and_, bindparam, func, select

from hub.db.prepared import Prepared, Value
from hub.db.statements import prepared_insert_unless_there
from hub.db.tables import assignments, device_presence, devices, residents

_COLUMNS = ("device", "presence", "since")
_INSERT = prepared_insert_unless_there(device_presence, _COLUMNS)
_UPDATE = Prepared(
    device_presence.update()
    .where(
        device_presence.c.device == bindparam("device_"),
        device_presence.c.presence != bindparam("presence_"),
        # older news is another hub's memory; a time to come is that of a clock that has been set back since
        (device_presence.c.since < bindparam("since_")) | (device_presence.c.since > bindparam("now_")),
    )
    .values(presence=bindparam("presence_"), since=bindparam("since_"))
)


class Filed(NamedTuple):
    """Where a device in service is, and of which kind: what its telemetry is filed under."""

    device: str
    area: str
    kind: str


class PresenceRows:
    """Implements hub.ports.PresenceBook on one connection."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    def note(self, device: str, presence: str, since: int, now: int) -> bool:
        """The device is so since `since`; False when that is known, or something newer is."""
        row: dict[str, Value] = {"device": device, "presence": presence, "since": since}
        if _INSERT.count(self._conn, row) == 1:
            return True
        values: dict[str, Value] = {"device_": device, "presence_": presence, "since_": since, "now_": now}
        return _UPDATE.count(self._conn, values) == 1


def read_filed(conn: Connection) -> Iterator[Filed]:
    """Every device in service; one without an area or a household is nowhere ("")."""
    query = (
        select(devices.c.id, func.coalesce(residents.c.area, devices.c.area, ""), devices.c.kind)
        .select_from(
            devices.outerjoin(
                assignments, and_(assignments.c.device == devices.c.id, assignments.c.until.is_(None))
            ).outerjoin(residents, residents.c.id == assignments.c.resident)
        )
        .where(devices.c.removed_at.is_(None))
    )
    return (Filed(*row) for row in conn.execute(query))
