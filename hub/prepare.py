"""What must stand before broker and simulator start: schema, demo county, the broker's folder."""

import logging
import time
from collections.abc import Sequence

from broker_config.accounts import ensure_roles, role_accounts
from broker_config.config import write_config
from broker_config.files import write_accounts
from broker_config.reload import reload
from broker_config.storage import ensure_folder
from hub.broker import broker_folder, device_accounts
from hub.clock import Clock
from hub.db import registrar
from hub.db.reader import Read
from hub.db.registrar import Credentials
from hub.db.store import Store, open_store
from hub.demo.county import read_county
from hub.demo.files import fleet_file, write_fleet, write_logins
from hub.demo.secrets import draw_secrets, load_secrets
from hub.demo.seed import hash_all, renew, seed
from hub.domain.errors import Unavailable
from hub.enrolment import local_reach
from hub.lost_database import check_database, mark_in_use
from hub.settings import LOOPBACK, Settings
from hub.signer.trust import Trust, read_trust
from hub.tls import server_files

SIGNER_PATIENCE_S = 5.0
log = logging.getLogger(__name__)
PREPARED = "prepared"  # a file that stands once this is through; `up` takes it away before it starts


def prepare(settings: Settings) -> None:
    """Bring the data folder to where the broker and the simulator can start; quick when it is there already.

    Errors: NewerSchema, Unavailable (the database is away, or lost), BrokerConfigError (folder, certificates).
    """
    check_database(settings)
    ensure_folder(settings.data_dir)
    clock = Clock()
    store = open_store(settings.database, owner=f"prepare-{settings.hub}", now=clock.now)
    try:
        if settings.demo:
            _prepare_demo(settings, store, clock)
        if settings.own_broker:
            _write_broker(settings, store.read_sync(lambda read: registrar.read_credentials(read.conn)))
        if store.read_sync(lambda read: read.areas("")):
            mark_in_use(settings)
    finally:
        store.close()
    (settings.data_dir / PREPARED).touch()


def _write_broker(settings: Settings, known: Sequence[Credentials]) -> None:
    folder = broker_folder(settings)
    ensure_roles(folder, settings.hub)
    if write_accounts(folder, device_accounts(known), role_accounts(folder)):
        reload(folder)  # it may be running: the hub alone was started again
    write_config(
        folder,
        port=settings.mqtt_port,
        bind=settings.bind if settings.speaks_tls else LOOPBACK,
        tls_port=settings.mqtts_port if settings.speaks_tls else None,
        tls=server_files(settings) if settings.speaks_tls else None,
    )


def _trust(settings: Settings) -> Trust:
    """The signer, started beside us, makes its keys at the very first start; without it there are none."""
    patient_until_s = time.monotonic() + SIGNER_PATIENCE_S
    while True:
        try:
            return read_trust(settings.data_dir)
        except Unavailable:
            if time.monotonic() >= patient_until_s:
                log.warning("no signing keys: the demo's loudspeakers will obey nobody until the next start")
                return Trust()
            time.sleep(0.02)


def _prepare_demo(settings: Settings, store: Store, clock: Clock) -> None:
    """An empty database becomes the demo county; one with another county in it is left alone."""
    codes = {area.code for area in store.read_sync(lambda read: read.areas(""))}
    is_demo = read_county().county.code in codes
    if codes and not is_demo:
        fleet_file(settings.data_dir).unlink(missing_ok=True)
        return
    known = load_secrets(settings.data_dir)
    secrets = known or draw_secrets(settings.data_dir)
    if not is_demo or known is None:
        hashes, now = hash_all(secrets), clock.now()
        accounts = {account.user.username: account for account in store.read_sync(Read.accounts)}
        store.run_sync(lambda tx: renew(tx, accounts, hashes, now) if is_demo else seed(tx, hashes, now))
    devices = list(store.read_sync(lambda read: read.devices("")))
    write_fleet(settings.data_dir, secrets, devices, local_reach(settings), _trust(settings))
    write_logins(settings.data_dir, secrets)
