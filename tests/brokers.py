"""A real broker for the tests: mosquitto or the built-in one, on a free port under a temporary folder.

`broker` runs each test on both; `mosquitto_broker` and `embedded_broker` on one. Each has the accounts that
`add_device` made, and the hub's role accounts in `roles`. mosquitto started as root would become another
user, who cannot read a test's folder: the configuration under test holds a `user` line against that, so it
runs as it would in a county.
"""

from __future__ import annotations

import itertools
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest

from broker_config.accounts import DeviceAccount, ensure_roles, role_accounts
from broker_config.config import write_config
from broker_config.files import write_accounts
from broker_config.passwords import hash_password, new_password
from broker_config.process import BrokerKind, speaks_mqtt, start_command
from broker_config.reload import reload
from broker_config.tls import TlsFiles, ensure_ca
from devices.topics import DeviceKind
from tests.ports import free_port

START_S = 20.0
HOST = "127.0.0.1"


class Wanted(NamedTuple):
    """A device that a test needs an account for."""

    id: str
    kind: DeviceKind = DeviceKind.BUTTON
    topics: tuple[str, ...] = ()


class RunningBroker:
    """A broker process and the folder it runs on; it can be ended, killed and started again."""

    def __init__(self, kind: BrokerKind, folder: Path) -> None:
        self.kind = kind
        self.folder = folder
        self.host = HOST
        self.port = free_port()
        self.tls_port = free_port()
        self.tls: TlsFiles = ensure_ca(folder, [])
        self.roles: dict[str, str] = ensure_roles(folder)
        self.passwords: dict[str, str] = dict(self.roles)
        self._devices: dict[str, DeviceAccount] = {}
        self._numbers = itertools.count(1)
        self._process: subprocess.Popen[bytes] | None = None
        write_config(folder, port=self.port, tls_port=self.tls_port, tls=self.tls)
        self._write_accounts()

    @property
    def pid(self) -> int:
        """The broker's process."""
        assert self._process is not None, "the broker was not started"
        return self._process.pid

    @property
    def log(self) -> str:
        """What the broker has written to stderr so far."""
        return (self.folder / "stderr.log").read_text(errors="replace")

    def add_device(
        self,
        device: str | None = None,
        kind: DeviceKind = DeviceKind.BUTTON,
        topics: tuple[str, ...] = (),
    ) -> str:
        """Make an account, or give it a new password (in `passwords`); return its id."""
        name = device or f"b-{next(self._numbers):04}"
        self.add_devices(Wanted(name, kind, topics))
        return name

    def add_devices(self, *wanted: Wanted) -> None:
        """Make many accounts at once; new ones are good when this returns."""
        new = [each.id for each in wanted if each.id not in self._devices]
        for each in wanted:
            self.passwords[each.id] = new_password()
            hashed = hash_password(self.passwords[each.id])
            self._devices[each.id] = DeviceAccount(each.id, each.kind, hashed, each.topics)
        if self._accounts_changed() and new:
            _wait_for(lambda: signs_in(self.host, self.port, new[-1], self.passwords[new[-1]]), "the account")

    def renew_roles(self) -> None:
        """Let in the roles that have been made in this folder meanwhile; good when this returns."""
        self.passwords |= self.roles
        if self._accounts_changed():
            last = list(self.roles)[-1]
            _wait_for(lambda: signs_in(self.host, self.port, last, self.roles[last]), "the new hub's account")

    def remove_device(self, device: str) -> None:
        """Take the account away and tell the broker, which cuts the device off when it has understood."""
        del self._devices[device]
        self._accounts_changed()

    def start(self) -> None:
        """Start and wait until it answers."""
        with (self.folder / "stderr.log").open("ab") as log:
            self._process = subprocess.Popen(start_command(self.kind, self.folder), stderr=log)
        _wait_for(self._answers, f"{self.kind}, which writes:\n{self.log}")

    def stop(self) -> int:
        """Ask it to end, wait until it has; return its exit code."""
        assert self._process is not None, "the broker was not started"
        self._process.terminate()
        return self._process.wait(START_S)

    def kill(self) -> None:
        """End it as a power cut would."""
        assert self._process is not None, "the broker was not started"
        self._process.kill()
        self._process.wait(START_S)

    def close(self) -> None:
        """Leave nothing behind."""
        if self._process is not None and self._process.poll() is None:
            self.kill()

    def _answers(self) -> bool:
        assert self._process is not None
        assert self._process.poll() is None, f"{self.kind} ended at once:\n{self.log}"
        return speaks_mqtt(self.host, self.port)

    def _accounts_changed(self) -> bool:
        self._write_accounts()
        running = self._process is not None and self._process.poll() is None
        return running and reload(self.folder)

    def _write_accounts(self) -> None:
        write_accounts(self.folder, self._devices.values(), role_accounts(self.folder))


def _wait_for(condition: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + START_S
    while not condition():
        assert time.monotonic() < deadline, f"waited in vain for {what}"
        time.sleep(0.01)


def signs_in(host: str, port: int, user: str, password: str, *, politely: bool = True) -> bool:
    """Sign in as a device would, and leave: with DISCONNECT, or as a connection that breaks."""
    fields = b"".join(len(text).to_bytes(2, "big") + text.encode() for text in (user, user, password))
    variable = bytes.fromhex("00 04 4d 51 54 54 04 c2 00 0a")
    with socket.create_connection((host, port), 5) as connection:
        connection.sendall(bytes([0x10, len(variable) + len(fields)]) + variable + fields)
        accepted = connection.recv(4) == bytes.fromhex("20 02 00 00")
        if accepted and politely:
            connection.sendall(bytes.fromhex("e0 00"))
    return accepted


@contextmanager
def running_broker(kind: BrokerKind) -> Iterator[RunningBroker]:
    """A started broker that is gone after the block, with its folder."""
    with tempfile.TemporaryDirectory(prefix="xiangyin-broker-") as folder:
        broker = RunningBroker(kind, Path(folder).resolve())
        try:
            broker.start()
            yield broker
        finally:
            broker.close()


@pytest.fixture(params=list(BrokerKind), ids=str)
def broker(request: pytest.FixtureRequest) -> Iterator[RunningBroker]:
    """Each broker in turn, with the hub's role accounts and no device."""
    with running_broker(request.param) as running:
        yield running


@pytest.fixture
def mosquitto_broker() -> Iterator[RunningBroker]:
    """mosquitto, with the hub's role accounts and no device."""
    with running_broker(BrokerKind.MOSQUITTO) as running:
        yield running


@pytest.fixture
def embedded_broker() -> Iterator[RunningBroker]:
    """The built-in broker, with the hub's role accounts and no device."""
    with running_broker(BrokerKind.EMBEDDED) as running:
        yield running
