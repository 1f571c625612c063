"""`xiangyin bench press`: from a press to its event at a client of the stream, beside the bare parts.

The bare parts: the same publisher to a bare paho subscriber on the same broker, plus one fsynced commit of
the same rows in bare sqlite3; like percentile with like, in one run.
"""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import msgspec

from tests.benchmarks.plant import Plant, running_plant
from tests.benchmarks.publisher import Job, Result
from tests.ports import free_port

RATES: tuple[tuple[str, float, float], ...] = (
    ("idle, 5/s", 5, 30),
    ("50/s", 50, 20),
    ("200/s", 200, 20),
    ("1000/s", 1000, 20),
)
BUTTONS = 300
SETTLE_S = 60.0


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which `share` of `values` lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


class Child:
    """A process that says `ready`, works, and reports when its stdin ends."""

    def __init__(self, *arguments: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert self._process.stdout is not None
        said = self._process.stdout.readline().strip()
        if said != "ready":
            raise RuntimeError(f"{arguments[0]} said {said!r}")

    def finish(self) -> str:
        """End its stdin; what it reported."""
        return self._process.communicate("\n")[0]


def press(plant: Plant, job: Job) -> tuple[Result, Child]:
    """A publisher that is connected and waits for its start."""
    with tempfile.NamedTemporaryFile(suffix=".json", delete=False) as file:
        file.write(msgspec.json.encode(job))
    child = Child("tests.benchmarks.publisher", file.name)
    result = msgspec.json.decode(child.finish(), type=Result)
    Path(file.name).unlink()
    return result, child


def latencies_ms(report: str) -> dict[str, float]:
    """Press → ms."""
    rows = (line.split() for line in report.splitlines())
    return {row[0]: int(row[1]) / 1e6 for row in rows}


def bare_commits_ms(folder: Path, rate: float, seconds: float) -> list[float]:
    """One durable commit of an event-sized row at the same rate, by bare sqlite3."""
    connection = sqlite3.connect(folder / "bare.db", isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("CREATE TABLE IF NOT EXISTS bare (id INTEGER PRIMARY KEY, data BLOB)")
    data, taken, begin = os.urandom(600), [], time.monotonic()
    for n in range(int(rate * min(seconds, 10))):
        time.sleep(max(0.0, begin + n / rate - time.monotonic()))
        start = time.perf_counter()
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT INTO bare (data) VALUES (?)", (data,))
        connection.execute("COMMIT")
        taken.append((time.perf_counter() - start) * 1000)
    connection.close()
    return taken


def measure(plant: Plant, name: str, rate: float, seconds: float) -> dict[str, float | str]:
    """One line of the table."""
    passwords = {device: plant.broker.passwords[device] for device in plant.devices}
    job = Job(port=plant.broker.port, devices=passwords, rate=rate, seconds=seconds)
    watcher = Child("tests.benchmarks.watchers", "sse", str(plant.http_port), plant.token)
    used_ms = plant.cpu_ms()
    sent, _ = press(plant, job)
    _wait_until_stored(plant)
    used_ms = plant.cpu_ms() - used_ms
    hub = latencies_ms(watcher.finish())

    plant.stop()  # the bare run has the machine to itself, as the hub's had
    bare_watcher = Child(
        "tests.benchmarks.watchers",
        "paho",
        str(plant.broker.port),
        "hub.1.calls",
        plant.broker.roles["hub.1.calls"],
    )
    press(plant, job)
    time.sleep(0.5)
    bare = latencies_ms(bare_watcher.finish())
    commits = bare_commits_ms(plant.folder, rate, seconds)
    plant.http_port = free_port()  # somebody else may have taken the old one meanwhile
    plant.start()
    _wait_until_stored(plant)
    line: dict[str, float | str] = {
        "load": name,
        "sent": sent.sent,
        "seen": len(hub),
        "late_ms": sent.latest_ms,
        "cpu_ms": used_ms / sent.sent,
    }
    for label, share in (("p50", 0.5), ("p99", 0.99)):
        ours = percentile(list(hub.values()), share)
        theirs = percentile(list(bare.values()), share) + percentile(commits, share)
        line |= {label: ours, f"{label}_bare": theirs, f"{label}_ratio": ours / theirs}
    return line


def _wait_until_stored(plant: Plant) -> None:
    """Until the hub has nothing left to do: no outgoing message and no press on its way."""
    store = plant.open_store()
    quiet, last = 0, -1
    while quiet < 3:
        time.sleep(0.3)
        newest = store.read_sync(lambda read: read.last_event_id())
        quiet = quiet + 1 if newest == last else 0
        last = newest
    store.close()


def main() -> None:
    """Print the table."""
    only = sys.argv[1:]
    with (
        tempfile.TemporaryDirectory(prefix="xiangyin-bench-") as folder,
        running_plant(Path(folder) / "hub", BUTTONS) as plant,
    ):
        print(
            f"{BUTTONS} buttons, mosquitto, SQLite; ms; bare = paho publish → subscribe + one fsynced commit"
        )
        each = f"{'bare':>8} {'ratio':>6}"
        print(
            f"{'load':>10} {'sent':>7} {'seen':>7} | {'p50':>8} {each} | {'p99':>8} {each} | {'CPU a press':>11}"
        )
        lines = []
        for name, rate, seconds in RATES:
            if only and name not in only:
                continue
            line = measure(plant, name, rate, seconds)
            lines.append(line)
            print(
                f"{line['load']:>10} {line['sent']:>7} {line['seen']:>7} |"
                f" {line['p50']:8.2f} {line['p50_bare']:8.2f} {line['p50_ratio']:6.1f} |"
                f" {line['p99']:8.2f} {line['p99_bare']:8.2f} {line['p99_ratio']:6.1f} |"
                f" {line['cpu_ms']:11.2f}",
                flush=True,
            )
        print(f"memory of the calls role: {plant.memory_mb():.0f} MB")
        print(json.dumps(lines))


if __name__ == "__main__":
    main()
