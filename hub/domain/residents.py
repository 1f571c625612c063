"""The elder behind a button, and what a responder needs to know in the first seconds."""

from enum import StrEnum

import msgspec

from hub.domain.notices import Helper


class Whereabouts(StrEnum):
    """How it stands with a resident; shown beside every call of theirs. A press rings whatever it says."""

    HOME = "home"
    AWAY = "away"
    HOSPITAL = "hospital"
    DEAD = "dead"
    STOPPED = "stopped"  # the service was ended


class Contact(msgspec.Struct, frozen=True, kw_only=True):
    """A person of the household's own: emergency contact, village doctor, grid worker."""

    id: str
    kind: str  # contact | doctor | grid_worker | clinic | center
    name: str
    relation: str
    phone: str


class Resident(msgspec.Struct, frozen=True, kw_only=True):
    """One elder or household. Coordinates are WGS-84 degrees; `born` is a year."""

    id: str
    name: str
    area: str
    address: str
    phone: str = ""
    way_in: str = ""
    landmark: str = ""
    born: int | None = None
    sex: str = ""
    conditions: str = ""
    meets_ambulance: str = ""
    clinic: str | None = None
    lat: float | None = None
    lon: float | None = None
    status: str = Whereabouts.HOME.value


class Relative(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """An emergency contact as it is written down, in the order in which they are to be called."""

    name: str
    phone: str
    relation: str = ""


class ResidentRecord(Resident, frozen=True, kw_only=True, gc=False):
    """A resident as the register keeps them: with family, village doctor and grid worker (ids of people)."""

    doctor: str | None = None
    grid_worker: str | None = None
    contacts: tuple[Relative, ...] = ()


class Caller(msgspec.Struct, frozen=True, kw_only=True):
    """What the queue says of a caller: year of birth, whether anything is known of their health, where they are."""

    born: int | None = None
    is_ill: bool = False
    status: str = Whereabouts.HOME.value


class Card(msgspec.Struct, frozen=True, kw_only=True):
    """What the desk shows of a caller, whom to send, and what to say to 120."""

    resident: Resident | None
    area_path: tuple[str, ...]  # county, town, village names from the top
    contacts: tuple[Contact, ...]


class Near(msgspec.Struct, frozen=True, kw_only=True):
    """Who helps a resident, with or without a telephone; `contacts` in the order in which they are to be called."""

    grid_worker: Helper | None = None
    doctor: Helper | None = None
    contacts: tuple[Helper, ...] = ()


class Household(msgspec.Struct, frozen=True, kw_only=True):
    """Where a device's press rings: what routing needs, found in one look-up."""

    device: str
    known: bool  # False: the broker let it in, the register does not know it
    resident: str | None
    resident_name: str | None
    area: str  # of the resident, else of the device, else the county
    clinic: str | None
