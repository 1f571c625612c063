"""Hubs that share a database count by its clock, whatever their machines believe."""

from __future__ import annotations

import asyncio

import pytest

from hub.clock import Clock
from hub.domain.errors import Unavailable
from hub.workers.county_time import CountyTime

NOON = 1_790_000_000_000
HOUR = 3_600_000


class Server:
    """The database's machine: what its clock says, and how long it takes to say so."""

    def __init__(self, now: int | None) -> None:
        self.now = now
        self.mono_s = 0.0
        self.steps = 0
        self.takes_s: list[float] = []

    async def shared_now(self) -> int | None:
        if self.takes_s:
            self.mono_s += self.takes_s.pop(0)
        return self.now

    def clock(self, ahead_ms: int) -> Clock:
        return Clock(lambda: (NOON + ahead_ms) / 1000, lambda: 0.0)

    def time(self, clock: Clock) -> CountyTime:
        return CountyTime(clock=clock, shared_now=self.shared_now, stepped=self._step)

    def _step(self) -> None:
        self.steps += 1


@pytest.fixture
async def server(monkeypatch: pytest.MonkeyPatch) -> Server:
    made = Server(NOON)
    monkeypatch.setattr(asyncio.get_running_loop(), "time", lambda: made.mono_s)
    return made


async def test_two_hubs_an_hour_apart_agree_as_soon_as_they_have_begun(server: Server) -> None:
    early, late = server.clock(-HOUR), server.clock(HOUR)
    await server.time(early).begin()
    await server.time(late).begin()

    assert early.now() == late.now() == NOON
    assert (early.step_ms, late.step_ms) == (-HOUR, HOUR)  # said in /readyz; schedules wait here
    assert server.steps == 0  # nothing was armed before


async def test_a_hub_whose_database_is_a_file_counts_by_its_own_machine(server: Server) -> None:
    server.now = None
    clock = server.clock(HOUR)
    time = server.time(clock)
    await time.begin()
    await time.look()

    assert clock.now() == NOON + HOUR
    assert not clock.is_shared


async def test_when_the_shared_clock_is_set_the_hub_follows_and_looks_at_what_it_has_armed(
    server: Server,
) -> None:
    clock = server.clock(0)
    time = server.time(clock)
    await time.begin()
    server.now = NOON - HOUR
    await time.look()
    await time.look()

    assert clock.now() == NOON - HOUR
    assert server.steps == 1


async def test_a_slow_answer_says_nothing_about_now(server: Server) -> None:
    clock = server.clock(0)
    time = server.time(clock)
    await time.begin()
    server.now, server.takes_s = NOON + HOUR, [30.0]
    await time.look()

    assert clock.now() == NOON


async def test_at_the_start_a_slow_answer_is_asked_for_again(server: Server) -> None:
    clock = server.clock(HOUR)
    server.takes_s = [20.0, 0.5]
    await server.time(clock).begin()

    assert clock.now() == NOON + 250  # half of the half second that the way took


async def test_a_hub_begins_only_with_a_time_that_it_knows(server: Server) -> None:
    async def away() -> int | None:
        raise Unavailable("store-away")

    server.shared_now = away  # type: ignore[method-assign]
    with pytest.raises(Unavailable):
        await server.time(server.clock(0)).begin()
