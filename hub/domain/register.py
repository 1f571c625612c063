"""What stands in the register beside residents: clinics, people who help, devices."""

import msgspec

from devices.enrolment import Limits
from devices.topics import DeviceKind


class Clinic(msgspec.Struct, frozen=True, kw_only=True):
    """A 社区卫生服务中心, 卫生院 or 卫生室 that is rung for its own residents."""

    id: str
    name: str
    area: str
    phone: str = ""


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody of the county who does not sign in; `kind` is doctor or grid_worker."""

    id: str
    kind: str
    name: str
    area: str
    phone: str = ""


class DeviceSettings(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is kept of a device beside its columns.

    `topics` are the filters of a gateway's own trees, `limits` what a loudspeaker was enrolled with; one that
    was `moved` since is told its zones at every connection. `former` is the hash of the password before that of
    `renewed_at` (Unix ms), while the new one has not been used; "": none.
    """

    topics: tuple[str, ...] = ()
    limits: Limits = Limits()
    moved: bool = False
    former: str = ""
    renewed_at: int = 0


class DeviceCredentials(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What a device in service proves itself by: the hash of its password; `former` and `renewed_at` as above."""

    password_hash: str
    former: str = ""
    renewed_at: int = 0


class Device(msgspec.Struct, frozen=True, kw_only=True):
    """A device in the register; its id is never given to another, also when `removed_at` (Unix ms) is set."""

    id: str
    kind: DeviceKind
    model: str
    area: str | None
    resident: str | None
    created_at: int
    removed_at: int | None = None
    settings: DeviceSettings = DeviceSettings()


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """Which residents: of the areas whose code begins with `prefix`, with `text` somewhere in what names them."""

    prefix: str
    text: str = ""


class Place(msgspec.Struct, frozen=True):
    """Where a page of residents ended: they are listed by area, then id."""

    area: str
    id: str


class AreaCount(msgspec.Struct, frozen=True):
    """How many residents and devices an area has itself, without those below it."""

    residents: int
    devices: int


class DeviceWish(msgspec.Struct, frozen=True, kw_only=True):
    """Which devices: of the areas whose code begins with `prefix`; `presence` "never" has not spoken yet."""

    prefix: str
    text: str = ""
    kind: str = ""
    presence: str = ""


class DeviceLine(msgspec.Struct, frozen=True, kw_only=True):
    """A device in service where it stands: `area` is its household's, else its own. `since` of its presence."""

    id: str
    kind: str
    model: str
    area: str
    resident: str | None
    resident_name: str | None
    presence: str | None
    since: int | None
