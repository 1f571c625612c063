"""The addresses a broker listens at, as the built-in broker reads them."""

import ipaddress
from pathlib import Path

import msgspec

from broker_config.errors import BrokerConfigError
from devices.errors import Kind

LISTENERS_FILE = "listeners.json"


class Listener(msgspec.Struct, frozen=True):
    """One address to listen at; with `cert` and `key` (paths) it speaks TLS."""

    host: str
    port: int
    cert: str | None = None
    key: str | None = None


def read_listeners(folder: Path) -> tuple[Listener, ...]:
    """The listeners that `write_config` left in `folder`."""
    path = folder / LISTENERS_FILE
    try:
        return msgspec.json.decode(path.read_bytes(), type=tuple[Listener, ...])
    except (OSError, msgspec.MsgspecError) as error:
        raise BrokerConfigError(
            f"{path} cannot be read ({error}); have the folder written again", Kind.UNAVAILABLE
        ) from error


def is_loopback(host: str) -> bool:
    """Whether what listens at `host` is reached from this machine alone."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
