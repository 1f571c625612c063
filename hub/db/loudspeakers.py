"""Where loudspeakers stand, and their groups, as broadcasts ask for them."""

from collections.abc import Sequence

from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.sql.elements import ColumnElement

from broadcast.domain.zones import Group, Loudspeaker, prefix_of
from devices.topics import DeviceKind
from hub.db.broadcast_tables import group_members, groups
from hub.db.statements import insert_unless_there
from hub.db.tables import areas, devices

_LOUDSPEAKERS = select(devices.c.id, devices.c.area).where(
    devices.c.kind == DeviceKind.LOUDSPEAKER.value,
    devices.c.removed_at.is_(None),
    devices.c.area.is_not(None),
)


class LoudspeakerRows:
    """Implements broadcast.rows.Places on one connection."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    def area_name(self, code: str) -> str | None:
        """The area's name; None when there is none of that code."""
        return self._conn.execute(select(areas.c.name).where(areas.c.code == code)).scalar()

    def group(self, group_id: str) -> Group | None:
        """The group with its members."""
        row = self._conn.execute(select(groups).where(groups.c.id == group_id)).first()
        if row is None:
            return None
        members = select(group_members.c.device).where(group_members.c.group == group_id)
        found = self._conn.execute(members.order_by(group_members.c.device)).scalars()
        return Group(id=row.id, name=row.name, area=row.area, members=tuple(found))

    def loudspeakers_in(self, area: str) -> Sequence[Loudspeaker]:
        """Those in service that stand in `area` or below it, by id."""
        inside = devices.c.area.startswith(prefix_of(area), autoescape=True)
        return self._found(inside)

    def loudspeakers_of(self, group_id: str) -> Sequence[Loudspeaker]:
        """Those in service that belong to a group, by id."""
        members = select(group_members.c.device).where(group_members.c.group == group_id)
        return self._found(devices.c.id.in_(members))

    def loudspeaker(self, device_id: str) -> Loudspeaker | None:
        """A loudspeaker in service."""
        return next(iter(self._found(devices.c.id == device_id)), None)

    def put_group(self, group: Group, now: int) -> None:
        """The group as it is from now on."""
        row = {"id": group.id, "name": group.name, "area": group.area, "created_at": now}
        if self._conn.execute(insert_unless_there(self._conn, groups), row).rowcount == 0:
            changed = update(groups).where(groups.c.id == group.id)
            self._conn.execute(changed.values(name=group.name, area=group.area))
        self._conn.execute(delete(group_members).where(group_members.c.group == group.id))
        if group.members:
            self._conn.execute(
                insert(group_members), [{"group": group.id, "device": device} for device in group.members]
            )

    def remove_group(self, group_id: str) -> None:
        """There is no such group any more."""
        self._conn.execute(delete(group_members).where(group_members.c.group == group_id))
        self._conn.execute(delete(groups).where(groups.c.id == group_id))

    def _found(self, wanted: ColumnElement[bool]) -> Sequence[Loudspeaker]:
        query = _LOUDSPEAKERS.where(wanted).order_by(devices.c.id)
        return [Loudspeaker(row.id, row.area) for row in self._conn.execute(query)]


def read_groups(conn: Connection, prefix: str) -> Sequence[Group]:
    """The groups of the areas whose code begins with `prefix`, by id."""
    query = select(groups.c.id).where(groups.c.area.startswith(prefix, autoescape=True)).order_by(groups.c.id)
    rows = LoudspeakerRows(conn)
    return [group for group_id in conn.execute(query).scalars() if (group := rows.group(group_id))]
