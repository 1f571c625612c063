"""The county as it is written down beside this file: `county.toml` and `residents.csv`, read into values."""

import csv
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import msgspec

from hub.domain.areas import Area
from hub.domain.people import Role
from hub.domain.register import Clinic, Person
from hub.domain.residents import Contact, Resident

FOLDER = Path(__file__).parent


class SignIn(msgspec.Struct, frozen=True):
    """Somebody of the demo who signs in."""

    username: str
    name: str
    spoken_name: str


class Leader(SignIn, frozen=True):
    """A 带班领导: signs in as the people of the place do, answers on no shift, and is told by telephone."""

    phone: str


class DemoShift(msgspec.Struct, frozen=True):
    """A shift of every day from local time `begins` on; people and leader by user name."""

    name: str
    begins: str
    hours: int
    people: tuple[str, ...]
    leader: str


class Member(msgspec.Struct, frozen=True, kw_only=True):
    """A sign-in with its place in the county."""

    who: SignIn
    role: Role
    area: str
    clinic: str | None = None


class Helper(msgspec.Struct, frozen=True):
    """A village doctor or grid worker."""

    id: str
    name: str
    phone: str


class Loudspeaker(msgspec.Struct, frozen=True):
    """One loudspeaker; `model` says where it hangs."""

    id: str
    model: str


class DemoClinic(msgspec.Struct, frozen=True):
    """A town's clinic and its staff."""

    id: str
    name: str
    phone: str
    staff: tuple[SignIn, ...]
    leaders: tuple[Leader, ...]
    shifts: tuple[DemoShift, ...]


class Village(msgspec.Struct, frozen=True, kw_only=True):
    """A village and those who serve it."""

    code: str
    name: str
    lat: float
    lon: float
    admin: SignIn
    doctor: Helper
    grid_worker: Helper
    loudspeakers: tuple[Loudspeaker, ...]


class Town(msgspec.Struct, frozen=True, kw_only=True):
    """A town, its center and its clinic."""

    code: str
    name: str
    lat: float
    lon: float
    operators: tuple[SignIn, ...]
    leaders: tuple[Leader, ...]
    shifts: tuple[DemoShift, ...]
    clinic: DemoClinic
    villages: tuple[Village, ...]


class Center(msgspec.Struct, frozen=True, kw_only=True):
    """The county and its center."""

    code: str
    name: str
    lat: float
    lon: float
    admin: SignIn
    operators: tuple[SignIn, ...]
    leaders: tuple[Leader, ...]
    shifts: tuple[DemoShift, ...]


class Household(msgspec.Struct, frozen=True, kw_only=True):
    """One line of residents.csv: an elder, whom to call for them, and their button."""

    resident: Resident
    contacts: tuple[Contact, ...]
    device: str


class County(msgspec.Struct, frozen=True, kw_only=True):
    """All of it."""

    button_model: str
    plan: str
    roster: str
    county: Center
    towns: tuple[Town, ...]

    def areas(self) -> Iterator[Area]:
        """From the top, so that a parent comes before its children."""
        top = self.county
        yield Area(code=top.code, name=top.name, level="county", parent=None, lat=top.lat, lon=top.lon)
        for town in self.towns:
            yield Area(
                code=town.code, name=town.name, level="town", parent=top.code, lat=town.lat, lon=town.lon
            )
            for place in town.villages:
                yield Area(
                    code=place.code,
                    name=place.name,
                    level="village",
                    parent=town.code,
                    lat=place.lat,
                    lon=place.lon,
                )

    def clinics(self) -> Iterator[Clinic]:
        """One of each town."""
        for town in self.towns:
            yield Clinic(id=town.clinic.id, name=town.clinic.name, area=town.code, phone=town.clinic.phone)

    def people(self) -> Iterator[Person]:
        """Each village's doctor and grid worker."""
        for village in self.villages():
            for kind, who in (("doctor", village.doctor), ("grid_worker", village.grid_worker)):
                yield Person(id=who.id, kind=kind, name=who.name, area=village.code, phone=who.phone)

    def villages(self) -> Iterator[Village]:
        """All villages, town by town."""
        for town in self.towns:
            yield from town.villages

    def members(self) -> Iterator[Member]:
        """Everybody who signs in."""
        top = self.county
        yield Member(who=top.admin, role=Role.COUNTY_ADMIN, area=top.code)
        for who in (*top.operators, *top.leaders):
            yield Member(who=who, role=Role.OPERATOR, area=top.code)
        for town in self.towns:
            for who in (*town.operators, *town.leaders):
                yield Member(who=who, role=Role.OPERATOR, area=town.code)
            for who in (*town.clinic.staff, *town.clinic.leaders):
                yield Member(who=who, role=Role.CLINIC, area=town.code, clinic=town.clinic.id)
            for village in town.villages:
                yield Member(who=village.admin, role=Role.VILLAGE_ADMIN, area=village.code)

    def leaders(self) -> Iterator[Leader]:
        """Whoever leads a shift somewhere."""
        yield from self.county.leaders
        for town in self.towns:
            yield from (*town.leaders, *town.clinic.leaders)

    def clinic_of(self, village: str) -> str:
        """The clinic that serves a village."""
        return next(t.clinic.id for t in self.towns for v in t.villages if v.code == village)


@cache
def read_county() -> County:
    """The county without its residents."""
    return msgspec.toml.decode((FOLDER / "county.toml").read_bytes(), type=County)


@cache
def read_households() -> tuple[Household, ...]:
    """The forty elders, in the order of their buttons."""
    county = read_county()
    with (FOLDER / "residents.csv").open(encoding="utf-8", newline="") as file:
        return tuple(_household(county, row) for row in csv.DictReader(file))


def _household(county: County, row: dict[str, str]) -> Household:
    resident = f"r-{row['device'].removeprefix('b-')}"
    return Household(
        resident=Resident(
            id=resident,
            name=row["name"],
            area=row["village"],
            address=row["address"],
            phone=row["phone"],
            way_in=row["way_in"],
            landmark=row["landmark"],
            born=int(row["born"]),
            sex=row["sex"],
            conditions=row["conditions"],
            meets_ambulance=row["meets_ambulance"],
            clinic=county.clinic_of(row["village"]),
            lat=float(row["lat"]),
            lon=float(row["lon"]),
        ),
        contacts=tuple(_contacts(resident, row["contacts"])),
        device=row["device"],
    )


def _contacts(resident: str, listed: str) -> Iterator[Contact]:
    for number, one in enumerate(listed.split(";"), start=1):
        relation, name, phone = one.split("/")
        yield Contact(id=f"k-{resident}-{number}", kind="contact", name=name, relation=relation, phone=phone)
