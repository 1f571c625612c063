"""`xiangyin broker-config FOLDER`: a ready folder for a broker that somebody else runs."""

from pathlib import Path

import click

from hub.commands.terminal import say, tell
from hub.settings import LOOPBACK, load_settings


@click.command(
    "broker-config",
    help="Write a ready folder (configuration, accounts, rights, certificates) for a broker that somebody else runs.",
)
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--bind", default=LOOPBACK, show_default=True, help="Address it listens at; beyond loopback with TLS."
)
@click.option("--port", default=1883, show_default=True, help="Plain MQTT, loopback only.")
@click.option("--tls-port", default=8883, show_default=True, help="MQTT over TLS, beyond loopback.")
@click.option("--host", "hosts", multiple=True, help="A name on its certificate; may be repeated.")
def command(*, folder: Path, bind: str, port: int, tls_port: int, hosts: tuple[str, ...]) -> None:
    """With the hub's own accounts and every device in service."""
    from broker_config.accounts import ensure_roles, role_accounts
    from broker_config.config import write_config
    from broker_config.files import write_accounts
    from broker_config.listeners import is_loopback
    from broker_config.process import BrokerKind, start_command
    from broker_config.tls import ensure_ca
    from hub.broker import broker_folder, device_accounts
    from hub.commands.stored import opened
    from hub.db.registrar import read_credentials

    settings = load_settings()
    with opened(settings) as (store, _):
        known = store.read_sync(lambda read: read_credentials(read.conn))
    ensure_roles(broker_folder(settings), settings.hub)
    write_accounts(folder, device_accounts(known), role_accounts(broker_folder(settings)))
    beyond = not is_loopback(bind)
    write_config(
        folder,
        port=port,
        bind=bind,
        tls_port=tls_port if beyond else None,
        tls=ensure_ca(folder, [bind, *hosts]) if beyond else None,
    )
    start = " ".join(start_command(BrokerKind.MOSQUITTO, folder)[-3:])
    tell(say("broker-folder", folder=str(folder), devices=len(known), start=start))
