"""The simulated county: two towns with a clinic each, a household for every button or two, people at desks."""

import sqlite3
from dataclasses import dataclass
from functools import cache

from sqlalchemy import Engine, StaticPool, create_engine, insert

from hub.db import tables as t
from hub.db.migrate import migrate
from hub.domain.people import Role, User

COUNTY = "990421000000"
TOWNS = ("990421101000", "990421102000")
CLINICS = ("clinic-1", "clinic-2")
LONG_AGO = 1_600_000_000_000
ROOMS_OF_A_VILLAGE = 40
HELPERS = ("doctor", "grid_worker")
CLINIC_PHONES = ("", "0571-2000")  # one has a desk alone


@dataclass(frozen=True, slots=True)
class Button:
    """A button, and where the register says that it rings. `resident` None: nobody's, or not even known."""

    device: str
    resident: str | None
    area: str
    clinic: str | None

    @property
    def subject(self) -> str:
        """What has one open call at a time."""
        return self.resident or self.device


def people(desks: int) -> tuple[User, ...]:
    """`desks` operators of each town, two of the county, one at each clinic."""
    users = [_user(f"u-county-{n}", Role.OPERATOR, COUNTY) for n in (1, 2)]
    for town, clinic in zip(TOWNS, CLINICS, strict=True):
        users += [_user(f"u-{town[6:9]}-{n}", Role.OPERATOR, town) for n in range(1, desks + 1)]
        users.append(_user(f"u-{clinic}", Role.CLINIC, town, clinic))
    return tuple(users)


def keeper() -> User:
    """Who keeps the county's register, plans and rosters; no screen of theirs rings."""
    return _user("u-keeper", Role.COUNTY_ADMIN, COUNTY)


def buttons(count: int) -> tuple[Button, ...]:
    """`count` buttons: every fifth hangs in the household of the one before it, every eleventh has no clinic,
    the last is in no register."""
    made = [_button(number) for number in range(count - 1)]
    return (*made, Button("b-stranger", None, COUNTY, None))


def _button(number: int) -> Button:
    household = number - 1 if number % 5 == 4 else number
    town = household % 2
    village = household // 2 // ROOMS_OF_A_VILLAGE % 199 + 201
    area = f"{TOWNS[town][:9]}{village}"
    clinic = None if household % 11 == 10 else CLINICS[town]
    return Button(f"b-{number}", f"r-{household}", area, clinic)


@cache
def template(count: int, desks: int) -> sqlite3.Connection:
    """A migrated database with the county in it, to be copied into each run."""
    made = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    engine = create_engine("sqlite://", creator=lambda: made, poolclass=StaticPool)
    migrate(engine)
    made.execute("CREATE INDEX of_the_simulation ON responders (phone)")  # for whoever a telephone rings
    _settle(engine, buttons(count), people(desks))
    return made


def _settle(engine: Engine, all_buttons: tuple[Button, ...], users: tuple[User, ...]) -> None:
    known = all_buttons[:-1]
    villages = sorted({button.area for button in known})
    residents = {b.resident: b for b in reversed(known)}
    with engine.begin() as conn:
        conn.execute(insert(t.areas), [_area(COUNTY, "county", None)])
        conn.execute(insert(t.areas), [_area(town, "town", COUNTY) for town in TOWNS])
        conn.execute(insert(t.areas), [_area(v, "village", f"{v[:9]}000") for v in villages])
        named = zip(CLINICS, TOWNS, CLINIC_PHONES, strict=True)
        conn.execute(insert(t.clinics), [{"id": c, "name": c, "area": a, "phone": p} for c, a, p in named])
        conn.execute(insert(t.people), [_helper(kind, town) for town in (0, 1) for kind in HELPERS])
        conn.execute(insert(t.residents), [_resident(button) for button in residents.values()])
        family = [one for button in residents.values() for one in _family(button)]
        conn.execute(insert(t.contacts), family)
        conn.execute(insert(t.devices), [_device(button) for button in known])
        conn.execute(
            insert(t.assignments),
            [{"device": b.device, "resident": b.resident, "since": LONG_AGO, "until": None} for b in known],
        )
        conn.execute(insert(t.users), [_row(user) for user in (*users, keeper())])


def _user(name: str, role: Role, area: str, clinic: str | None = None) -> User:
    return User(
        id=name, username=name, name=name, spoken_name=f"{name}值班员", role=role, area=area, clinic=clinic
    )


def _area(code: str, level: str, parent: str | None) -> dict[str, str | None]:
    return {"code": code, "name": code, "level": level, "parent": parent}


def _resident(button: Button) -> dict[str, str | None]:
    """Every third is ill; some have neither village doctor nor grid worker, nor a telephone of their own."""
    number, town = _household(button), TOWNS.index(f"{button.area[:9]}000")
    return {
        "id": button.resident,
        "name": f"{button.resident}老人",
        "area": button.area,
        "clinic": button.clinic,
        "conditions": "心脏病" if number % 3 == 0 else "",
        "phone": f"137{number:08}" if number % 2 else "",
        "doctor": f"p-doctor-{town}" if number % 3 != 2 else None,
        "grid_worker": f"p-grid_worker-{town}" if number % 4 != 3 else None,
    }


def _family(button: Button) -> list[dict[str, str | int]]:
    """None, one or two; the first of some has no telephone."""
    number = _household(button)
    return [
        {
            "id": f"{button.resident}-{position}",
            "resident": button.resident or "",
            "position": position,
            "name": f"{button.resident}家人{position}",
            "relation": "儿子",
            "phone": "" if number % 7 == 6 and not position else f"139{number:06}{position:02}",
        }
        for position in range((1, 2, 2, 0)[number % 4])
    ]


def _helper(kind: str, town: int) -> dict[str, str]:
    phone = f"138{HELPERS.index(kind)}{town:07}"
    return {
        "id": f"p-{kind}-{town}",
        "kind": kind,
        "name": f"{kind}-{town}",
        "area": TOWNS[town],
        "phone": phone,
    }


def _household(button: Button) -> int:
    return int((button.resident or "r-0").removeprefix("r-"))


def _device(button: Button) -> dict[str, str | int]:
    return {"id": button.device, "kind": "button", "password_hash": "-", "created_at": LONG_AGO}


def _row(user: User) -> dict[str, str | None]:
    return {
        "id": user.id,
        "username": user.username,
        "name": user.name,
        "spoken_name": user.spoken_name,
        "role": user.role.value,
        "area": user.area,
        "clinic": user.clinic,
        "password_hash": "-",
    }
