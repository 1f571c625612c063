"""The files of the demo: sign-ins for the visitor, the fleet for the simulator."""

from pathlib import Path

import msgspec

from broker_config.storage import ensure_folder, replace_file
from devices.enrolment import Limits
from devices.keys import Jwk, KeySet
from devices.topics import DeviceKind
from hub.demo.county import read_county, read_households
from hub.demo.secrets import Secrets, folder_of
from hub.domain.register import Device
from hub.enrolment import Reach, zones
from hub.signer.trust import Trust

LOGINS = "demo-logins.json"
HEARTBEAT_S = 60  # more often than a real button, so that a visitor sees something move


class Login(msgspec.Struct, frozen=True):
    """A user's sign-in."""

    username: str
    password: str


class DeviceLogin(msgspec.Struct, frozen=True):
    """A device's sign-in at the broker."""

    id: str
    username: str
    password: str


class Logins(msgspec.Struct, frozen=True, kw_only=True):
    """demo-logins.json (CONTRACT): one of each, of the same town and village as the button."""

    operator: Login
    clinic: Login
    village_admin: Login
    county_admin: Login
    device: DeviceLogin


class _Broker(msgspec.Struct, frozen=True):
    host: str
    port: int
    ca: str | None


class _Simulated(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    kind: DeviceKind
    username: str
    password: str
    every_s: int
    model: str
    zones: tuple[str, ...]
    audio_bases: tuple[str, ...]
    root_keys: tuple[Jwk, ...]
    keys: KeySet
    limits: Limits


class _Fleet(msgspec.Struct, frozen=True):
    mqtt: _Broker
    http: str
    devices: tuple[_Simulated, ...]


def fleet_file(data_dir: Path) -> Path:
    """The devices that the simulator plays."""
    return folder_of(data_dir) / "fleet.json"


def spare_file(data_dir: Path) -> Path:
    """The one button that the simulator leaves alone, for `xiangyin press` and for visitors."""
    return folder_of(data_dir) / "hands-off.json"


def hands_off_device() -> str:
    """The button of the first household: its town and village are those of the sign-ins."""
    return read_households()[0].device


def write_logins(data_dir: Path, secrets: Secrets) -> None:
    """Write demo-logins.json, for the owner of the folder alone."""
    home = read_households()[0].resident
    town, village = next(
        (town, village)
        for town in read_county().towns
        for village in town.villages
        if village.code == home.area
    )
    device = hands_off_device()
    logins = Logins(
        operator=_login(town.operators[0].username, secrets),
        clinic=_login(town.clinic.staff[0].username, secrets),
        village_admin=_login(village.admin.username, secrets),
        county_admin=_login(read_county().county.admin.username, secrets),
        device=DeviceLogin(device, device, secrets.devices[device]),
    )
    replace_file(data_dir / LOGINS, _pretty(logins))


def write_fleet(data_dir: Path, secrets: Secrets, devices: list[Device], reach: Reach, trust: Trust) -> None:
    """Write what the simulator plays: those `devices` (in service) whose passwords the demo knows."""
    simulated = [
        _Simulated(
            id=device.id,
            kind=device.kind,
            username=device.id,
            password=secrets.devices[device.id],
            every_s=HEARTBEAT_S,
            model=device.model,
            zones=zones(device),
            audio_bases=reach.audio_bases,
            root_keys=trust.root_keys,
            keys=trust.keys,
            limits=device.settings.limits,
        )
        for device in devices
        if device.id in secrets.devices
    ]
    ensure_folder(folder_of(data_dir))
    spare = hands_off_device()
    for path, chosen in (
        (fleet_file(data_dir), [one for one in simulated if one.id != spare]),
        (spare_file(data_dir), [one for one in simulated if one.id == spare]),
    ):
        broker = _Broker(reach.mqtt.host, reach.mqtt.port, reach.mqtt.ca)
        replace_file(path, _pretty(_Fleet(broker, reach.http, tuple(chosen))))


def _login(username: str, secrets: Secrets) -> Login:
    return Login(username, secrets.users[username])


def _pretty(value: msgspec.Struct) -> str:
    return msgspec.json.format(msgspec.json.encode(value)).decode() + "\n"
