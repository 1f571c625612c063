"""Devices that measure all the time, as cheap as a publisher can be, and a bare subscriber to compare with.

`python -m tests.benchmarks.heartbeats send PORT DEVICES.json RATE`: one connection per device, packets written as
bytes, QoS 0, `RATE` messages a second in all, in portions each 5 ms, until stdin ends; then prints how many.
`… bare PORT USER PASSWORD`: aiomqtt on uvloop that does nothing with what it receives; prints at each line on
stdin how many messages its `async for` was given, and how many wait in its queue for that, without bound.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import socket
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import aiomqtt
import uvloop

PORTION_S = 0.005
VALUES = '"battery":%d,"signal":-%d.5,"temperature":2%d.25'


def packet(kind: int, body: bytes) -> bytes:
    """An MQTT control packet."""
    length, encoded = len(body), bytearray()
    while True:
        length, digit = divmod(length, 128)
        encoded.append(digit | (0x80 if length else 0))
        if not length:
            return bytes([kind]) + bytes(encoded) + body


def text(value: str) -> bytes:
    """A string as MQTT has it."""
    data = value.encode()
    return len(data).to_bytes(2, "big") + data


def connect(port: int, device: str, password: str) -> socket.socket:
    """A signed-in device."""
    connection = socket.create_connection(("127.0.0.1", port))
    head = text("MQTT") + bytes([4, 0xC2, 0, 0])
    connection.sendall(packet(0x10, head + text(device) + text(device) + text(password)))
    if connection.recv(4) != bytes([0x20, 2, 0, 0]):
        raise RuntimeError(f"{device} was not let in")
    return connection


def messages(device: str) -> Iterator[bytes]:
    """Packets without end; each has a time of its own, so that none is taken for a copy."""
    topic = text(f"v1/d/{device}/telemetry")
    for at in itertools.count(int(time.time() * 1000) - 3_600_000):
        values = VALUES % (at % 100, 60 + at % 30, at % 10)
        yield packet(0x30, topic + f'{{"at":{at},{values}}}'.encode())


def send(port: int, devices: dict[str, str], rate: float) -> int:
    """Publish until stdin ends."""
    ended = threading.Event()

    def wait() -> None:
        sys.stdin.read()
        ended.set()

    threading.Thread(target=wait, daemon=True).start()
    sources = [(connect(port, device, password), messages(device)) for device, password in devices.items()]
    print("ready", flush=True)
    sent, begin, turn = 0, time.monotonic(), itertools.cycle(sources)
    per_device = max(1, int(rate * PORTION_S / len(sources)))
    while not ended.is_set():
        while sent >= rate * (time.monotonic() - begin):
            time.sleep(PORTION_S)
        connection, source = next(turn)
        connection.sendall(b"".join(itertools.islice(source, per_device)))
        sent += per_device
    return sent


async def receive(port: int, user: str, password: str) -> None:
    """Count; print the count when asked."""
    loop = asyncio.get_running_loop()
    lines = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    taken = 0

    async def take(client: aiomqtt.Client) -> None:
        nonlocal taken
        async for _ in client.messages:
            taken += 1

    async with aiomqtt.Client("127.0.0.1", port, username=user, password=password, identifier=user) as client:
        await client.subscribe("v1/d/+/telemetry", 0)
        taking = asyncio.create_task(take(client))
        print("ready", flush=True)
        while await lines.readline():
            print(taken, len(client.messages), flush=True)
        taking.cancel()


def main() -> None:
    """See the head of this file."""
    kind, port, *rest = sys.argv[1:]
    if kind == "bare":
        uvloop.run(receive(int(port), *rest))
    else:
        devices = json.loads(Path(rest[0]).read_text())
        print(send(int(port), devices, float(rest[1])), flush=True)


if __name__ == "__main__":
    main()
