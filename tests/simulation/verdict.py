"""What a run is asked for, and what it came to."""

from collections import Counter
from dataclasses import dataclass

from tests.simulation.fate import Weather


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """One run. `presses_s`: mean seconds between two presses in the whole county; `look_first`: of the people who would
    answer a call that their screen shows in other hands, how many see so in time."""

    seed: int
    days: float
    buttons: int
    desks: int
    weather: Weather
    presses_s: float
    look_first: float = 0.0
    schema: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a run came to."""

    seed: int
    days: float
    presses: int
    calls: int
    crashes: int
    points: Counter[str]
    passed: int
    lost: int
    doubled: int
    unseen: int
    broken: tuple[tuple[str, str], ...]
    story: tuple[str, ...]  # of what broke, and whom it concerns; empty: nothing did
    whole: tuple[str, ...]
