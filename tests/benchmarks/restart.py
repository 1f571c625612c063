"""`xiangyin bench restart`: 200 calls that nobody answers, the hub killed and started in the midst of their plans.

The real calls role on a real broker and clock, for a minute: no step of a plan may be missing, and nobody may be
told of one call twice within five seconds.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path

import msgspec
from sqlalchemy import insert, text

from hub.clock import Clock
from hub.db import tables as t
from hub.db.reader import Read
from hub.db.transaction import Tx
from hub.domain.desks import Desk
from hub.domain.views import EventView
from tests.benchmarks.plant import Plant, running_plant
from tests.benchmarks.press import press
from tests.benchmarks.publisher import Job
from tests.stores import COUNTY_OPERATOR, OPERATOR

CALLS = 200
KILLED_AFTER_S = (12.0, 26.0)  # around the steps at 15 and 30 s
WATCHED_S = 75.0
DOUBLED_MS = 5_000
PLANNED_S = {"first": 0, "plan:1": 15, "plan:2": 30, "plan:3": 60}


def run() -> int:
    """Print the figures; how many goals were missed."""
    with (
        tempfile.TemporaryDirectory(prefix="xiangyin-restart-") as folder,
        running_plant(Path(folder) / "hub", CALLS) as plant,
    ):
        _people_the_county(plant)
        began = time.monotonic()
        job = Job(
            port=plant.broker.port,
            devices={device: plant.broker.passwords[device] for device in plant.devices},
            rate=CALLS / 5,
            seconds=5.0,
        )
        result, _ = press(plant, job)
        away = []
        for moment in KILLED_AFTER_S:
            time.sleep(max(0.0, began + moment - time.monotonic()))
            dark = time.monotonic()
            plant.kill()
            plant.start()
            away.append(time.monotonic() - dark)
        time.sleep(max(0.0, began + WATCHED_S - time.monotonic()))
        store = plant.open_store()
        rings = store.read_sync(_rings)
        told = store.read_sync(_told)
        store.close()
    return _judge(rings, told, result.confirmed, away)


def _judge(
    rings: Mapping[str, Sequence[tuple[int, str]]],
    told: Mapping[str, Sequence[int]],
    pressed: int,
    away: Sequence[float],
) -> int:
    """Against the default plan of a town whose screens are open, as far as it goes in the time."""
    missed = sum(len(PLANNED_S.keys() - {step for _, step in steps}) for steps in rings.values())
    twice = sum(len(steps) - len({step for _, step in steps}) for steps in rings.values())
    behind = [
        at - steps[0][0] - 1000 * PLANNED_S[step]
        for steps in rings.values()
        for at, step in steps
        if step in PLANNED_S
    ]
    gaps = [after - before for times in told.values() for before, after in pairwise(sorted(times))]
    doubled = sum(gap < DOUBLED_MS for gap in gaps)
    print(f"{pressed} presses, {len(rings)} calls that nobody answers")
    print(f"kill -9 at {KILLED_AFTER_S} s, away for {', '.join(f'{one:.1f} s' for one in away)}")
    print(f"steps taken {len(behind)}, missing {missed}, taken twice {twice}; most behind {max(behind)} ms")
    print(f"people told {sum(map(len, told.values()))} times, twice within 5 s: {doubled}")
    return missed + twice + doubled + (len(rings) != CALLS)


def _people_the_county(plant: Plant) -> None:
    """Each household has somebody to be told, the grid worker is everybody's, and the centers' screens are open."""
    store = plant.open_store()

    def enter(tx: Tx) -> None:
        rows = [
            {
                "id": f"k-{device}",
                "resident": f"r-{device}",
                "position": 1,
                "name": "子女",
                "phone": f"139{n:08}",
            }
            for n, device in enumerate(plant.devices)
        ]
        tx.conn.execute(insert(t.contacts), rows)
        tx.conn.execute(
            t.residents.update().where(t.residents.c.id.startswith("r-bench")).values(grid_worker="p-grid")
        )

        for user in (OPERATOR, COUNTY_OPERATOR):
            places = (f"center:{user.area}",)
            until = Clock().now() + 3_600_000
            tx.desks.put(
                Desk(id=f"k-{user.id}", user=user.id, targets=places, audible=True, expires_at=until)
            )

    store.run_sync(enter)
    store.close()


def _rings(read: Read) -> dict[str, list[tuple[int, str]]]:
    found: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for call, at, data in read.conn.execute(
        text("SELECT call, at, data FROM events WHERE type = 'call.rung' ORDER BY id")
    ):
        found[call].append((at, msgspec.json.decode(bytes(data), type=EventView).step))
    return found


def _told(read: Read) -> dict[str, list[int]]:
    """Call and address → when a notice reached the demo's outbox page."""
    found: dict[str, list[int]] = defaultdict(list)
    for key, at in read.conn.execute(text("SELECT key, at FROM notices WHERE key IS NOT NULL")):
        call, _, _, address = key.split(":", 3)
        found[call + address].append(at)
    return found


if __name__ == "__main__":
    sys.exit(run())
