"""The broker's folder as `mosquitto.conf` and `listeners.json` describe it."""

from collections.abc import Iterable
from pathlib import Path

import msgspec

from broker_config.errors import BrokerConfigError
from broker_config.files import PASSWORD_FILE
from broker_config.listeners import LISTENERS_FILE, Listener, is_loopback, read_listeners
from broker_config.mosquitto_conf import config_lines
from broker_config.storage import ensure_folder, replace_file
from broker_config.tls import TlsFiles

CONFIG_FILE = "mosquitto.conf"
LOOPBACK = "127.0.0.1"


def write_config(
    folder: Path,
    *,
    port: int = 1883,
    bind: str = LOOPBACK,
    tls_port: int | None = None,
    tls: TlsFiles | None = None,
    persistence_dir: Path | None = None,
) -> Path:
    """Write `mosquitto.conf` and `listeners.json`; return the path of the first.

    Plain MQTT stays on loopback, whatever `bind` says: when `bind` leaves this machine, `tls_port` and
    `tls` are what it listens with there.
    """
    home = ensure_folder(folder)
    store = ensure_folder(persistence_dir or home / "store")
    listeners = _listeners(port, bind, tls_port, tls)
    replace_file(home / LISTENERS_FILE, msgspec.json.encode(listeners).decode() + "\n")
    blocks = [f"# {line.why}\n{line.setting}\n" for line in config_lines(home, store, listeners)]
    text = "\n".join(["# Written by the hub at each start: edits are lost.\n", *blocks])
    replace_file(home / CONFIG_FILE, text)
    return home / CONFIG_FILE


def is_written_for(folder: Path, addresses: Iterable[tuple[str, int]]) -> bool:
    """Whether a broker that starts from `folder` now reads that folder's accounts and listens exactly there.

    A folder that was moved or copied, or written for another port, describes another broker.
    """
    home = folder.resolve()
    try:
        lines = (home / CONFIG_FILE).read_text(encoding="utf-8").splitlines()
        found = {(listener.host, listener.port) for listener in read_listeners(home)}
    except (OSError, BrokerConfigError):
        return False
    return f"password_file {home / PASSWORD_FILE}" in lines and found == set(addresses)


def _listeners(port: int, bind: str, tls_port: int | None, tls: TlsFiles | None) -> tuple[Listener, ...]:
    plain = Listener(bind if is_loopback(bind) else LOOPBACK, port)
    if tls_port is None and not is_loopback(bind):
        raise BrokerConfigError(
            f"the broker would speak without TLS at {bind}: give a TLS port and certificates,"
            f" or bind to {LOOPBACK}"
        )
    if tls_port is None:
        return (plain,)
    if tls is None:
        raise BrokerConfigError(f"the broker has no certificate for port {tls_port}: make one with ensure_ca")
    return (plain, Listener(bind, tls_port, str(tls.cert.resolve()), str(tls.key.resolve())))
