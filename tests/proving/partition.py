"""Buttons on another machine, here another network namespace, and a cable that is pulled."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.ports import free_port
from tests.proving.fault import Fault, Scene
from tests.proving.ground import Ground, draw_passwords, running_program


class Partition(Fault):
    """Nothing arrives and nobody is told: TCP goes on trying."""

    name, contract = "device-partition", True
    says = "the cable between buttons and hub is pulled (TLS, network namespace), and put in again"
    needs_root = "makes a network namespace"

    @contextmanager
    def ground(self, folder: Path, buttons: int) -> Iterator[Ground]:
        """`up` beyond loopback; the buttons' process runs in the namespace."""
        with _elsewhere() as (name, self._link, address):
            https, mqtts = free_port(), free_port()
            beyond = {"XIANGYIN_BIND": address, "XIANGYIN_HTTPS_PORT": str(https)}
            with running_program(
                folder, draw_passwords(buttons), **beyond, XIANGYIN_MQTTS_PORT=str(mqtts)
            ) as ground:
                ground.host, ground.port = address, mqtts
                ground.http = f"https://{address}:{https}"
                ground.ca = (ground.folder / "broker" / "tls" / "ca.pem").read_text()
                ground.before = ("ip", "netns", "exec", name)
                yield ground

    def inflict(self, scene: Scene) -> int:
        """Pulled for the whole time."""
        _run(f"ip link set {self._link} down")
        time.sleep(scene.hold_s)
        _run(f"ip link set {self._link} up")
        return time.monotonic_ns()


@contextmanager
def _elsewhere() -> Iterator[tuple[str, str, str]]:
    """A namespace, our end of the cable to it, and our address there."""
    number = os.getpid() % 250
    name, here, there = f"xy-{os.getpid()}", f"xyh{os.getpid()}", f"xyt{os.getpid()}"
    address = f"10.204.{number}.1"
    _run(f"ip netns add {name}")
    try:
        _run(f"ip link add {here} type veth peer name {there} netns {name}")
        _run(f"ip addr add {address}/24 dev {here}")
        _run(f"ip link set {here} up")
        _run(f"ip -n {name} addr add 10.204.{number}.2/24 dev {there}")
        _run(f"ip -n {name} link set {there} up")
        _run(f"ip -n {name} link set lo up")
        yield name, here, address
    finally:
        _run(f"ip netns del {name}")


def _run(words: str) -> None:
    subprocess.run(words.split(), check=True)


PARTITION = (Partition,)
