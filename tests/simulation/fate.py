"""What a seed decides: which faults a run has, how often, and every later throw of the dice.

Each concern has a stream of its own, so that one more throw in one place changes nothing elsewhere. Not every
run has every fault: what hides behind a frequent one is found by a run without it (swarm testing: Groce et al.,
ISSTA 2012).
"""

from dataclasses import dataclass, replace
from random import Random


@dataclass(frozen=True, slots=True, kw_only=True)
class Weather:
    """The faults of one run. Rates are mean seconds between two of a kind, 0 for never; the rest is chance."""

    hubs: int
    on_disk: bool
    races: bool  # two hubs' transactions overlap, as PostgreSQL's READ COMMITTED lets them
    crash_every_s: float
    power_cut_every_s: float  # every hub at once
    sql_fault_every_s: float
    database_outage_every_s: float
    slow_commit: float
    broker_crash_every_s: float
    broker_outage_every_s: float
    hub_cut_every_s: float
    hub_clock_step_every_s: float
    hub_drift: float
    device_cut_every_s: float
    device_restart_every_s: float
    device_clock_step_every_s: float
    smashed: float
    loss: float
    double: float
    delay_s: float
    second_path_fails: float
    without_second_path: float
    plain: float
    spool_slots: int
    spool_dead: float
    screen_cut_every_s: float
    press_again: float
    never_answers: float
    answers_twice: float
    same_instant: float
    releases: float
    leaves_alone: float
    hang_every_s: float  # the database neither takes nor refuses anything for a while
    blackout_every_s: float  # first the database, then the broker with its memory, and every hub
    together_every_s: float  # two buttons of one household in the same moment
    wrong_start_every_s: float  # a hub starts with a clock that is ahead, while nobody looks
    missed_every_s: (
        float  # a button is away when it is answered, and back while no hub hears who comes and goes
    )


RATES = tuple(name for name in Weather.__dataclass_fields__ if name.endswith("_every_s"))


class Fate:
    """The dice of a seed."""

    def __init__(self, seed: int) -> None:
        self.seed = seed

    def stream(self, *name: object) -> Random:
        """Dice of one concern alone."""
        return Random("/".join(map(str, (self.seed, *name))))


# long: a table, a line for each fault
def weather_of(seed: int) -> Weather:
    """Which faults the run of `seed` has."""
    dice = Fate(seed).stream("weather")

    def every(chance: float, low_s: float, high_s: float) -> float:
        hit = dice.random() < chance
        return dice.uniform(low_s, high_s) if hit else 0.0

    def sometimes(chance: float, most: float) -> float:
        hit = dice.random() < chance
        return dice.uniform(0, most) if hit else 0.0

    hubs = dice.choice((1, 1, 2, 2, 3))
    return Weather(
        hubs=hubs,
        on_disk=hubs == 1 and dice.random() < 0.4,
        races=hubs > 1 and dice.random() < 0.7,
        crash_every_s=every(0.9, 10, 100),
        power_cut_every_s=every(0.15, 400, 1200),
        sql_fault_every_s=every(0.5, 10, 100),
        database_outage_every_s=every(0.4, 200, 900),
        slow_commit=sometimes(0.5, 0.1),
        broker_crash_every_s=every(0.35, 200, 1200),
        broker_outage_every_s=every(0.35, 200, 1200),
        hub_cut_every_s=every(0.5, 60, 600),
        hub_clock_step_every_s=every(0.3, 200, 900),
        hub_drift=sometimes(0.5, 2e-4),
        device_cut_every_s=every(0.6, 60, 900),
        device_restart_every_s=every(0.4, 200, 2000),
        device_clock_step_every_s=every(0.4, 200, 2000),
        smashed=sometimes(0.4, 0.2),
        loss=sometimes(0.7, 0.15),
        double=sometimes(0.7, 0.2),
        delay_s=dice.choice((0.02, 0.05, 0.3, 2.0)),
        second_path_fails=sometimes(0.7, 0.6),
        without_second_path=sometimes(0.6, 1.0),
        plain=sometimes(0.7, 0.8),
        spool_slots=dice.choice((2, 8, 64)),
        spool_dead=sometimes(0.2, 0.3),
        screen_cut_every_s=every(0.7, 60, 900),
        press_again=dice.uniform(0, 0.5),
        never_answers=sometimes(0.7, 0.6),
        answers_twice=sometimes(0.5, 0.5),
        same_instant=sometimes(0.7, 0.8),
        releases=sometimes(0.7, 0.5),
        leaves_alone=sometimes(0.5, 0.3),
        hang_every_s=every(0.3, 60, 600),
        blackout_every_s=every(0.3, 150, 900),
        wrong_start_every_s=every(0.3, 150, 900),
        together_every_s=every(0.6, 30, 200),
        missed_every_s=every(0.3, 60, 300),
    )


def rarer(weather: Weather, times: float) -> Weather:
    """The same faults, each so many times rarer: a long run has as many of them as a short one has."""
    rates = {name: getattr(weather, name) * times for name in RATES}
    return replace(weather, **rates)


def fair(hubs: int = 1) -> Weather:
    """A day on which nothing fails."""
    numbers = dict.fromkeys(Weather.__dataclass_fields__, 0)
    settled = {"hubs": hubs, "on_disk": False, "races": False, "delay_s": 0.02, "spool_slots": 64}
    return Weather(**{**numbers, **settled, "press_again": 0.2})  # type: ignore[arg-type]
