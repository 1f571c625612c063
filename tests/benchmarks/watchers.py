"""Who sees the presses: a bare paho subscriber, and a client of the event stream. Each is a process of its own.

`python -m tests.benchmarks.watchers paho PORT USER PASSWORD` or `… sse PORT TOKEN`: prints `ready`, then for
each press its id and how long it took in ns, and ends with its stdin.
"""

from __future__ import annotations

import re
import socket
import sys
import threading
import time

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion

from tests.benchmarks.publisher import due_ns

PRESS = re.compile(rb'"press":\{"id":"([0-9a-f]+-[0-9a-f]+)"')
BARE = re.compile(rb'"id":"([0-9a-f]+-[0-9a-f]+)"')


class Seen:
    """Collected in memory, printed at the end: printing costs what is measured."""

    def __init__(self) -> None:
        self.rows: list[tuple[bytes, int]] = []

    def saw(self, press: bytes) -> None:
        """Now."""
        self.rows.append((press, time.monotonic_ns()))

    def report(self) -> None:
        """Id and ns, a line each."""
        lines = (f"{press.decode()} {at - due_ns(press.decode())}\n" for press, at in self.rows)
        sys.stdout.write("".join(lines))
        sys.stdout.flush()


def watch_paho(seen: Seen, port: int, user: str, password: str) -> None:
    """A subscriber that does nothing but look."""
    client = paho.Client(CallbackAPIVersion.VERSION2, client_id=user)
    client.username_pw_set(user, password)

    def arrived(_client: paho.Client, _data: object, message: paho.MQTTMessage) -> None:
        for press in BARE.findall(message.payload):
            seen.saw(press)

    def connected(*_: object) -> None:
        client.subscribe("v1/d/+/call", 1)

    def subscribed(*_: object) -> None:
        print("ready", flush=True)

    client.on_message = arrived
    client.on_connect = connected
    client.on_subscribe = subscribed
    client.connect("127.0.0.1", port)
    client.loop_start()
    sys.stdin.read()
    client.disconnect()
    client.loop_stop()


def watch_sse(seen: Seen, port: int, token: str) -> None:
    """A client of GET /events, as bare as a client can be."""
    connection = socket.create_connection(("127.0.0.1", port))
    request = f"GET /api/v1/events HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: xiangyin_session={token}\r\n\r\n"
    connection.sendall(request.encode())

    def read() -> None:
        rest, ready = b"", False
        while data := connection.recv(1 << 20):
            if not ready:
                ready = True
                print("ready" if data.startswith(b"HTTP/1.1 200") else data[:200], flush=True)
            *events, rest = (rest + data).split(b"\n\n")
            for event in events:
                for press in PRESS.findall(event):
                    seen.saw(press)

    threading.Thread(target=read, daemon=True).start()
    sys.stdin.read()


def main() -> None:
    """See the head of this file."""
    seen = Seen()
    kind, port, *rest = sys.argv[1:]
    (watch_paho if kind == "paho" else watch_sse)(seen, int(port), *rest)
    seen.report()


if __name__ == "__main__":
    main()
