"""Runs seeds, and adds up what they came to."""

import gc
import logging
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.simulation.fate import Weather, rarer, weather_of
from tests.simulation.guard import POINTS
from tests.simulation.planting import Planted
from tests.simulation.verdict import Verdict, Wanted
from tests.simulation.virtual import VirtualLoop, run
from tests.simulation.world import World

MEMORY = Path("/dev/shm")
LARGE = 1_000  # buttons
PRESSES_A_BUTTON_AND_DAY = 0.5


def wanted(
    seed: int, *, days: float, buttons: int, weather: Weather | None = None, schema: str = ""
) -> Wanted:
    """One run as the command line asks for it: small counties are pressed more often than real ones, have more faults
    in an hour than a large one in a day, and people who all answer the same call."""
    drawn = weather_of(seed) if weather is None else weather
    return Wanted(
        seed=seed,
        days=days,
        buttons=buttons,
        desks=1 if buttons < 100 else 2,
        weather=drawn if buttons < LARGE else rarer(drawn, 10),
        presses_s=max(30.0, 86_400 / (buttons * PRESSES_A_BUTTON_AND_DAY)) if buttons >= LARGE else 45.0,
        look_first=0.9 if buttons >= LARGE else 0.0,
        schema=schema,
    )


def run_seed(what: Wanted) -> Verdict:
    """One run, from the first start to the verdict."""
    with _quiet(), tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as folder:
        return run(lambda loop: _whole(loop, what, Path(folder)))


async def _whole(loop: VirtualLoop, what: Wanted, folder: Path) -> Verdict:
    world = World(loop, what, folder)
    try:
        return await world.run()
    finally:
        world.close()


def seeds_to_find(planted: Planted, most: int, days: float, buttons: int) -> tuple[int, Verdict | None]:
    """How many seeds a planted fault needs until an invariant breaks; None when none of `most` finds it."""
    for seed in range(1, most + 1):
        with planted.in_place():
            verdict = run_seed(
                wanted(seed, days=planted.days or days, buttons=buttons, schema=planted.schema)
            )
        if verdict.broken:
            return seed, verdict
    return most, None


@contextmanager
def _quiet() -> Iterator[None]:
    """Hundreds of crashes a minute are no news in the hub's log; rubbish is collected between runs,
    and each three hours."""
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    gc.disable()
    gc.freeze()  # what was there before is no rubbish of this run
    try:
        yield
    finally:
        gc.collect()
        gc.unfreeze()
        gc.enable()
        logging.disable(before)


@dataclass
class Tally:
    """The sum of many runs."""

    runs: int = 0
    days: float = 0.0
    presses: int = 0
    calls: int = 0
    crashes: int = 0
    passed: int = 0
    lost: int = 0
    doubled: int = 0
    unseen: int = 0
    broken: int = 0
    points: Counter[str] = field(default_factory=Counter)

    def add(self, verdict: Verdict) -> None:
        """One more."""
        self.runs += 1
        for name in ("days", "presses", "calls", "crashes", "passed", "lost", "doubled", "unseen"):
            setattr(self, name, getattr(self, name) + getattr(verdict, name))
        self.broken += bool(verdict.broken)
        self.points += verdict.points

    def summary(self) -> str:
        """The last line of every run. Crash points: those at which a hub died, of all that it passed."""
        died_at_points = sum(self.points[where] for where in POINTS)
        return (
            f"simulated: seeds={self.runs} days={self.days:.3f} presses={self.presses} calls={self.calls}"
            f" crashes={self.crashes} crash_points={died_at_points}/{self.passed} broken={self.broken}"
            f" lost={self.lost} doubled={self.doubled} unseen={self.unseen}"
        )
