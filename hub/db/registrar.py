"""The register as it is written, and devices as they are listed. Rows of devices are never deleted."""

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

import msgspec
from sqlalchemy import Connection, RowMapping, Select, Table, and_, insert, select, update

from devices.topics import DeviceKind
from hub.db.prepared import Prepared, Value
from hub.db.statements import insert_unless_there
from hub.db.tables import areas, assignments, clinics, contacts, devices, people, residents
from hub.domain.areas import Area
from hub.domain.register import Clinic, Device, DeviceSettings, Person
from hub.domain.residents import Contact, Resident

_settings = msgspec.json.Decoder(DeviceSettings)
_DEVICES = select(devices, assignments.c.resident).select_from(
    devices.outerjoin(assignments, and_(assignments.c.device == devices.c.id, assignments.c.until.is_(None)))
)


_ADD_DEVICE = Prepared(
    insert(devices), ("id", "kind", "model", "area", "password_hash", "created_at", "settings")
)
_ASSIGN = Prepared(insert(assignments), ("device", "resident", "since"))
_ID_PARTS = 500


class Credentials(NamedTuple):
    """A device in service and what its broker account is made of."""

    device: Device
    password_hash: str


class RegistrarRows:
    """Implements hub.ports.Registrar on one connection."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    def add_area(self, area: Area) -> bool:
        """False when the code is there already."""
        return self._add(areas, msgspec.structs.asdict(area))

    def add_clinic(self, clinic: Clinic) -> bool:
        """False when the id is there already."""
        return self._add(clinics, msgspec.structs.asdict(clinic))

    def add_person(self, person: Person) -> bool:
        """False when the id is there already."""
        return self._add(people, msgspec.structs.asdict(person))

    def add_resident(self, resident: Resident, doctor: str | None, grid_worker: str | None) -> bool:
        """False when the id is there already."""
        row = msgspec.structs.asdict(resident)
        return self._add(residents, row | {"doctor": doctor, "grid_worker": grid_worker})

    def add_contacts(self, resident: str, family: Sequence[Contact]) -> None:
        """Emergency contacts in the order in which they are to be called."""
        for position, contact in enumerate(family):
            row = {"id": contact.id, "resident": resident, "position": position, "name": contact.name}
            self._conn.execute(insert(contacts), row | {"relation": contact.relation, "phone": contact.phone})

    def add_device(self, device: Device, password_hash: str) -> bool:
        """False when the id was ever used, also by a device long removed."""
        if not self._add(devices, _row(device, password_hash)):
            return False
        if device.resident is not None:
            self.assign(device.id, device.resident, device.created_at)
        return True

    def add_devices(self, new: Sequence[Device], hashes: Mapping[str, str]) -> None:
        """Many at once, of ids that were never used; `hashes` by id."""
        _ADD_DEVICE.many(self._conn, [_row(one, hashes[one.id]) for one in new])
        homes = [one for one in new if one.resident is not None]
        rows: list[dict[str, Value]] = [
            {"device": one.id, "resident": one.resident, "since": one.created_at} for one in homes
        ]
        _ASSIGN.many(self._conn, rows)

    def ever(self, ids: Collection[str]) -> frozenset[str]:
        """Those of `ids` that were ever a device's."""
        return read_ever(self._conn, ids)

    def device(self, device_id: str) -> Device | None:
        """The device, in service or removed."""
        row = self._conn.execute(_DEVICES.where(devices.c.id == device_id)).mappings().first()
        return None if row is None else _device(row)

    def assign(self, device_id: str, resident: str | None, now: int) -> None:
        """From `now` on the device is this household's; None: nobody's."""
        current = (assignments.c.device == device_id) & assignments.c.until.is_(None)
        self._conn.execute(update(assignments).where(current).values(until=now))
        if resident is not None:
            row = {"device": device_id, "resident": resident, "since": now}
            self._conn.execute(insert(assignments), row)

    def set_credentials(self, device_id: str, password_hash: str) -> str:
        """The device signs in with another password from now on; returns the hash of the one before."""
        this = devices.c.id == device_id
        before = self._conn.execute(select(devices.c.password_hash).where(this)).scalar_one()
        self._conn.execute(update(devices).where(this).values(password_hash=password_hash))
        return str(before)

    def change_device(self, device: Device) -> None:
        """Its model, area and settings are these from now on."""
        values = {
            "model": device.model,
            "area": device.area,
            "settings": msgspec.json.encode(device.settings).decode(),
        }
        self._conn.execute(update(devices).where(devices.c.id == device.id).values(values))

    def remove_device(self, device_id: str, now: int) -> None:
        """Take the device out of service; its row, and so its id, stays."""
        self._conn.execute(update(devices).where(devices.c.id == device_id).values(removed_at=now))

    def has_area(self, code: str) -> bool:
        """Whether the area is in the register."""
        return self._conn.execute(select(areas.c.code).where(areas.c.code == code)).first() is not None

    def resident_area(self, resident: str) -> str | None:
        """The area of a resident who is not removed; None when there is none."""
        there = (residents.c.id == resident) & residents.c.removed_at.is_(None)
        return self._conn.execute(select(residents.c.area).where(there)).scalar()

    def _add(self, table: Table, row: Mapping[str, object]) -> bool:
        return self._conn.execute(insert_unless_there(self._conn, table), row).rowcount == 1


def read_ever(conn: Connection, ids: Collection[str]) -> frozenset[str]:
    """Those of `ids` that were ever a device's, in service or not."""
    wanted = sorted(ids)
    parts = (wanted[start : start + _ID_PARTS] for start in range(0, len(wanted), _ID_PARTS))
    queries = (select(devices.c.id).where(devices.c.id.in_(part)) for part in parts)
    return frozenset(found for query in queries for found in conn.execute(query).scalars())


def _row(device: Device, password_hash: str) -> dict[str, Value]:
    return {
        "id": device.id,
        "kind": device.kind.value,
        "model": device.model,
        "area": device.area,
        "password_hash": password_hash,
        "created_at": device.created_at,
        "settings": msgspec.json.encode(device.settings).decode(),
    }


def read_devices(conn: Connection, prefix: str) -> Sequence[Device]:
    """Devices in service whose area, or whose resident's area, begins with `prefix`, by id."""
    return [_device(row) for row in conn.execute(_within(prefix)).mappings()]


def read_device_page(conn: Connection, prefix: str, after: str, limit: int) -> Sequence[Device]:
    """As `read_devices`: the first `limit` whose id comes after `after`."""
    query = _within(prefix).where(devices.c.id > after).limit(limit)
    return [_device(row) for row in conn.execute(query).mappings()]


def read_device(conn: Connection, device_id: str, prefix: str) -> Device | None:
    """The device, when it is one of `read_devices`."""
    row = conn.execute(_within(prefix).where(devices.c.id == device_id)).mappings().first()
    return None if row is None else _device(row)


def _within(prefix: str) -> Select[tuple[object, ...]]:
    return (
        _DEVICES.outerjoin(residents, residents.c.id == assignments.c.resident)
        .where(devices.c.removed_at.is_(None))
        .where(
            devices.c.area.startswith(prefix, autoescape=True)
            | residents.c.area.startswith(prefix, autoescape=True)
        )
        .order_by(devices.c.id)
    )


def read_credentials(conn: Connection) -> Sequence[Credentials]:
    """Every device in service with its password hash: what the broker must know."""
    query = _DEVICES.where(devices.c.removed_at.is_(None))
    return [Credentials(_device(row), row["password_hash"]) for row in conn.execute(query).mappings()]


def _device(row: RowMapping) -> Device:
    return Device(
        id=row["id"],
        kind=DeviceKind(row["kind"]),
        model=row["model"],
        area=row["area"],
        resident=row["resident"],
        created_at=row["created_at"],
        removed_at=row["removed_at"],
        settings=_settings.decode(row["settings"]),
    )
