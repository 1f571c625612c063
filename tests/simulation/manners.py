"""How the people of a run are: what they do with the calls they have, and how often; drawn from its seed.

Beside `fate.py`, which says what breaks: here nothing does, people are just people. As there, not every run has all.
"""

from dataclasses import dataclass

from tests.simulation.fate import Fate


@dataclass(frozen=True, slots=True, kw_only=True)
class Manners:
    """Chances, and mean seconds between two of a kind (0: never)."""

    busy: int  # how many things the holder of a call does at most before it is over
    sends: float  # of each of them: that somebody is sent
    idles: float  # that they leave their desk with the call in hand
    lingers: float  # that a case takes half an hour
    hands_over: float
    merges: float  # as a weight; a quarter of it is the chance before an answer
    merges_at_a_step: float  # of these, in the very second in which a step of the plan falls due
    reopens: float
    asks_elder: float  # before closing, by call-back, link or device
    cancels: float  # that a wish to cancel is confirmed at once
    declines: float  # of those who were sent
    ignores: float
    gives_up: float  # that somebody who accepted turns round
    never_arrives: float
    elder_answers: float  # a device, or a link, that asks
    entered_every_s: float  # calls by telephone or in person
    drills: float  # of these
    plan_every_s: float
    roster_every_s: float
    status_every_s: float


def manners_of(seed: int) -> Manners:
    """How people are in the run of `seed`."""
    dice = Fate(seed).stream("manners")

    def sometimes(chance: float, most: float) -> float:
        hit = dice.random() < chance
        return dice.uniform(0, most) if hit else 0.0

    def every(chance: float, low_s: float, high_s: float) -> float:
        hit = dice.random() < chance
        return dice.uniform(low_s, high_s) if hit else 0.0

    return Manners(
        busy=dice.choice((0, 2, 4, 6)),
        sends=sometimes(0.8, 0.8),
        idles=sometimes(0.5, 0.4),
        lingers=sometimes(0.3, 0.4),
        hands_over=sometimes(0.6, 0.6),
        merges=sometimes(0.7, 1.2),
        merges_at_a_step=sometimes(0.5, 0.8),
        reopens=sometimes(0.5, 0.4),
        asks_elder=sometimes(0.6, 0.9),
        cancels=dice.uniform(0.2, 0.9),
        declines=sometimes(0.6, 0.5),
        ignores=sometimes(0.6, 0.5),
        gives_up=sometimes(0.4, 0.4),
        never_arrives=sometimes(0.5, 0.8),
        elder_answers=dice.uniform(0.1, 1.0),
        entered_every_s=every(0.5, 60, 400),
        drills=dice.uniform(0.1, 0.6),
        plan_every_s=every(0.4, 40, 400),
        roster_every_s=every(0.4, 40, 300),
        status_every_s=every(0.4, 60, 600),
    )
