"""What sounds is known by heart: from the table at the start, then from what any hub commits."""

from __future__ import annotations

import msgspec
import pytest

from broadcast.rows import Address, Told
from hub.domain.events import Event
from hub.live.on_air import KEPT_MS, OnAir, Sounding

VILLAGE = "990421101201"
START = 1_790_000_000_000


class Table:
    """The rows that a hub would read."""

    def __init__(self, *rows: Sounding) -> None:
        self.rows = rows
        self.now = START

    async def read(self) -> tuple[Sounding, ...]:
        return self.rows


def sounding(run: str, *, is_stopped: bool = False) -> Sounding:
    return Sounding(
        run=run,
        broadcast="bc1",
        area=VILLAGE,
        start_at=START,
        addresses=(Address(VILLAGE, VILLAGE),),
        is_stopped=is_stopped,
    )


def event(told: Told, run: str) -> Event:
    data = {"id": "bc1", "run": run, "area": VILLAGE, "start_at": START, "addresses": [_address()], "more": 1}
    return Event(
        id=1,
        type=told.value,
        at=START,
        call_id=None,
        area=VILLAGE,
        clinic=None,
        data=msgspec.json.encode(data),
    )


def _address() -> dict[str, object]:
    return {"name": VILLAGE, "area": VILLAGE, "is_device": False}


@pytest.fixture
def table() -> Table:
    return Table()


@pytest.fixture
def on_air(table: Table) -> OnAir:
    return OnAir(table.read, lambda: table.now)


async def test_what_the_table_says_at_the_start_is_known(table: Table, on_air: OnAir) -> None:
    table.rows = (sounding("rn1"), sounding("rn0", is_stopped=True))
    await on_air.learn()
    assert [each.run for each in on_air.runs()] == ["rn1"]
    assert on_air.is_stopped("rn0")
    assert not on_air.is_stopped("rn1")


def test_a_run_that_any_hub_sends_is_known_until_it_ends(on_air: OnAir) -> None:
    on_air.happened([event(Told.RUN_SENT, "rn1"), event(Told.RUN_SENT, "rn2")])
    assert on_air.runs() == (sounding("rn1"), sounding("rn2"))
    on_air.happened([event(Told.RUN_ENDED, "rn1")])
    assert [each.run for each in on_air.runs()] == ["rn2"]


def test_a_run_that_another_hub_stops_is_known_with_where_it_had_gone(on_air: OnAir) -> None:
    on_air.happened([event(Told.RUN_SENT, "rn1"), event(Told.RUN_STOPPED, "rn1")])
    assert on_air.runs() == ()
    stopped = on_air.stopped_run("rn1")
    assert stopped is not None
    assert stopped.addresses == (Address(VILLAGE, VILLAGE),)


async def test_what_is_a_day_old_is_forgotten(table: Table, on_air: OnAir) -> None:
    on_air.happened([event(Told.RUN_SENT, "rn1"), event(Told.RUN_SENT, "rn2")])
    on_air.stopped(["rn2"])
    table.now += KEPT_MS
    assert on_air.runs() == ()
    await on_air.learn()
    assert not on_air.is_stopped("rn2")


async def test_a_stopped_run_that_had_gone_farther_stays_stopped_and_is_known_there(table: Table) -> None:
    air = OnAir(table.read, lambda: START)
    air.stopped(["rn1"])
    air.happened([event(Told.RUN_SENT, "rn1")])
    assert air.runs() == ()
    stopped = air.stopped_run("rn1")
    assert stopped is not None
    assert stopped.addresses == (Address(VILLAGE, VILLAGE),)
