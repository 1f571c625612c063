"""The facts behind coverage, each in one statement, however large the county."""

from collections.abc import Mapping, Sequence

from sqlalchemy import ColumnElement, Connection, and_, case, exists, func, select

from hub.db.rosters import read_rosters
from hub.db.tables import (
    areas,
    assignments,
    clinics,
    contacts,
    desk_targets,
    desks,
    device_presence,
    devices,
    people,
    residents,
    users,
)
from hub.domain.coverage import Post, Residents, Unprotected, Village
from hub.domain.people import Role
from hub.domain.presence import Presence

_held = and_(
    assignments.c.resident == residents.c.id,
    assignments.c.until.is_(None),
    devices.c.id == assignments.c.device,
    devices.c.removed_at.is_(None),
)
_has_device = exists(
    select(1).select_from(assignments.join(devices, devices.c.id == assignments.c.device)).where(_held)
)
_has_reachable = exists(
    select(1)
    .select_from(
        assignments.join(devices, devices.c.id == assignments.c.device).outerjoin(
            device_presence, device_presence.c.device == devices.c.id
        )
    )
    .where(_held, func.coalesce(device_presence.c.presence, "") != Presence.LOST.value)
)
_has_contact = exists(select(1).where(contacts.c.resident == residents.c.id, contacts.c.phone != ""))
_has_worker = exists(select(1).where(people.c.id == residents.c.grid_worker, people.c.phone != ""))
_LACKS: Mapping[str, ColumnElement[bool]] = {
    "clinic": residents.c.clinic.is_(None),
    "contact": ~_has_contact,
    "grid_worker": ~_has_worker,
    "device": ~_has_device,
    "lost": and_(_has_device, ~_has_reachable),
}


def read_lacking(conn: Connection, prefix: str, limit: int) -> Residents:
    """The residents of the areas whose code begins with `prefix` who lack something; the first `limit` by area."""
    flags = [case((lacks, 1), else_=0).label(name) for name, lacks in _LACKS.items()]
    here = and_(residents.c.removed_at.is_(None), residents.c.area.startswith(prefix, autoescape=True))
    seen = select(residents.c.id, residents.c.name, residents.c.area, *flags).where(here).subquery()
    sums = [func.coalesce(func.sum(seen.c[name]), 0) for name in _LACKS]
    any_of = sum((seen.c[name] for name in _LACKS), start=seen.c.clinic * 0) > 0
    lacking = func.coalesce(func.sum(case((any_of, 1), else_=0)), 0)
    total, some, *counts = conn.execute(select(func.count(), lacking, *sums).select_from(seen)).one()
    rows = conn.execute(select(seen).where(any_of).order_by(seen.c.area, seen.c.id).limit(limit)).mappings()
    items = tuple(
        Unprotected(
            id=row["id"],
            name=row["name"],
            area=row["area"],
            lacks=tuple(name for name in _LACKS if row[name]),
        )
        for row in rows
    )
    return Residents(
        total=total, lacking=int(some), items=items, **dict(zip(_LACKS, map(int, counts), strict=True))
    )


def read_posts(conn: Connection, prefix: str, now: int) -> Sequence[Post]:
    """Every center and clinic of the areas whose code begins with `prefix`, centers first."""
    awake = _awake(conn, now)
    staff = _staff(conn)
    kept = {roster.place: roster for roster in read_rosters(conn, prefix)}
    centers = select(areas.c.code, areas.c.name, areas.c.code).where(
        areas.c.level.in_(("county", "town")), areas.c.code.startswith(prefix, autoescape=True)
    )
    found = [
        (f"center:{code}", name, area) for code, name, area in conn.execute(centers.order_by(areas.c.code))
    ]
    standing = select(clinics.c.id, clinics.c.name, clinics.c.area).where(
        clinics.c.area.startswith(prefix, autoescape=True)
    )
    rows = conn.execute(standing.order_by(clinics.c.area, clinics.c.id))
    found += [(f"clinic:{clinic}", name, area) for clinic, name, area in rows]
    return [
        Post(
            place=place,
            name=name,
            area=area,
            staff=staff.get(place, 0),
            awake=place in awake,
            roster=kept.get(place),
        )
        for place, name, area in found
    ]


def read_villages(conn: Connection, prefix: str) -> Sequence[Village]:
    """The villages whose code begins with `prefix`."""
    query = select(areas.c.code, areas.c.name).where(
        areas.c.level == "village", areas.c.code.startswith(prefix, autoescape=True)
    )
    return [Village(code, name) for code, name in conn.execute(query.order_by(areas.c.code))]


def _awake(conn: Connection, now: int) -> frozenset[str]:
    query = (
        select(desk_targets.c.target)
        .join(desks, desks.c.id == desk_targets.c.desk)
        .where(desks.c.audible, desks.c.expires_at > now)
    )
    return frozenset(row.target for row in conn.execute(query))


def _staff(conn: Connection) -> Mapping[str, int]:
    """Ring target → how many may sign in there."""
    query = select(users.c.role, users.c.area, users.c.clinic, func.count()).where(
        users.c.disabled_at.is_(None)
    )
    counted: dict[str, int] = {}
    for role, area, clinic, count in conn.execute(query.group_by(users.c.role, users.c.area, users.c.clinic)):
        place = f"center:{area}" if role == Role.OPERATOR.value else f"clinic:{clinic}"
        if role in (Role.OPERATOR.value, Role.CLINIC.value):
            counted[place] = counted.get(place, 0) + count
    return counted
