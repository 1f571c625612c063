"""The county of the simulated day: two towns, four villages, two thousand elders, and shifts that end at eight."""

from __future__ import annotations

import random
from collections.abc import Mapping

import msgspec
from sqlalchemy import insert

from hub.db import tables as t
from hub.db.transaction import Tx
from hub.domain.people import Role, Scope, User
from hub.domain.plans import DEFAULT, Plan
from hub.domain.policies import Policy
from hub.domain.rosters import DAY_MS, Roster, Shift

COUNTY = "990421000000"
TOWNS = ("990421101000", "990421102000")
VILLAGES = ("990421101201", "990421101202", "990421102201", "990421102202")
ELDERS = 2_000
DAWN_MS = 1_795_622_400_000  # 2026-11-26 00:00 in Shanghai
HALF_DAY_MS = DAY_MS // 2
EIGHT_MS = 8 * 3_600_000


class Place(msgspec.Struct, frozen=True):
    """Who there is: buttons, staff, and the hours each of them is on duty (Unix ms)."""

    buttons: tuple[str, ...]
    staff: tuple[User, ...]
    hours: Mapping[str, tuple[tuple[int, int], ...]]
    everything: Scope


def settle(tx: Tx, chance: random.Random) -> Place:
    """Enter it all: some elders lack a clinic, a grid worker, a contact."""
    _areas(tx)
    staff = _staff()
    rows = [msgspec.structs.asdict(user) | {"role": user.role.value, "password_hash": "-"} for user in staff]
    tx.conn.execute(insert(t.users), rows)
    buttons = tuple(_elder(tx, number, chance) for number in range(ELDERS))
    plan = Plan(id="plan-day", version=1, area=COUNTY, name="全县预案", steps=DEFAULT.steps)
    tx.plans.put(Policy(plan=plan, at=0, by_id="u", by_name="u"))
    for place in dict.fromkeys(_place(user) for user in staff):
        tx.rosters.put(_roster(place, tuple(user for user in staff if _place(user) == place)))
    return Place(buttons, staff, {user.id: _hours(user) for user in staff}, Scope(area_prefix="99"))


def _areas(tx: Tx) -> None:
    areas = [{"code": COUNTY, "name": "清溪县", "level": "county", "parent": None}]
    areas += [
        {"code": code, "name": f"镇{n}", "level": "town", "parent": COUNTY} for n, code in enumerate(TOWNS)
    ]
    areas += [
        {"code": code, "name": f"村{n}", "level": "village", "parent": code[:9] + "000"}
        for n, code in enumerate(VILLAGES)
    ]
    tx.conn.execute(insert(t.areas), areas)
    clinics = [
        {"id": f"clinic-{town[8]}", "name": f"卫生院{town[8]}", "area": town, "phone": ""} for town in TOWNS
    ]
    tx.conn.execute(insert(t.clinics), clinics)
    people = [
        {"id": f"p-{n}", "kind": "grid_worker", "name": f"网格员{n}", "area": code, "phone": f"1390000000{n}"}
        for n, code in enumerate(VILLAGES)
    ]
    tx.conn.execute(insert(t.people), people)


def _staff() -> tuple[User, ...]:
    """Two by day and one by night at each place; the second town has nobody at night."""
    found = []
    for area, name in ((COUNTY, "county"), (TOWNS[0], "town1"), (TOWNS[1], "town2")):
        found += [_user(f"{name}-{shift}", Role.OPERATOR, area) for shift in ("day1", "day2", "night")]
    for town in TOWNS:
        found += [
            _user(f"clinic{town[8]}-{shift}", Role.CLINIC, town, f"clinic-{town[8]}")
            for shift in ("day1", "night")
        ]
    return tuple(user for user in found if user.id != "u-town2-night")


def _user(name: str, role: Role, area: str, clinic: str | None = None) -> User:
    return User(
        id=f"u-{name}", username=name, name=name, spoken_name=name, role=role, area=area, clinic=clinic
    )


def _elder(tx: Tx, number: int, chance: random.Random) -> str:
    village = VILLAGES[number % len(VILLAGES)]
    resident, button = f"r-{number}", f"b-{number}"
    row = {
        "id": resident,
        "name": f"老人{number}",
        "area": village,
        "clinic": None if chance.random() < 0.1 else f"clinic-{village[8]}",
        "grid_worker": None if chance.random() < 0.1 else f"p-{number % len(VILLAGES)}",
    }
    tx.conn.execute(insert(t.residents), row)
    if chance.random() < 0.8:
        contact = {
            "id": f"k-{number}",
            "resident": resident,
            "position": 1,
            "name": "子女",
            "phone": f"138{number:08}",
        }
        tx.conn.execute(insert(t.contacts), contact)
    device = {"id": button, "kind": "button", "area": None, "password_hash": "-", "created_at": 0}
    tx.conn.execute(insert(t.devices), device)
    tx.conn.execute(insert(t.assignments), {"device": button, "resident": resident, "since": 0})
    return button


def _place(user: User) -> str:
    return f"center:{user.area}" if user.clinic is None else f"clinic:{user.clinic}"


def _roster(place: str, staff: tuple[User, ...]) -> Roster:
    shifts = [
        Shift(
            name=name,
            start=f"2026-01-01T{start}",
            rrule="FREQ=DAILY",
            minutes=720,
            people=tuple(user.id for user in staff if ("night" in user.id) == at_night),
            leader=staff[0].id if place == f"center:{COUNTY}" else None,
            phone="13900000099" if place == f"center:{COUNTY}" else "",
        )
        for name, start, at_night in (("白班", "08:00", False), ("夜班", "20:00", True))
    ]
    kept = tuple(shift for shift in shifts if shift.people)
    clinic = place.removeprefix("clinic:") if place.startswith("clinic:") else None
    return Roster(
        id=f"ro-{place[-12:]}", place=place, area=staff[0].area, clinic=clinic, name="值班表", shifts=kept
    )


def _hours(user: User) -> tuple[tuple[int, int], ...]:
    morning = DAWN_MS + EIGHT_MS
    if "night" not in user.id:
        return ((morning, morning + HALF_DAY_MS), (morning + DAY_MS, morning + DAY_MS + HALF_DAY_MS))
    return ((DAWN_MS, morning), (morning + HALF_DAY_MS, morning + DAY_MS))
