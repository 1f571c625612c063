"""The hub's clock counts by itself: a stepped wall clock moves nothing."""

from __future__ import annotations

from hub.clock import Clock


class Time:
    def __init__(self) -> None:
        self.wall_s = 1_790_000_000.0
        self.mono_s = 5.0

    def pass_s(self, seconds: float, drift_s: float = 0.0) -> None:
        self.wall_s += seconds + drift_s
        self.mono_s += seconds


def a_clock(time: Time) -> Clock:
    return Clock(lambda: time.wall_s, lambda: time.mono_s)


def test_it_counts() -> None:
    time = Time()
    clock = a_clock(time)
    time.pass_s(10)

    assert clock.now() == 1_790_000_010_000


def test_a_step_of_the_wall_is_reported_and_not_followed() -> None:
    time = Time()
    clock = a_clock(time)
    time.pass_s(10, drift_s=3600)

    assert clock.check() == 3_600_000
    assert clock.now() == 1_790_000_010_000
    time.pass_s(1, drift_s=-3600)
    assert clock.check() == 0


def test_slow_drift_is_followed() -> None:
    time = Time()
    clock = a_clock(time)
    time.pass_s(3600, drift_s=1.5)
    clock.check()

    assert clock.now() == 1_790_003_601_500


def test_a_clock_that_was_never_set_is_not_plausible() -> None:
    time = Time()
    time.wall_s = 0.0

    assert not a_clock(time).is_plausible()


def test_a_shared_time_is_counted_from_and_the_wall_only_compared() -> None:
    time = Time()
    clock = a_clock(time)

    moved = clock.follow(1_790_000_060_000)
    time.pass_s(10)

    assert moved == 60_000
    assert clock.check() == -60_000
    assert clock.now() == 1_790_000_070_000


def test_a_wall_a_little_off_the_shared_time_moves_nothing() -> None:
    time = Time()
    clock = a_clock(time)
    clock.follow(1_790_000_003_000)

    assert clock.check() == 0
    assert clock.now() == 1_790_000_003_000
