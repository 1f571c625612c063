"""Buttons that press on time whatever happens (open loop): one process, one paho client a button, no threads.

`python -m tests.benchmarks.publisher JOB` reads a JSON job, prints `ready`, waits for a line on stdin, presses,
and prints a JSON result. A press id carries the moment at which it was due (CLOCK_MONOTONIC, ns), so whoever
sees it knows how long it took, delays of this process included.
"""

from __future__ import annotations

import secrets
import select
import sys
import time
from pathlib import Path

import msgspec
import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion

DRAIN_S = 20.0


class Job(msgspec.Struct):
    """What to do. `ledger`: a file into which every press is written before it is published."""

    port: int
    devices: dict[str, str]
    rate: float
    seconds: float
    ledger: str | None = None


class Result(msgspec.Struct):
    """What was done: `sent`, how many the broker confirmed, how late the latest press was made."""

    sent: int
    confirmed: int
    latest_ms: float


def press_id(due_ns: int) -> str:
    """An id that says when its press was due."""
    return f"{due_ns:x}-{secrets.token_hex(4)}"


def due_ns(press: str) -> int:
    """When the press behind an id was due."""
    return int(press.split("-", 1)[0], 16)


class Buttons:
    """Connected clients, pumped by hand."""

    def __init__(self, port: int, devices: dict[str, str]) -> None:
        self.confirmed = 0
        self.clients = [self._connect(port, device, password) for device, password in devices.items()]
        self._poll = select.poll()
        self._by_fd = {}
        for client in self.clients:
            while not client.is_connected():
                client.loop(0.1)
            connection = client.socket()
            assert connection is not None
            self._by_fd[connection.fileno()] = client
            self._poll.register(connection.fileno(), select.POLLIN)

    def pump(self, wait_s: float) -> None:
        """Read what has come, for `wait_s` at most."""
        for fd, _ in self._poll.poll(max(0.0, wait_s * 1000)):
            client = self._by_fd[fd]
            client.loop_read()
            if client.want_write():
                client.loop_write()

    def _connect(self, port: int, device: str, password: str) -> paho.Client:
        client = paho.Client(CallbackAPIVersion.VERSION2, client_id=device)
        client.username_pw_set(device, password)
        client.on_publish = self._published
        client.connect("127.0.0.1", port, keepalive=300)
        return client

    def _published(self, *_args: object) -> None:
        self.confirmed += 1


def run(job: Job, buttons: Buttons) -> Result:
    """Press at `rate` for `seconds`; wait until the broker has confirmed all."""
    topics = [f"v1/d/{device}/call" for device in job.devices]
    count = int(job.rate * job.seconds)
    begin = time.monotonic_ns() + 50_000_000
    latest = 0
    ledger = Path(job.ledger).open("ab", buffering=0) if job.ledger else None  # noqa: SIM115 -- as long as we press
    for n in range(count):
        due = begin + int(n * 1e9 / job.rate)
        while (wait := due - time.monotonic_ns()) > 0:
            buttons.pump(wait / 1e9 if wait > 1_000_000 else 0.0)
        latest = max(latest, time.monotonic_ns() - due)
        which, press = n % len(topics), press_id(due)
        if ledger is not None:
            ledger.write(f"{topics[which]} {press}\n".encode())
        buttons.clients[which].publish(topics[which], f'{{"id":"{press}","kind":"sos","at":null}}', 1)
        if n % 16 == 0:
            buttons.pump(0.0)
    deadline = time.monotonic() + DRAIN_S
    while buttons.confirmed < count and time.monotonic() < deadline:
        buttons.pump(0.05)
    return Result(count, buttons.confirmed, latest / 1e6)


def main() -> None:
    """See the head of this file."""
    job = msgspec.json.decode(Path(sys.argv[1]).read_bytes(), type=Job)
    buttons = Buttons(job.port, job.devices)
    print("ready", flush=True)
    sys.stdin.readline()
    print(msgspec.json.encode(run(job, buttons)).decode(), flush=True)


if __name__ == "__main__":
    main()
