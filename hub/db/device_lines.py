"""Devices in service as their page lists them: where they stand, whose they are, and their presence as it is known."""

from collections.abc import Mapping, Sequence
from typing import Final

from sqlalchemy import ColumnElement, Connection, Select, and_, func, or_, select

from hub.db.tables import assignments, device_presence, devices, residents
from hub.domain.register import DeviceLine, DeviceWish

NEVER: Final = "never"
_WHERE = func.coalesce(residents.c.area, devices.c.area, "")
_JOINED = (
    devices.outerjoin(assignments, and_(assignments.c.device == devices.c.id, assignments.c.until.is_(None)))
    .outerjoin(residents, residents.c.id == assignments.c.resident)
    .outerjoin(device_presence, device_presence.c.device == devices.c.id)
)


def read_lines(conn: Connection, wish: DeviceWish, after: str, limit: int) -> Sequence[DeviceLine]:
    """The first `limit` whose id comes after `after`, by id."""
    query: Select[tuple[object, ...]] = select(
        devices.c.id,
        devices.c.kind,
        devices.c.model,
        _WHERE.label("area"),
        residents.c.id.label("resident"),
        residents.c.name.label("resident_name"),
        device_presence.c.presence,
        device_presence.c.since,
    ).select_from(_JOINED)
    query = query.where(_matches(wish), devices.c.id > after)
    if wish.presence == NEVER:
        query = query.where(device_presence.c.presence.is_(None))
    elif wish.presence:
        query = query.where(device_presence.c.presence == wish.presence)
    return [DeviceLine(**row) for row in conn.execute(query.order_by(devices.c.id).limit(limit)).mappings()]


def count(conn: Connection, wish: DeviceWish) -> Mapping[str, int]:
    """Presence → how many of those that `wish` asks for but for its presence."""
    said = func.coalesce(device_presence.c.presence, NEVER)
    query = select(said, func.count()).select_from(_JOINED).where(_matches(wish)).group_by(said)
    return {row[0]: row[1] for row in conn.execute(query)}


def _matches(wish: DeviceWish) -> ColumnElement[bool]:
    found = and_(devices.c.removed_at.is_(None), _WHERE.startswith(wish.prefix, autoescape=True))
    if wish.kind:
        found = and_(found, devices.c.kind == wish.kind)
    if wish.text:
        text = wish.text.lower()
        named = (devices.c.id, residents.c.name, devices.c.model)
        found = and_(found, or_(*(func.lower(one).contains(text, autoescape=True) for one in named)))
    return found
