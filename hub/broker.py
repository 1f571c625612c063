"""Where the broker is, as whom each role signs in, and which devices it lets in."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from broker_config.accounts import DeviceAccount, ensure_roles, role_name
from hub.db.registrar import Credentials
from hub.domain.register import Device
from hub.mqtt.link import Endpoint
from hub.settings import Settings

LOOPBACK = "127.0.0.1"
TLS_PORT, PLAIN_PORT = 8883, 1883


class Address(NamedTuple):
    """Where a broker listens."""

    host: str
    port: int
    tls: bool


def broker_folder(settings: Settings) -> Path:
    """Where the broker's files stand."""
    return settings.data_dir / "broker"


def endpoints(settings: Settings, *roles: str) -> dict[str, Endpoint]:
    """Role → this hub's account for it."""
    passwords = ensure_roles(broker_folder(settings), settings.hub)
    names = {role: role_name(role, settings.hub) for role in roles}
    return {role: _endpoint(settings, name, passwords[name]) for role, name in names.items()}


def device_accounts(known: Sequence[Credentials]) -> list[DeviceAccount]:
    """The devices as the broker knows them; one that was never given a password has no account."""
    return [
        account_of(device, password_hash) for device, password_hash in known if password_hash.startswith("$")
    ]


def account_of(device: Device, password_hash: str) -> DeviceAccount:
    """The device as its broker account."""
    return DeviceAccount(device.id, device.kind, password_hash, device.settings.topics)


def address(settings: Settings) -> Address:
    """The broker as this machine reaches it: our own on loopback, or the one of XIANGYIN_BROKER."""
    if settings.own_broker:
        return Address(LOOPBACK, settings.mqtt_port, tls=False)
    url = urlsplit(settings.broker)
    tls = url.scheme == "mqtts"
    return Address(url.hostname or LOOPBACK, url.port or (TLS_PORT if tls else PLAIN_PORT), tls)


def _endpoint(settings: Settings, username: str, password: str) -> Endpoint:
    host, port, tls = address(settings)
    ca = str(settings.broker_ca) if tls and settings.broker_ca is not None else None
    return Endpoint(host=host, port=port, username=username, password=password, ca=ca, tls=tls)
