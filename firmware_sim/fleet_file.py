"""The fleet file: where the hub is, and each simulated device's account and enrolment."""

import ssl
from pathlib import Path

import msgspec

from devices.enrolment import Limits
from devices.errors import DeviceContractError
from devices.ids import check_device_id
from devices.keys import Jwk, KeySet
from devices.topics import DeviceKind
from firmware_sim.errors import FirmwareError


class Broker(msgspec.Struct, frozen=True):
    """The broker's address; `ca` is a PEM text, or a file's path relative to the fleet file, for TLS."""

    host: str
    port: int
    ca: str | None = None


class DeviceEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One device as its enrolment gave it; `every_s` is the longest silence it promises."""

    id: str
    kind: DeviceKind
    username: str
    password: str
    every_s: int = 300
    model: str = "xiangyin-sim"
    hands_off: bool = False
    zones: tuple[str, ...] = ()
    audio_bases: tuple[str, ...] = ()
    root_keys: tuple[Jwk, ...] = ()
    keys: KeySet = KeySet()
    limits: Limits = Limits()


class FleetFile(msgspec.Struct, frozen=True):
    """All of a fleet file; `http` is the hub's base address, for the second path."""

    mqtt: Broker
    http: str
    devices: tuple[DeviceEntry, ...]


def read_fleet(path: Path) -> FleetFile:
    """Read a fleet file; FirmwareError says what is wrong with it."""
    try:
        fleet = msgspec.json.decode(path.read_bytes(), type=FleetFile)
        for device in fleet.devices:
            check_device_id(device.id)
    except OSError as error:
        raise FirmwareError("not_found", f"fleet file {path}: {error.strerror}") from error
    except (msgspec.MsgspecError, DeviceContractError) as error:
        raise FirmwareError("invalid", f"fleet file {path}: {error}") from error
    if len({device.id for device in fleet.devices}) != len(fleet.devices):
        raise FirmwareError("invalid", f"fleet file {path}: a device stands in it twice")
    return fleet


def trust_of(broker: Broker, folder: Path) -> ssl.SSLContext | None:
    """Return the TLS trust for this broker and its hub, None for plain connections."""
    if broker.ca is None:
        return None
    try:
        if broker.ca.startswith("-----BEGIN"):
            return ssl.create_default_context(cadata=broker.ca)
        return ssl.create_default_context(cafile=str(folder / broker.ca))
    except (OSError, ssl.SSLError) as error:
        raise FirmwareError("invalid", f"CA of the broker: {error}") from error
