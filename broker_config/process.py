"""Starting a broker, and asking whether it answers."""

import os
import shutil
import socket
import sys
from enum import StrEnum
from pathlib import Path

from broker_config.config import CONFIG_FILE
from broker_config.errors import BrokerConfigError
from devices.errors import Kind

_SBIN = ("/usr/sbin", "/usr/local/sbin", "/opt/homebrew/sbin", "/usr/local/opt/mosquitto/sbin")
_CONNACK = 0x20
# CONNECT, MQTT 3.1.1, clean session, no name: every broker of ours refuses it, and so shows that it is there.
_ANONYMOUS_CONNECT = bytes.fromhex("10 0c 00 04 4d 51 54 54 04 02 00 0a 00 00")


class BrokerKind(StrEnum):
    """Which broker the hub runs."""

    MOSQUITTO = "mosquitto"
    EMBEDDED = "embedded"


def find_mosquitto() -> Path | None:
    """The mosquitto of this machine; it often stands where only root's PATH looks."""
    path = os.pathsep.join([os.environ.get("PATH", os.defpath), *_SBIN])
    found = shutil.which("mosquitto", path=path)
    return Path(found) if found else None


def start_command(kind: BrokerKind, folder: Path) -> list[str]:
    """The command that runs a broker on a folder of `write_config`; either ends when its parent does."""
    home = folder.resolve()
    if kind is BrokerKind.EMBEDDED:
        return [sys.executable, "-m", "broker_config.embedded", str(home)]
    mosquitto = find_mosquitto()
    if mosquitto is None:
        raise BrokerConfigError(
            "mosquitto is not installed: install it (Debian: apt install mosquitto) or use the embedded one",
            Kind.NOT_FOUND,
        )
    config = str(home / CONFIG_FILE)
    return [sys.executable, "-m", "broker_config.tether", str(mosquitto), "-c", config]


def speaks_mqtt(host: str, port: int, timeout_s: float = 1.0) -> bool:
    """Whether a broker answers at this plain address; a name or password is not needed to see it."""
    try:
        with socket.create_connection((host, port), timeout_s) as connection:
            connection.sendall(_ANONYMOUS_CONNECT)
            answer = connection.recv(1)
    except OSError:
        return False
    return answer == bytes([_CONNACK])
