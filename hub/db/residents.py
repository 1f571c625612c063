"""Residents as the county keeps them: read by page or whole, written one or twenty thousand at a time."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    bindparam,
    delete,
    func,
    insert,
    or_,
    select,
    tuple_,
    update,
)

from hub.db.prepared import Prepared, Value
from hub.db.statements import Upsert
from hub.db.tables import assignments, contacts, devices, residents
from hub.domain.register import Place, Wanted
from hub.domain.residents import Relative, ResidentRecord

_PLAIN = tuple(name for name in ResidentRecord.__struct_fields__ if name != "contacts")
_COLUMNS = [residents.c[name] for name in _PLAIN]
_THERE = residents.c.removed_at.is_(None)
_CONTACT = ("id", "resident", "position", "name", "relation", "phone")
_UPSERT = Upsert(residents, (*_PLAIN, "removed_at"))
_INSERT = Prepared(insert(residents), (*_PLAIN, "removed_at"))
_FORGET_CONTACTS = Prepared(delete(contacts).where(contacts.c.resident == bindparam("resident_")))
_ADD_CONTACT = Prepared(insert(contacts), _CONTACT)
_ID_PARTS = 500  # ids in one IN: SQLite takes 32,766 variables, and a short list is planned as fast

Family = Mapping[str, tuple[Relative, ...]]


class ResidentRows:
    """Implements hub.ports.Residents on one connection."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    def get(self, resident: str) -> ResidentRecord | None:
        """The resident, unless removed."""
        return read_resident(self._conn, resident, "")

    def kept(self, ids: Collection[str]) -> Mapping[str, bool]:
        """Those of `ids` that have a row → whether the resident is there; a removed one is not."""
        there = _THERE.label("there")
        queries = (
            select(residents.c.id, there).where(residents.c.id.in_(part)) for part in _parts(sorted(ids))
        )
        return {row.id: bool(row.there) for query in queries for row in self._conn.execute(query)}

    def put(self, records: Sequence[ResidentRecord]) -> None:
        """Write `records` whole, new or not; one that was removed is there again."""
        _UPSERT.many(self._conn, [_row(one, None) for one in records])
        _FORGET_CONTACTS.many(self._conn, [{"resident_": one.id} for one in records])
        self._add_contacts(records)

    def stage(self, records: Sequence[ResidentRecord], mark: int) -> None:
        """Write new `records` that nobody sees before `show_staged(mark)`; a mark is below zero."""
        _INSERT.many(self._conn, [_row(one, mark) for one in records])
        self._add_contacts(records)

    def show_staged(self, mark: int) -> None:
        """What was staged under `mark` is there, all at once."""
        self._conn.execute(update(residents).where(residents.c.removed_at == mark).values(removed_at=None))

    def drop_staged(self, first_mark: int, last_mark: int) -> None:
        """Forget what was staged under these marks and never shown."""
        hidden = residents.c.removed_at.between(first_mark, last_mark)
        ids = select(residents.c.id).where(hidden)
        self._conn.execute(delete(contacts).where(contacts.c.resident.in_(ids)))
        self._conn.execute(delete(residents).where(hidden))

    def remove(self, resident: str, now: int) -> None:
        """The row stays for the calls that tell of it."""
        self._conn.execute(update(residents).where(residents.c.id == resident).values(removed_at=now))

    def devices(self, resident: str) -> Sequence[str]:
        """The devices in the resident's household now."""
        return read_devices_of(self._conn, [resident]).get(resident, ())

    def _add_contacts(self, records: Sequence[ResidentRecord]) -> None:
        lines = [line for one in records for line in _lines(one)]
        if lines:
            _ADD_CONTACT.many(self._conn, lines)


def _row(record: ResidentRecord, removed_at: int | None) -> dict[str, Value]:
    row: dict[str, Value] = {name: getattr(record, name) for name in _PLAIN}
    row["removed_at"] = removed_at
    return row


def _lines(record: ResidentRecord) -> Iterator[dict[str, Value]]:
    for n, who in enumerate(record.contacts):
        values = (f"k-{record.id}-{n}", record.id, n, who.name, who.relation, who.phone)
        yield dict(zip(_CONTACT, values, strict=True))


def read_resident(conn: Connection, resident: str, prefix: str) -> ResidentRecord | None:
    """The resident, unless removed or in an area whose code does not begin with `prefix`."""
    query = select(*_COLUMNS).where(residents.c.id == resident, _THERE, _in(prefix))
    return next(iter(_records(conn, query)), None)


def read_residents(conn: Connection, prefix: str) -> Sequence[ResidentRecord]:
    """All residents there, by area and id."""
    query = select(*_COLUMNS).where(_THERE, _in(prefix))
    return _records(conn, query.order_by(residents.c.area, residents.c.id))


def read_resident_page(
    conn: Connection, wanted: Wanted, after: Place | None, limit: int
) -> Sequence[ResidentRecord]:
    """Up to `limit` residents behind `after`, by area and id."""
    query = select(*_COLUMNS).where(_matches(wanted))
    if after is not None:
        query = query.where(tuple_(residents.c.area, residents.c.id) > tuple_(after.area, after.id))
    return _records(conn, query.order_by(residents.c.area, residents.c.id).limit(limit))


def count_residents(conn: Connection, wanted: Wanted) -> int:
    """How many there are on all pages."""
    return conn.execute(select(func.count()).select_from(residents).where(_matches(wanted))).scalar_one()


def read_devices_of(conn: Connection, wanted: Collection[str]) -> dict[str, list[str]]:
    """Resident → devices in their household now, by id."""
    found: dict[str, list[str]] = {}
    for ids in _parts(sorted(wanted)):
        query = (
            select(assignments.c.resident, assignments.c.device)
            .join(devices, devices.c.id == assignments.c.device)
            .where(
                assignments.c.resident.in_(ids), assignments.c.until.is_(None), devices.c.removed_at.is_(None)
            )
            .order_by(assignments.c.device)
        )
        for resident, device in conn.execute(query):
            found.setdefault(resident, []).append(device)
    return found


def _matches(wanted: Wanted) -> ColumnElement[bool]:
    places = and_(_THERE, _in(wanted.prefix))
    if not wanted.text:
        return places
    said = wanted.text.lower()
    naming = (residents.c.name, residents.c.phone, residents.c.address, residents.c.id)
    return and_(places, or_(*(func.lower(column).contains(said, autoescape=True) for column in naming)))


def _in(prefix: str) -> ColumnElement[bool]:
    return residents.c.area.startswith(prefix, autoescape=True)


def _records(conn: Connection, query: Select[tuple[object, ...]]) -> list[ResidentRecord]:
    rows = conn.execute(query).mappings().all()
    family = _families(conn, [row["id"] for row in rows])
    return [ResidentRecord(**row, contacts=family.get(row["id"], ())) for row in rows]


def _families(conn: Connection, ids: Sequence[str]) -> Family:
    order = (contacts.c.resident, contacts.c.position)
    query = select(contacts.c.resident, contacts.c.name, contacts.c.phone, contacts.c.relation).order_by(
        *order
    )
    if len(ids) > _ID_PARTS:  # nearly everybody is asked for
        return _grouped(conn.execute(query))
    return _grouped(conn.execute(query.where(contacts.c.resident.in_(ids)))) if ids else {}


def _grouped(rows: Iterable[Sequence[str]]) -> Family:
    return {
        resident: tuple(Relative(name=row[1], phone=row[2], relation=row[3]) for row in lines)
        for resident, lines in groupby(rows, key=lambda row: row[0])
    }


def _parts(ids: Sequence[str]) -> Iterable[Sequence[str]]:
    return (ids[start : start + _ID_PARTS] for start in range(0, len(ids), _ID_PARTS))
