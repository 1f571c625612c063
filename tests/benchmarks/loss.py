"""`xiangyin bench loss`: presses while the calls role is killed again and again; nothing may be lost or doubled.

Publishers are plain QoS 1 clients without any retry of their own. Each press is written into a ledger before it
is published; at the end the ledger is compared with the database: every press once, with one event.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from threading import Thread

import msgspec
from sqlalchemy import select

from hub.db.presses import count as count_presses
from hub.db.reader import Read
from hub.db.tables import events, presses
from tests.benchmarks.plant import Plant, running_plant
from tests.benchmarks.press import press
from tests.benchmarks.publisher import Job, Result

KILLS = 30
RATE = 50.0
BUTTONS = 300
LONGEST_LIFE_S = 5.0
SETTLE_S = 120.0


def run(kills: int, seed: int) -> int:
    """Print the ledger against the database; the number of presses lost or doubled."""
    chance = random.Random(seed)
    lives = [chance.uniform(0.0, LONGEST_LIFE_S) for _ in range(kills)]
    seconds = sum(lives) + kills * 1.5 + 5
    with (
        tempfile.TemporaryDirectory(prefix="xiangyin-loss-") as folder,
        running_plant(Path(folder) / "hub", BUTTONS) as plant,
    ):
        ledger = Path(folder) / "ledger"
        job = Job(
            port=plant.broker.port,
            devices={device: plant.broker.passwords[device] for device in plant.devices},
            rate=RATE,
            seconds=seconds,
            ledger=str(ledger),
        )
        results: list[Result] = []
        publishing = Thread(target=lambda: results.append(press(plant, job)[0]))
        publishing.start()
        for life in lives:
            time.sleep(life)
            plant.kill()
            plant.start()
        publishing.join()
        pressed = Counter(line.split()[1] for line in ledger.read_text().splitlines())
        _wait_until_recorded(plant, len(pressed))
        return _compare(plant, pressed, results[0], kills, seed)


def _compare(plant: Plant, pressed: Counter[str], result: Result, kills: int, seed: int) -> int:
    store = plant.open_store()
    stored = Counter(store.read_sync(lambda read: read.conn.execute(select(presses.c.id)).scalars().all()))
    told = Counter(store.read_sync(_told))
    store.close()
    lost = [press_id for press_id in pressed if stored[press_id] == 0]
    doubled = [press_id for press_id in pressed if stored[press_id] > 1 or told[press_id] != 1]
    print(f"seed {seed}: kill -9 of the calls role {kills} times, {len(pressed)} presses at {RATE:.0f}/s,")
    print(f"{result.confirmed} confirmed by the broker; lost {len(lost)}, doubled {len(doubled)}")
    return len(lost) + len(doubled)


def _told(read: Read) -> list[str]:
    """The press of each event that tells of one."""
    about = events.c.type.in_(("call.raised", "call.pressed"))
    rows = read.conn.execute(select(events.c.data).where(about)).scalars()
    return [msgspec.json.decode(data)["press"]["id"] for data in rows]


def _wait_until_recorded(plant: Plant, count: int) -> None:
    store = plant.open_store()
    deadline = time.monotonic() + SETTLE_S
    while time.monotonic() < deadline:
        if store.read_sync(lambda read: count_presses(read.conn)) >= count:
            break
        time.sleep(0.2)
    store.close()


def main() -> None:
    """Kills and seed may be given."""
    kills = int(sys.argv[1]) if len(sys.argv) > 1 else KILLS
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else random.randrange(1 << 32)
    sys.exit(1 if run(kills, seed) else 0)


if __name__ == "__main__":
    main()
