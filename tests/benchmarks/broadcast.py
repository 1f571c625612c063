"""`xiangyin bench broadcast`: county-wide runs at 500 loudspeakers, beside a bare publish to as many.

A whole `up` with 500 simulated loudspeakers, enrolled through the API. As many bare watchers subscribe to the
county's zone after them: the delivery counts from the moment in the signed command's `seq` (when the signer
signed it) to the last watcher, behind every loudspeaker. Bare is a paho publish of as many bytes to the same
watchers in another zone, behind as many bare readers as there are loudspeakers: both are handed out to the same
number of subscribers.
"""

from __future__ import annotations

import base64
import json
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion

from broker_config.accounts import ensure_roles
from broker_config.passwords import hash_password, new_password
from devices.topics import DeviceKind, zone_command
from hub.clock import Clock
from hub.db.store import open_store
from hub.db.transaction import Tx
from hub.services.register import NewDevice, add_device
from tests.brokers import signs_in
from tests.ups import RunningUp

LOUDSPEAKERS = 500
DEMO_COUNTY, ELSEWHERE = "990121000000", "990999000000"
BARE_ZONE = "g-bare"
PATIENCE_S = 180.0
RUNS, BARE_RUNS = 3, 5
TEXT = "各位村民请注意，气象台发布暴雨红色预警，请大家待在家里，不要到河边去，照看好家里的老人和孩子。"


class County:
    """A running hub, its two administrators signed in, its loudspeakers enrolled."""

    def __init__(self, up: RunningUp, folder: Path) -> None:
        self.up, self.folder = up, folder
        self.admins = [self._administrator(n, DEMO_COUNTY) for n in (1, 2)]
        areas = self.admins[0].get("/areas").json()["items"]
        self.county = next(area["code"] for area in areas if area["level"] == "county")
        self.villages = [area["code"] for area in areas if area["level"] == "village"]

    def enrol(self, count: int) -> list[dict[str, Any]]:
        """New loudspeakers over the villages, through the API."""

        def one(number: int) -> dict[str, Any]:
            place = self.villages[number % len(self.villages)]
            body = {"id": f"ls-bench-{number:04}", "kind": "loudspeaker", "area": place}
            enrolled: dict[str, Any] = self.admins[0].post("/devices", json=body).raise_for_status().json()
            return enrolled

        with ThreadPoolExecutor(8) as pool:
            return list(pool.map(one, range(count)))

    def enrol_watchers(self, count: int) -> dict[str, str]:
        """Accounts that may read zones and are no target of this county's: user → password."""
        users = {f"w-bench-{number:04}": new_password() for number in range(count)}
        assert self.up.command("area", "add", ELSEWHERE, "邻县").returncode == 0
        store = open_store(f"sqlite:///{self.up.folder / 'xiangyin.db'}", owner="bench", now=Clock().now)

        def add(tx: Tx) -> None:
            for user, password in users.items():
                new = NewDevice(id=user, kind=DeviceKind.LOUDSPEAKER, area=ELSEWHERE)
                add_device(tx, new, hash_password(password), None, Clock().now())

        store.run_sync(add)
        store.close()
        last = list(users)[-1]
        self.up.until(lambda: signs_in("127.0.0.1", self.up.mqtt_port, last, users[last]))
        return users

    def simulate(self, devices: list[dict[str, Any]]) -> subprocess.Popen[bytes]:
        """The simulator with these loudspeakers."""
        fleet = {
            "mqtt": {"host": "127.0.0.1", "port": self.up.mqtt_port, "ca": None},
            "http": devices[0]["http"],
            "devices": [
                {
                    key: device[key]
                    for key in ("id", "kind", "zones", "audio_bases", "root_keys", "keys", "limits")
                }
                | device["credentials"]
                | {"every_s": 300}
                for device in devices
            ],
        }
        file = self.folder / "fleet.json"
        file.write_text(json.dumps(fleet))
        state = str(self.folder / "sim")
        command = [
            sys.executable,
            "-P",
            "-m",
            "firmware_sim",
            str(file),
            "--state",
            state,
            "--quiet",
            "--no-record",
        ]
        return subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=(self.folder / "sim.log").open("wb")
        )

    def _administrator(self, number: int, area: str) -> httpx.Client:
        name = f"bench-admin-{number}"
        words = (
            "user",
            "add",
            name,
            "--role",
            "county_admin",
            "--area",
            area,
            "--name",
            f"测{number}",
        )
        said = self.up.command(*words)
        assert said.returncode == 0, said.stderr
        password = said.stdout.split()[-1]
        client = httpx.Client(base_url=f"http://127.0.0.1:{self.up.http_port}/api/v1", timeout=30)
        signed_in = client.post("/session", json={"username": name, "password": password}).raise_for_status()
        client.headers["X-CSRF-Token"] = signed_in.json()["csrf"]
        return client


class Watching:
    """Bare watchers of `zones`, in a process of their own."""

    def __init__(self, county: County, users: dict[str, str], *zones: str) -> None:
        file = county.folder / f"watchers-{len(zones)}.json"
        file.write_text(json.dumps(users))
        self._process = subprocess.Popen(
            [
                *(sys.executable, "-m", "tests.benchmarks.watch_zone"),
                *(str(county.up.mqtt_port), str(file), *zones),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._line() == "ready"

    def next(self) -> dict[str, Any]:
        """The next message that every watcher has."""
        told: dict[str, Any] = json.loads(self._line())
        return told

    def close(self) -> None:
        """End the process."""
        self._process.communicate("")

    def _line(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()


def progress(what: str) -> None:
    """What goes on, to whoever waits."""
    print(f"… {what}", file=sys.stderr, flush=True)


def bare_ms(up: RunningUp, password: str, watching: Watching, size: int) -> float:
    """The median of some bare publishes of `size` bytes, to the last watcher."""
    client = paho.Client(CallbackAPIVersion.VERSION2, client_id="hub.2.calls")
    client.username_pw_set("hub.2.calls", password)
    client.connect("127.0.0.1", up.mqtt_port)
    client.loop_start()
    taken: list[float] = []
    for number in range(BARE_RUNS):
        time.sleep(0.5)
        begin = time.monotonic_ns()
        client.publish(zone_command(BARE_ZONE), f"{number}".ljust(size, "x").encode(), 1)
        taken.append((watching.next()["last_ns"] - begin) / 1e6)
    client.disconnect()
    client.loop_stop()
    return sorted(taken)[len(taken) // 2]


def until_online(county: County, count: int) -> None:
    """Until so many loudspeakers have been seen."""
    deadline = time.monotonic() + PATIENCE_S
    while True:
        log = county.folder / "sim" / "control.sock"
        if log.exists() and _connected(county.folder / "sim") >= count:
            return
        assert time.monotonic() < deadline, (county.folder / "sim.log").read_text()[-2000:]
        time.sleep(0.2)


def _connected(state: Path) -> int:
    from firmware_sim.control import CountOrder, order

    answer = order(state, CountOrder(), 10)
    return 0 if answer is None or answer.connected is None else answer.connected


def broadcast(county: County) -> str:
    """Write a county-wide broadcast, and let the second person agree; its id."""
    first, second = county.admins
    body = {"title": "暴雨", "text": TEXT, "areas": [county.county], "repeat": 1}
    written = first.post("/broadcasts", json=body).raise_for_status().json()
    deadline = time.monotonic() + PATIENCE_S
    while (now := first.get(f"/broadcasts/{written['id']}").json())["state"] == "preparing":
        assert time.monotonic() < deadline, now
        time.sleep(0.05)
    second.post(f"/broadcasts/{written['id']}/approve", json={"rev": now["rev"]}).raise_for_status()
    identity: str = written["id"]
    return identity


def signed_ms(compact: str) -> int:
    """When the signer signed this command (`seq`, Unix ms)."""
    payload = compact.split(".")[1]
    seq: int = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))["seq"]
    return seq


def covered(county: County, identity: str) -> tuple[dict[str, Any], float]:
    """(coverage, seconds since the last sound ended) once every loudspeaker has played."""
    deadline = time.monotonic() + PATIENCE_S
    while True:
        run = county.admins[0].get(f"/broadcasts/{identity}").json()["runs"][0]
        coverage = run["coverage"]
        if coverage["played"] + coverage["failed"] >= coverage["targeted"] > 0:
            items = receipts(county, identity, run["id"])
            last_ms = max(item["played_at"] or 0 for item in items)
            return coverage, time.time() - last_ms / 1000
        assert time.monotonic() < deadline, coverage
        time.sleep(0.1)


def receipts(county: County, identity: str, run: str) -> list[dict[str, Any]]:
    """What every loudspeaker says of the run."""
    items: list[dict[str, Any]] = []
    query: dict[str, str | int] = {"limit": 500}
    while True:
        page = county.admins[0].get(f"/broadcasts/{identity}/runs/{run}/receipts", params=query).json()
        items += page["items"]
        if page["next_cursor"] is None:
            return items
        query["cursor"] = page["next_cursor"]


def main() -> None:
    """Print the figures."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else LOUDSPEAKERS
    with tempfile.TemporaryDirectory(prefix="xiangyin-broadcast-") as folder:
        home = Path(folder)
        data = home / "data"
        password = ensure_roles(data / "broker", "2")["hub.2.calls"]
        up = RunningUp(data, home / "screen")
        try:
            up.start("--quiet")
            _measure(County(up, home), count, password)
        finally:
            up.close()


def _measure(county: County, count: int, password: str) -> None:
    progress(f"enrolling {count} loudspeakers and {2 * count} bare readers")
    users = county.enrol_watchers(2 * count)
    beside, watched = dict(list(users.items())[:count]), dict(list(users.items())[count:])
    simulator = county.simulate(county.enrol(count))
    try:
        progress("waiting until they are connected")
        until_online(county, count)
        instead = Watching(county, beside, BARE_ZONE)  # of the loudspeakers, when the bare message goes out
        watching = Watching(county, watched, county.county, BARE_ZONE)
        delivered: list[float] = []
        for number in range(1, RUNS + 1):
            progress(f"broadcast {number} of {RUNS}")
            identity = broadcast(county)
            told = watching.next()
            delivered.append(told["last_ms"] - signed_ms(told["payload"]))
            coverage, behind_s = covered(county, identity)
            print(f"run {number}: coverage {coverage}, complete {behind_s:.1f} s after the last had played")
        delivered_ms = sorted(delivered)[RUNS // 2]
        bare = bare_ms(county.up, password, watching, len(told["payload"]))
        watching.close()
        instead.close()
    finally:
        simulator.terminate()
        simulator.wait(20)
    print(f"signed → last of {count} deliveries, median of {RUNS}: {delivered_ms:.0f} ms; ", end="")
    print(f"bare publish, median of {BARE_RUNS}: {bare:.0f} ms; {delivered_ms / bare:.1f} ×")


if __name__ == "__main__":
    main()
