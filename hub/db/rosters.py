"""Duty rosters as rows: one of each place; shifts and changes are JSON."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection, RowMapping, bindparam, delete, select

from hub.db.accounts import user_of
from hub.db.plan_tables import rosters
from hub.db.prepared import Prepared
from hub.db.statements import Upsert
from hub.db.tables import users
from hub.domain.people import Role, User
from hub.domain.rosters import Change, Roster, Shift

_FIELDS = Roster.__struct_fields__
_OF_PLACE = Prepared(
    select(*(rosters.c[name] for name in _FIELDS)).where(rosters.c.place == bindparam("place_"))
)
_PUT = Upsert(rosters, _FIELDS)
_shifts = msgspec.json.Decoder(tuple[Shift, ...])
_changes = msgspec.json.Decoder(tuple[Change, ...])

_EVERY = select(rosters).order_by(rosters.c.area, rosters.c.place)  # asked for every five seconds, all day


class RosterRows:
    """Implements hub.ports.Rosters on one connection."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    def of_place(self, place: str) -> Roster | None:
        """The roster of a ring target."""
        row = _OF_PLACE.one(self._conn, {"place_": place})
        return None if row is None else _roster(dict(zip(_FIELDS, row, strict=True)))

    def get(self, roster: str) -> Roster | None:
        """The roster, when it is there."""
        return read_roster(self._conn, roster)

    def put(self, roster: Roster) -> None:
        """Write it, new or not."""
        row = {name: getattr(roster, name) for name in _FIELDS}
        row["shifts"] = msgspec.json.encode(roster.shifts).decode()
        row["changes"] = msgspec.json.encode(roster.changes).decode()
        _PUT.many(self._conn, [row])

    def remove(self, roster: str) -> None:
        """Everybody of the place is on duty again."""
        self._conn.execute(delete(rosters).where(rosters.c.id == roster))

    def staff(self, place: str) -> Sequence[User]:
        """Who may sign in and whose screen rings at `place`, by name."""
        kind, _, name = place.partition(":")
        here = (
            (users.c.role == Role.OPERATOR.value) & (users.c.area == name)
            if kind == "center"
            else (users.c.role == Role.CLINIC.value) & (users.c.clinic == name)
        )
        query = select(users).where(here, users.c.disabled_at.is_(None)).order_by(users.c.name, users.c.id)
        return [user_of(row) for row in self._conn.execute(query).mappings()]

    def all(self) -> Sequence[Roster]:
        """Every roster."""
        return read_rosters(self._conn, "")


def read_rosters(conn: Connection, prefix: str) -> Sequence[Roster]:
    """Those of the places in the areas whose code begins with `prefix`, by area and place."""
    query = _EVERY.where(rosters.c.area.startswith(prefix, autoescape=True)) if prefix else _EVERY
    return [_roster(row) for row in conn.execute(query).mappings()]


def read_roster(conn: Connection, roster: str) -> Roster | None:
    """The roster, when it is there."""
    row = conn.execute(select(rosters).where(rosters.c.id == roster)).mappings().first()
    return None if row is None else _roster(row)


def _roster(row: Mapping[str, Any] | RowMapping) -> Roster:
    plain = {name: row[name] for name in _FIELDS if name not in ("shifts", "changes")}
    return Roster(**plain, shifts=_shifts.decode(row["shifts"]), changes=_changes.decode(row["changes"]))
