"""A rehearsal says what a press would do, at any hour, and to nobody outside its area; on both stores."""

from __future__ import annotations

import msgspec
import pytest

from hub.db.store import Store
from hub.domain.errors import Faulty, NotFound
from hub.domain.people import User
from hub.services import rehearsing, rostering
from hub.services.rehearsing import Where
from hub.services.rostering import RosterChange
from tests.contract.test_plans import ADMIN, TOWN_CENTER, awake, press, rings, shift, told, until
from tests.stores import CLINIC_STAFF, OPERATOR, OTHER_OPERATOR, VILLAGE, Moved


def test_a_rehearsal_says_what_a_press_then_does(store: Store, clock: Moved) -> None:
    awake(store, clock, OPERATOR, CLINIC_STAFF)
    told_before = store.run_sync(
        lambda tx: rehearsing.rehearse(
            tx, "default", Where(resident="r-1", at=clock.now()), ADMIN, clock.now()
        )
    )
    call = press(store, clock)
    until(store, clock, 160_000)

    assert not told_before.by_roster
    rehearsed = [(step.after_s, step.screens) for step in told_before.steps if not step.skipped]
    assert rehearsed == [(at, targets) for at, _, targets in rings(store, call)]
    assert [person.address for step in told_before.steps for person in step.people] == told(store)


def test_a_rehearsal_of_another_hour_goes_by_the_rosters(store: Store, clock: Moved) -> None:
    nights_only = msgspec.structs.replace(shift(OPERATOR), start="2026-01-01T20:00", minutes=720)
    change = RosterChange(name="镇", shifts=(nights_only,))
    store.run_sync(lambda tx: rostering.add_roster(tx, TOWN_CENTER, change, ADMIN, clock.now()))

    def when(at: int) -> list[tuple[int, int, bool]]:
        where = Where(area=VILLAGE, at=at)
        done = store.run_sync(lambda tx: rehearsing.rehearse(tx, "default", where, ADMIN, clock.now()))
        assert done.by_roster
        return [(step.after_s, step.step, step.skipped) for step in done.steps][:3]

    noon, midnight = 1_792_555_200_000, 1_792_512_000_000  # in Shanghai, weeks ahead
    assert when(noon) == [(0, 1, True), (0, 2, True), (0, 3, False)], "the county at once: nobody is on duty"
    assert when(midnight) == [(0, 1, False), (15, 2, False), (30, 3, False)]


def test_a_rehearsal_is_for_ones_own_area(store: Store, clock: Moved) -> None:
    def ask(where: Where, by: User) -> None:
        store.run_sync(lambda tx: rehearsing.rehearse(tx, "default", where, by, clock.now()))

    ask(Where(resident="r-1", at=clock.now()), OPERATOR)
    for where in (Where(resident="r-1", at=0), Where(area=VILLAGE, at=0), Where(resident="r-none", at=0)):
        with pytest.raises(NotFound):
            ask(where, OTHER_OPERATOR)
    with pytest.raises(Faulty):
        ask(Where(at=0), ADMIN)
