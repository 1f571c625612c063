"""A hub to be measured: real broker, real database, the calls role in a process of its own, many buttons."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
from sqlalchemy import insert

from broker_config.accounts import ensure_roles
from broker_config.passwords import hash_password
from broker_config.process import BrokerKind
from hub.clock import Clock
from hub.console.auth import COOKIE, new_token, token_hash
from hub.db import tables as t
from hub.db.store import Store, open_store
from hub.db.transaction import Tx
from hub.domain.sessions import Session
from tests.brokers import RunningBroker, Wanted, running_broker
from tests.ports import free_port
from tests.stores import COUNTY_OPERATOR, VILLAGE, add_button, settle

START_S = 240.0


@dataclass
class Plant:
    """A running hub. `token` is a bearer of the county's operator, `devices` have accounts at the broker."""

    broker: RunningBroker
    folder: Path
    http_port: int
    token: str
    devices: list[str]
    database: str
    hub: str = "1"
    process: subprocess.Popen[bytes] | None = None
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def address(self) -> str:
        """Where the hub serves."""
        return f"http://127.0.0.1:{self.http_port}"

    @property
    def cookies(self) -> dict[str, str]:
        """What makes a client the county's operator."""
        return {COOKIE: self.token}

    def second(self) -> Plant:
        """Another hub on the same database and broker, not started yet."""
        name = str(int(self.hub) + 1)
        folder = self.folder.parent / f"hub-{name}"
        self.broker.roles |= ensure_roles(self.broker.folder, name)
        self.broker.renew_roles()
        _lay_folder(folder, self.broker)
        return Plant(self.broker, folder, free_port(), self.token, self.devices, self.database, name)

    def start(self) -> None:
        """Start the calls role and wait until it serves."""
        environment = os.environ | {
            "XIANGYIN_DATA_DIR": str(self.folder),
            "XIANGYIN_HTTP_PORT": str(self.http_port),
            "XIANGYIN_MQTT_PORT": str(self.broker.port),
            "XIANGYIN_LOG_LEVEL": "WARNING",
            "XIANGYIN_HUB": self.hub,
            "XIANGYIN_DATABASE_URL": self.database,
            **self.environment,
        }
        with (self.folder / "calls.log").open("ab") as log:
            command = [sys.executable, "-m", "hub", "serve", "--role", "calls"]
            self.process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        deadline = time.monotonic() + START_S
        while not self._ready():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"the calls role did not start:\n{self.log()[-3000:]}")
            time.sleep(0.02)

    def kill(self) -> None:
        """kill -9, in the middle of whatever it does."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def stop(self) -> None:
        """Ask it to end."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(START_S)

    def log(self) -> str:
        """What the role has said."""
        return (self.folder / "calls.log").read_text(errors="replace")

    def open_store(self) -> Store:
        """A look into its database, beside it."""
        return open_store(self.database, owner="bench", now=Clock().now)

    def memory_mb(self) -> float:
        """Resident memory of the role's process (Linux)."""
        assert self.process is not None
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.split("VmRSS:")[1].split()[0]) / 1024

    def cpu_ms(self) -> float:
        """Processor time that the role's process has used, all its threads (Linux)."""
        assert self.process is not None
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) * 1000 / os.sysconf("SC_CLK_TCK")

    def _ready(self) -> bool:
        try:
            return httpx.get(f"{self.address}/readyz", timeout=2).is_success
        except httpx.HTTPError:
            return False


@contextmanager
def running_plant(
    folder: Path, buttons: int, kind: BrokerKind = BrokerKind.MOSQUITTO, database: str | None = None
) -> Iterator[Plant]:
    """A hub with `buttons` buttons, each of a household of its own; gone after the block.

    `database`: the URL of an empty one; SQLite in `folder` otherwise.
    """
    with running_broker(kind) as broker:
        devices = [f"bench-{n:05}" for n in range(buttons)]
        broker.add_devices(*(Wanted(device) for device in devices))
        _lay_folder(folder, broker)
        url = database or f"sqlite:///{folder / 'xiangyin.db'}"
        plant = Plant(broker, folder, free_port(), new_token(), devices, url)
        _settle(plant)
        plant.start()
        try:
            yield plant
        finally:
            plant.kill()


def _lay_folder(folder: Path, broker: RunningBroker) -> None:
    (folder / "broker").mkdir(parents=True)
    (folder / "broker" / "roles.json").write_bytes((broker.folder / "roles.json").read_bytes())


def _settle(plant: Plant) -> None:
    store = plant.open_store()
    settle_buttons(store, {device: plant.broker.passwords[device] for device in plant.devices}, plant.token)
    store.close()


def settle_buttons(store: Store, passwords: Mapping[str, str], token: str) -> None:
    """The small county, a household for each button (device → password), and a session of its operator."""
    now = Clock().now()

    def everything(tx: Tx) -> None:
        settle(tx)
        rows = [
            {"id": f"r-{device}", "name": f"住户{n}", "area": VILLAGE, "clinic": "clinic-1"}
            for n, device in enumerate(passwords)
        ]
        tx.conn.execute(insert(t.residents), rows)
        for device, password in passwords.items():
            add_button(tx, device, f"r-{device}", hash_password(password))
        expires_at = now + 86_400_000
        session = Session(
            token_hash=token_hash(token), csrf="bench", user=COUNTY_OPERATOR, expires_at=expires_at
        )
        tx.accounts.open_session(session, now)

    store.run_sync(everything)
