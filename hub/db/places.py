"""Areas, clinics and people who help, as the county keeps them; what is in use is counted, never orphaned."""

from collections.abc import Mapping, Sequence

import msgspec
from sqlalchemy import ColumnElement, Connection, delete, func, select

from hub.db.broadcast_tables import groups
from hub.db.plan_tables import policies, rosters
from hub.db.statements import Upsert
from hub.db.tables import areas, assignments, clinics, devices, people, residents, users
from hub.domain.areas import Area
from hub.domain.register import AreaCount, Clinic, Person

_PUT_AREA = Upsert(areas, Area.__struct_fields__)
_PUT_PERSON = Upsert(people, Person.__struct_fields__)
_PUT_CLINIC = Upsert(clinics, Clinic.__struct_fields__)


class PlaceRows:
    """Implements hub.ports.Places on one connection."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    def area(self, code: str) -> Area | None:
        """The area, when it is there."""
        row = self._conn.execute(select(areas).where(areas.c.code == code)).mappings().first()
        return None if row is None else Area(**row)

    def put_areas(self, areas: Sequence[Area]) -> None:
        """Write `areas`, new or not; a parent stands before its children."""
        _PUT_AREA.many(self._conn, [msgspec.structs.asdict(one) for one in areas])

    def remove_area(self, code: str) -> None:
        """Take the area out; nothing may refer to it."""
        self._conn.execute(delete(areas).where(areas.c.code == code))

    def count_in_area(self, code: str) -> int:
        """What refers to the area: areas below, residents (also removed), people, clinics, devices, users, groups,
        its roster, and its plan in force."""
        owners = (residents, people, clinics, devices, users, groups, rosters)
        counts = (self._count(table.c.area == code) for table in owners)
        plans = self._count((policies.c.area == code) & policies.c.current)
        return sum(counts) + plans + self._count(areas.c.parent == code)

    def person(self, person: str) -> Person | None:
        """The village doctor or grid worker, when there."""
        row = self._conn.execute(select(people).where(people.c.id == person)).mappings().first()
        return None if row is None else Person(**row)

    def put_people(self, people: Sequence[Person]) -> None:
        """Write `people`, new or not."""
        _PUT_PERSON.many(self._conn, [msgspec.structs.asdict(one) for one in people])

    def remove_person(self, person: str) -> None:
        """Take the person out; no resident may refer to them."""
        self._conn.execute(delete(people).where(people.c.id == person))

    def count_helped_by(self, person: str) -> int:
        """How many residents, also removed ones, name the person."""
        return self._count((residents.c.doctor == person) | (residents.c.grid_worker == person))

    def clinic(self, clinic: str) -> Clinic | None:
        """The clinic, when it is there."""
        row = self._conn.execute(select(clinics).where(clinics.c.id == clinic)).mappings().first()
        return None if row is None else Clinic(**row)

    def put_clinics(self, clinics: Sequence[Clinic]) -> None:
        """Write `clinics`, new or not."""
        _PUT_CLINIC.many(self._conn, [msgspec.structs.asdict(one) for one in clinics])

    def remove_clinic(self, clinic: str) -> None:
        """Take the clinic out; nothing may refer to it."""
        self._conn.execute(delete(clinics).where(clinics.c.id == clinic))

    def count_at_clinic(self, clinic: str) -> int:
        """How many residents, also removed ones, and users belong to the clinic, and whether it has a roster."""
        owners = (residents, users, rosters)
        return sum(self._count(table.c.clinic == clinic) for table in owners)

    def _count(self, where: ColumnElement[bool]) -> int:
        return self._conn.execute(select(func.count()).where(where)).scalar_one()


def read_people(conn: Connection, prefix: str) -> Sequence[Person]:
    """Village doctors and grid workers of the areas whose code begins with `prefix`, by area and id."""
    query = select(people).where(people.c.area.startswith(prefix, autoescape=True))
    return [Person(**row) for row in conn.execute(query.order_by(people.c.area, people.c.id)).mappings()]


def read_clinics(conn: Connection, prefix: str) -> Sequence[Clinic]:
    """Clinics of the areas whose code begins with `prefix`, by area and id."""
    query = select(clinics).where(clinics.c.area.startswith(prefix, autoescape=True))
    return [Clinic(**row) for row in conn.execute(query.order_by(clinics.c.area, clinics.c.id)).mappings()]


def read_area_counts(conn: Connection, prefix: str) -> Mapping[str, AreaCount]:
    """Area → residents and devices that are there, not below it; areas without either are left out."""
    living = select(residents.c.area, func.count()).where(
        residents.c.removed_at.is_(None), residents.c.area.startswith(prefix, autoescape=True)
    )
    where = func.coalesce(residents.c.area, devices.c.area)
    placed = (
        select(where, func.count())
        .select_from(
            devices.outerjoin(
                assignments, (assignments.c.device == devices.c.id) & assignments.c.until.is_(None)
            ).outerjoin(residents, residents.c.id == assignments.c.resident)
        )
        .where(devices.c.removed_at.is_(None), where.startswith(prefix, autoescape=True))
    )
    homes = {row[0]: row[1] for row in conn.execute(living.group_by(residents.c.area))}
    things = {row[0]: row[1] for row in conn.execute(placed.group_by(where))}
    return {code: AreaCount(homes.get(code, 0), things.get(code, 0)) for code in homes.keys() | things.keys()}
