"""`python -m broker_config FOLDER`: writes a ready folder, for a broker that somebody else runs."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from broker_config.accounts import ensure_roles, role_accounts
from broker_config.config import LOOPBACK, write_config
from broker_config.errors import BrokerConfigError
from broker_config.files import PASSWORD_FILE, write_accounts
from broker_config.listeners import is_loopback
from broker_config.process import BrokerKind, start_command
from broker_config.tls import ensure_ca


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the folder and say what to do with it; 1 with one line on stderr when it cannot be."""
    options = _parser().parse_args(arguments)
    try:
        write_folder(options.folder, options)
        command = " ".join(start_command(BrokerKind(options.broker), options.folder))
    except BrokerConfigError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(f"{options.folder} is ready. Start the broker with:\n  {command}\n")
    return 0


def write_folder(folder: Path, options: argparse.Namespace) -> None:
    """Configuration, certificates where needed, the hub's accounts; those of devices are left alone."""
    beyond = not is_loopback(options.bind) or options.tls_port is not None
    tls = ensure_ca(folder, [options.bind, *options.host]) if beyond else None
    tls_port = options.tls_port or (8883 if beyond else None)
    write_config(folder, port=options.port, bind=options.bind, tls_port=tls_port, tls=tls)
    ensure_roles(folder, options.hub)
    if not (folder / PASSWORD_FILE).exists():  # else the hub has written its devices there
        write_accounts(folder, [], role_accounts(folder))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m broker_config", description=__doc__)
    parser.add_argument("folder", type=Path, help="where to write; made when missing")
    parser.add_argument("--bind", default=LOOPBACK, help="address to listen at (default %(default)s)")
    parser.add_argument(
        "--port", type=int, default=1883, help="plain MQTT, loopback only (default %(default)s)"
    )
    parser.add_argument("--tls-port", type=int, help="MQTT over TLS (8883 when --bind leaves this machine)")
    parser.add_argument(
        "--host", action="append", default=[], help="name on the certificate; may be repeated"
    )
    parser.add_argument(
        "--hub", default="1", help="the hub's name in its role accounts (default %(default)s)"
    )
    parser.add_argument("--broker", choices=list(BrokerKind), default=BrokerKind.MOSQUITTO)
    return parser


if __name__ == "__main__":
    sys.exit(main())
