"""The register as the call path reads it: where a press rings, and whom the desk shows."""

from collections.abc import Mapping, Sequence

import msgspec
from sqlalchemy import Connection, and_, bindparam, func, or_, select

from devices.ids import county_of
from hub.db.prepared import Prepared, Value
from hub.db.tables import areas, assignments, clinics, contacts, devices, people, residents
from hub.domain.areas import area_prefix
from hub.domain.calls import Call
from hub.domain.notices import Helper
from hub.domain.register import DeviceCredentials, DeviceSettings
from hub.domain.residents import Card, Contact, Household, Near, Resident

_HOUSEHOLD = Prepared(
    select(
        devices.c.area.label("device_area"),
        residents.c.id,
        residents.c.name,
        residents.c.area,
        residents.c.clinic,
    )
    .select_from(
        devices.outerjoin(
            assignments,
            and_(
                assignments.c.device == devices.c.id,
                assignments.c.since <= bindparam("at_"),
                or_(assignments.c.until.is_(None), assignments.c.until > bindparam("at_")),
            ),
        ).outerjoin(residents, residents.c.id == assignments.c.resident)
    )
    .where(devices.c.id == bindparam("device_"))
    .order_by(assignments.c.since.desc())
    .limit(1)
)
_grid, _doctor = people.alias("grid"), people.alias("doctor")
_HELPERS = Prepared(
    select(_grid.c.name, _grid.c.phone, _doctor.c.name, _doctor.c.phone)
    .select_from(
        residents.outerjoin(_grid, _grid.c.id == residents.c.grid_worker).outerjoin(
            _doctor, _doctor.c.id == residents.c.doctor
        )
    )
    .where(residents.c.id == bindparam("resident_"))
)
_FAMILY = Prepared(
    select(contacts.c.id, contacts.c.name, contacts.c.relation, contacts.c.phone)
    .where(contacts.c.resident == bindparam("resident_"))
    .order_by(contacts.c.position)
)
_PERSON = Prepared(
    select(people.c.id, people.c.kind, people.c.name, people.c.phone, people.c.area).where(
        people.c.id == bindparam("id_")
    )
)
_CLINIC = Prepared(
    select(clinics.c.id, clinics.c.name, clinics.c.phone, clinics.c.area).where(
        clinics.c.id == bindparam("id_")
    )
)
_RESIDENTS_HELPERS = Prepared(
    select(residents.c.doctor, residents.c.grid_worker).where(residents.c.id == bindparam("resident_"))
)
_ROOT = select(areas.c.code).where(areas.c.level == "county").order_by(areas.c.code).limit(1)
_HAS_DEVICE = select(devices.c.id).where(devices.c.id == bindparam("device_"), devices.c.removed_at.is_(None))
_CREDENTIALS = select(devices.c.id, devices.c.password_hash, devices.c.settings).where(
    devices.c.removed_at.is_(None)
)
_settings = msgspec.json.Decoder(DeviceSettings)
NO_COUNTY = "999999000000"  # an empty register still rings: for a county that nobody has set up yet


class RegisterRows:
    """Implements hub.ports.Register on one connection."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    def household(self, device: str, at: int) -> Household:
        """Where a press of `device` rings, as the register stood at `at` (Unix ms).

        A device without a resident rings for its area, one without an area, or unknown, for the county.
        """
        row = _HOUSEHOLD.one(self._conn, {"device_": device, "at_": at})
        if row is None:
            return Household(
                device=device, known=False, resident=None, resident_name=None, area=self._root(), clinic=None
            )
        device_area, resident, name, area, clinic = (None if value is None else str(value) for value in row)
        return Household(
            device=device,
            known=True,
            resident=resident,
            resident_name=name,
            area=area or device_area or self._root(),
            clinic=clinic,
        )

    def helpers(self, resident: str) -> Sequence[Helper]:
        """The grid worker and the first emergency contact, as far as they can be reached by telephone."""
        row = _RESIDENTS_HELPERS.one(self._conn, {"resident_": resident})
        worker = _helpers(self._conn, None if row is None else _id(row[1]))
        near = [*worker, *_family(self._conn, resident)[:1]]
        return [Helper(kind=who.kind, name=who.name, phone=who.phone) for who in near if who.phone]

    def household_helpers(self, resident: str | None, clinic: str | None) -> Sequence[Contact]:
        """Everybody whom a household could send for: its clinic, village doctor, grid worker, then family in order."""
        row = None
        if resident is not None:
            row = _RESIDENTS_HELPERS.one(self._conn, {"resident_": resident})
        people_ = () if row is None else _helpers(self._conn, *map(_id, row))
        family = () if resident is None else _family(self._conn, resident)
        return [*_clinic(self._conn, clinic), *people_, *family]

    def helper(self, kind: str, helper_id: str, call: Call) -> Contact | None:
        """The clinic, person of the call's county or contact of its household that this id names."""
        found: Sequence[Contact] = ()
        if kind == "clinic":
            found = _clinic(self._conn, helper_id, area_prefix(county_of(call.area)))
        elif kind == "contact" and call.resident is not None:
            found = [one for one in _family(self._conn, call.resident) if one.id == helper_id]
        elif kind == "person":
            found = _helpers(self._conn, helper_id, prefix=area_prefix(county_of(call.area)))
        return next(iter(found), None)

    def near(self, resident: str) -> Near:
        """All who help the resident."""
        row = _HELPERS.one(self._conn, {"resident_": resident})
        grid, grid_phone, doctor, doctor_phone = (None, None, None, None) if row is None else row
        return Near(
            grid_worker=None
            if grid is None
            else Helper(kind="grid_worker", name=str(grid), phone=str(grid_phone)),
            doctor=None
            if doctor is None
            else Helper(kind="doctor", name=str(doctor), phone=str(doctor_phone)),
            contacts=tuple(
                Helper(kind="contact", name=one.name, phone=one.phone)
                for one in _family(self._conn, resident)
            ),
        )

    def has_device(self, device: str) -> bool:
        """Whether the register knows the device and it is in service."""
        return self._conn.execute(_HAS_DEVICE, {"device_": device}).first() is not None

    def _root(self) -> str:
        return self._conn.execute(_ROOT).scalar() or NO_COUNTY


def read_card(conn: Connection, resident: str) -> Card | None:
    """The caller's card: the resident, their area by name, and everybody whom one could send."""
    row = conn.execute(select(residents).where(residents.c.id == resident)).mappings().first()
    if row is None:
        return None
    shown = {name: row[name] for name in Resident.__struct_fields__}
    return Card(
        resident=Resident(**shown),
        area_path=tuple(_path(conn, row["area"])),
        contacts=(
            *_family(conn, resident),
            *_helpers(conn, row["doctor"], row["grid_worker"]),
            *_clinic(conn, row["clinic"]),
        ),
    )


def read_area_names(conn: Connection) -> dict[str, str]:
    """Code → name of every area."""
    return {row.code: row.name for row in conn.execute(select(areas.c.code, areas.c.name))}


def read_device_credentials(conn: Connection, device: str) -> DeviceCredentials | None:
    """What a device in service proves itself by."""
    row = conn.execute(_CREDENTIALS.where(devices.c.id == device)).first()
    return None if row is None else _credentials(row[1], row[2])


def read_all_device_credentials(conn: Connection) -> Mapping[str, DeviceCredentials]:
    """The same of every device in service, by its id: what is kept for the day the database is gone."""
    return {r[0]: _credentials(r[1], r[2]) for r in conn.execute(_CREDENTIALS)}


def read_households(conn: Connection, at: int) -> Sequence[Household]:
    """Where every device in service rings at `at` (Unix ms): what is kept for the day the database is gone."""
    query = (
        select(
            devices.c.id,
            func.coalesce(residents.c.area, devices.c.area, _ROOT.scalar_subquery(), NO_COUNTY),
            residents.c.id,
            residents.c.name,
            residents.c.clinic,
        )
        .select_from(
            devices.outerjoin(
                assignments,
                and_(
                    assignments.c.device == devices.c.id,
                    assignments.c.since <= at,
                    or_(assignments.c.until.is_(None), assignments.c.until > at),
                ),
            ).outerjoin(residents, residents.c.id == assignments.c.resident)
        )
        .where(devices.c.removed_at.is_(None))
    )
    return [
        Household(device=r[0], known=True, area=r[1], resident=r[2], resident_name=r[3], clinic=r[4])
        for r in conn.execute(query)
    ]


def count_devices(conn: Connection) -> int:
    """How many devices are in service."""
    query = select(func.count()).select_from(devices).where(devices.c.removed_at.is_(None))
    return conn.execute(query).scalar_one()


def _credentials(password_hash: str, settings: str) -> DeviceCredentials:
    if '"former"' not in settings:  # as of nearly every device
        return DeviceCredentials(password_hash=password_hash)
    kept = _settings.decode(settings)
    return DeviceCredentials(password_hash=password_hash, former=kept.former, renewed_at=kept.renewed_at)


def _path(conn: Connection, area: str) -> list[str]:
    names: list[str] = []
    code: str | None = area
    while code is not None:
        row = conn.execute(select(areas.c.name, areas.c.parent).where(areas.c.code == code)).first()
        if row is None:
            break
        names.insert(0, row.name)
        code = row.parent
    return names


def _id(value: Value) -> str | None:
    return None if value is None else str(value)


def _family(conn: Connection, resident: str) -> Sequence[Contact]:
    return [
        Contact(id=str(row[0]), kind="contact", name=str(row[1]), relation=str(row[2]), phone=str(row[3]))
        for row in _FAMILY.all(conn, {"resident_": resident})
    ]


def _helpers(conn: Connection, *ids: str | None, prefix: str = "") -> Sequence[Contact]:
    rows = [row for one in ids if one is not None for row in _PERSON.all(conn, {"id_": one})]
    return [
        Contact(id=str(who), kind=str(kind), name=str(name), relation="", phone=str(phone))
        for who, kind, name, phone, area in rows
        if str(area).startswith(prefix)
    ]


def _clinic(conn: Connection, clinic: str | None, prefix: str = "") -> Sequence[Contact]:
    rows = () if clinic is None else _CLINIC.all(conn, {"id_": clinic})
    return [
        Contact(id=str(who), kind="clinic", name=str(name), relation="", phone=str(phone))
        for who, name, phone, area in rows
        if str(area).startswith(prefix)
    ]
