"""A short day of the bench, so that its oracle and its people stay right; the long one is `xiangyin bench day`."""

from __future__ import annotations

from tests.benchmarks.day import run_day
from tests.benchmarks.day_oracle import Wait, left_alone

MINUTE_MS = 60_000


def test_nobody_who_waits_is_left_unseen_past_the_plan() -> None:
    verdict, told = run_day(calls=60, seed=7, look_ms=10 * MINUTE_MS)

    assert (verdict.unseen, verdict.doubled) == (0, 0)
    assert verdict.calls >= 55
    assert verdict.steps > verdict.waits
    assert told["answered"] >= verdict.calls
    assert told["ignored"] > 0


def test_the_oracle_sees_a_silence_that_is_too_long_and_a_call_that_nobody_took() -> None:
    good = Wait(0, (0, 15_000, 30_000, 60_000, 90_000, 150_000), whole=True, until=160_000)
    assert not left_alone(good)
    assert left_alone(Wait(0, good.rings, whole=True, until=None)), "nobody took it"
    assert left_alone(Wait(0, good.rings, whole=True, until=220_000)), "the next minute never rang"
    assert left_alone(Wait(0, (0, 30_000), whole=True, until=40_000)), "fifteen seconds were passed over"
    assert not left_alone(Wait(0, (0, 30_000), whole=False, until=40_000)), "for a reason that was said"
    assert left_alone(Wait(0, (5_000,), whole=False, until=9_000)), "not in the second of the press"
