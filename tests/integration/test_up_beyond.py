"""Beyond loopback: a device on another machine, here another network namespace, connects over TLS and presses.

Needs root, for the namespace.
"""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.ports import free_port
from tests.ups import PATIENCE_S, RunningUp

FETCH = """
import ssl, sys, urllib.request
trust = ssl.create_default_context(cafile=sys.argv[2] if len(sys.argv) > 2 else None)
print(urllib.request.urlopen(sys.argv[1], timeout=20, context=trust).read().decode())
"""


class Elsewhere(NamedTuple):
    """A network namespace, and this machine's address as it is seen from there."""

    name: str
    address: str

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run a Python program there."""
        return subprocess.run(
            ["ip", "netns", "exec", self.name, sys.executable, *words],
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE_S,
        )


@pytest.fixture
def elsewhere() -> Iterator[Elsewhere]:
    assert os.geteuid() == 0, "a network namespace needs root"
    number = os.getpid() % 250
    name, here, there = f"xy-{os.getpid()}", f"xyh{os.getpid()}", f"xyt{os.getpid()}"
    address, other = f"10.203.{number}.1", f"10.203.{number}.2"
    for words in (
        f"ip netns add {name}",
        f"ip link add {here} type veth peer name {there} netns {name}",
        f"ip addr add {address}/24 dev {here}",
        f"ip link set {here} up",
        f"ip -n {name} addr add {other}/24 dev {there}",
        f"ip -n {name} link set {there} up",
        f"ip -n {name} link set lo up",
    ):
        subprocess.run(words.split(), check=True)
    yield Elsewhere(name, address)
    subprocess.run(["ip", "netns", "del", name], check=True)


def test_a_device_of_another_machine_connects_over_tls_and_its_press_is_received(
    make_up: Callable[..., RunningUp], elsewhere: Elsewhere, tmp_path: Path
) -> None:
    https, mqtts = free_port(), free_port()
    up = make_up(
        XIANGYIN_BIND=elsewhere.address, XIANGYIN_HTTPS_PORT=str(https), XIANGYIN_MQTTS_PORT=str(mqtts)
    )
    up.start("--quiet")
    added = up.command("device", "add", "b-far", "--kind", "button", "--resident", "r-0002")
    enrolment = json.loads(added.stdout)
    assert enrolment["mqtt"]["host"] == elsewhere.address
    assert enrolment["mqtt"]["tls"] is True
    fleet = tmp_path / "fleet.json"
    fleet.write_text(json.dumps(_fleet(enrolment)))

    pressed = elsewhere.run("-P", "-m", "firmware_sim", str(fleet), "--press", "b-far", "--wait-s", "30")

    assert pressed.returncode == 0, pressed.stderr
    assert json.loads(pressed.stdout)["reply"]["state"] == "received"
    assert _ways_of(up, "b-far") == [("mqtt",)], "the broker carried it; the second path was not needed"

    ca = tmp_path / "ca.pem"
    ca.write_text(enrolment["mqtt"]["ca"])
    assert "ok" in elsewhere.run("-c", FETCH, f"{enrolment['http']}/healthz", str(ca)).stdout
    stranger = elsewhere.run("-c", FETCH, f"{enrolment['http']}/healthz")
    assert "CERTIFICATE_VERIFY_FAILED" in stranger.stderr, "only who was given the authority trusts it"
    plain = elsewhere.run("-c", FETCH, f"http://{elsewhere.address}:{up.http_port}/healthz")
    assert "Connection refused" in plain.stderr, "nothing without TLS leaves the machine"


def _ways_of(up: RunningUp, device: str) -> list[tuple[str]]:
    with closing(sqlite3.connect(up.folder / "xiangyin.db")) as database:
        return database.execute("SELECT via FROM presses WHERE device = ?", (device,)).fetchall()


def _fleet(enrolment: dict[str, object]) -> dict[str, object]:
    """What a device was told at its enrolment, as the simulator reads it."""
    credentials = enrolment["credentials"]
    assert isinstance(credentials, dict)
    return {
        "mqtt": enrolment["mqtt"],
        "http": enrolment["http"],
        "devices": [{"id": enrolment["id"], "kind": enrolment["kind"], **credentials}],
    }
