"""Bare subscribers of a zone in one process: when does the last of them have a message?

`python -m tests.benchmarks.watch_zone PORT USERS.json ZONE…`: connects every user of the file, subscribes each
to the command topics of the zones, prints `ready`, and for each topic and payload one JSON line with the
moments of the first and last delivery (Unix ms and monotonic ns) once all have it. Ends with its stdin.
"""

from __future__ import annotations

import json
import select
import sys
import time
from collections import Counter
from pathlib import Path

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion

from devices.topics import zone_command


class Watchers:
    """Connected clients, pumped by hand in this thread."""

    def __init__(self, port: int, users: dict[str, str], zones: list[str]) -> None:
        self._seen: Counter[tuple[str, bytes]] = Counter()
        self._first: dict[tuple[str, bytes], int] = {}
        self._subscribed = 0
        self._poll = select.poll()
        self._clients: dict[int, paho.Client] = {}
        for user, password in users.items():
            client = paho.Client(CallbackAPIVersion.VERSION2, client_id=user)
            client.username_pw_set(user, password)
            client.on_message = self._arrived
            client.on_subscribe = self._was_subscribed
            client.connect("127.0.0.1", port, keepalive=600)
            connection = client.socket()
            assert connection is not None
            self._clients[connection.fileno()] = client
            self._poll.register(connection.fileno(), select.POLLIN)
            while not client.is_connected():  # not client.loop: it selects, and select ends at 1,024 files
                self.pump(100)
            client.subscribe([(zone_command(zone), 1) for zone in zones])
        while self._subscribed < len(users):
            self.pump(100)

    def pump(self, wait_ms: int) -> bool:
        """Read what has come; False when stdin has ended."""
        for fd, _ in self._poll.poll(wait_ms):
            if fd == sys.stdin.fileno():
                return False
            client = self._clients[fd]
            client.loop_read()
            if client.want_write():
                client.loop_write()
        return True

    def until_stdin_ends(self) -> None:
        """Watch."""
        self._poll.register(sys.stdin.fileno(), select.POLLIN | select.POLLHUP)
        while self.pump(1000):
            pass

    def _was_subscribed(self, *_args: object) -> None:
        self._subscribed += 1

    def _arrived(self, _client: paho.Client, _data: object, message: paho.MQTTMessage) -> None:
        key = (message.topic, bytes(message.payload))
        self._first.setdefault(key, time.monotonic_ns())
        self._seen[key] += 1
        if self._seen[key] == len(self._clients):
            told = {
                "topic": message.topic,
                "payload": message.payload.decode(),
                "first_ns": self._first[key],
                "last_ns": time.monotonic_ns(),
                "last_ms": time.time() * 1000,
            }
            print(json.dumps(told), flush=True)


def main() -> None:
    """See the head of this file."""
    port, users, *zones = sys.argv[1:]
    watchers = Watchers(int(port), json.loads(Path(users).read_text()), zones)
    print("ready", flush=True)
    watchers.until_stdin_ends()


if __name__ == "__main__":
    main()
