"""Rosters over real rows: who may stand on one, who leads, and how calls go along when a shift ends."""

from __future__ import annotations

from functools import partial

import msgspec
import pytest

from hub.db.store import Store
from hub.domain.areas import Area
from hub.domain.calls import Call, CallState
from hub.domain.errors import Conflict, Faulty, NotFound
from hub.domain.people import Scope, User
from hub.domain.plans import DEFAULT
from hub.domain.rosters import Change, Roster, Shift
from hub.domain.views import EventView
from hub.services import areas, handling, policies, relieving, rostering, shifts
from hub.services.rostering import RosterChange
from tests.contract.test_plans import ADMIN, CLINIC, OTHER_COUNTY, TOWN_CENTER, awake, press
from tests.stores import CLINIC_STAFF, COUNTY, COUNTY_OPERATOR, OPERATOR, OTHER_OPERATOR, Moved, add_user

NIGHT_NURSE = msgspec.structs.replace(
    OPERATOR, id="u-night", username="night", name="马丽", spoken_name="马值班员"
)
HOUR = 3_600_000
NOON = 1_790_049_600_000  # of a day in Shanghai


def day(*people: User, start: str = "2026-01-01T08:00", hours: int = 12, leader: User | None = None) -> Shift:
    return Shift(
        name="白班" if "T08" in start else "夜班",
        start=start,
        rrule="FREQ=DAILY",
        minutes=hours * 60,
        people=tuple(user.id for user in people),
        leader=None if leader is None else leader.id,
    )


def night(*people: User, leader: User | None = None) -> Shift:
    return day(*people, start="2026-01-01T20:00", leader=leader)


@pytest.fixture
def town(store: Store, clock: Moved) -> Roster:
    """Two shifts of the town's center, at noon: the operator until eight, then another until eight."""
    clock.now_ms = NOON
    store.run_sync(lambda tx: add_user(tx, NIGHT_NURSE))
    change = RosterChange(name="石桥镇中心", shifts=(day(OPERATOR), night(NIGHT_NURSE)))
    return store.run_sync(lambda tx: rostering.add_roster(tx, TOWN_CENTER, change, ADMIN, clock.now()))


def taken(store: Store, clock: Moved) -> str:
    call = press(store, clock)
    store.run_sync(lambda tx: handling.answer(tx, call, OPERATOR, clock.now()))
    return call


def now(store: Store, call: str) -> Call:
    found = store.read_sync(lambda read: read.call(call, Scope(area_prefix="99")))
    assert found is not None
    return found


def change_shift(store: Store, clock: Moved) -> list[bool]:
    """What the worker does at each look."""
    over = store.read_sync(lambda read: relieving.over(read, clock.now()))
    return [store.run_sync(partial(relieving.relieve, call_id=call, now=clock.now())) for call in over]


def test_during_a_shift_nothing_moves(store: Store, clock: Moved, town: Roster) -> None:
    taken(store, clock)
    clock.move(8 * HOUR - 1)

    assert change_shift(store, clock) == []


def test_a_call_goes_along_to_who_sits_there_now(store: Store, clock: Moved, town: Roster) -> None:
    call = taken(store, clock)
    clock.move(8 * HOUR)
    awake(store, clock, NIGHT_NURSE)

    assert change_shift(store, clock) == [True]
    after = now(store, call)
    assert (after.state, after.holder and after.holder.name) == (CallState.ANSWERED, "马丽")
    last = store.read_sync(lambda read: read.timeline(call))[-1]
    said = msgspec.json.decode(last.data, type=EventView)
    assert (last.type, said.to, said.holder, said.by) == ("call.relieved", "马丽", "王芳", None)
    assert change_shift(store, clock) == [], "once"


def test_where_nobody_of_the_next_shift_sits_the_call_rings_again(
    store: Store, clock: Moved, town: Roster
) -> None:
    call = taken(store, clock)
    clock.move(8 * HOUR)

    assert change_shift(store, clock) == [True]
    after = now(store, call)
    assert (after.state, after.holder) == (CallState.RINGING, None)
    assert after.begun_at == clock.now()
    due = store.read_sync(lambda read: read.due_timers(clock.now() + HOUR, 10))
    assert [timer.step for timer in due if timer.call == call if timer.step.startswith("plan:")] != []


def test_the_supervisor_takes_over_when_only_they_are_there(store: Store, clock: Moved, town: Roster) -> None:
    led = RosterChange(shifts=(day(OPERATOR), night(NIGHT_NURSE, leader=COUNTY_OPERATOR)))
    store.run_sync(lambda tx: rostering.change_roster(tx, town.id, led, ADMIN, clock.now()))
    call = taken(store, clock)
    clock.move(8 * HOUR)
    awake(store, clock, COUNTY_OPERATOR)

    assert change_shift(store, clock) == [True]
    holder = now(store, call).holder
    assert holder is not None
    assert holder.id == COUNTY_OPERATOR.id


def test_who_took_a_call_off_duty_keeps_it(store: Store, clock: Moved, town: Roster) -> None:
    clock.move(9 * HOUR)
    call = taken(store, clock)
    awake(store, clock, NIGHT_NURSE)
    clock.move(1000)

    assert change_shift(store, clock) == []
    assert now(store, call).holder is not None


def test_nobody_is_handed_a_call_off_duty(store: Store, clock: Moved, town: Roster) -> None:
    call = taken(store, clock)
    with pytest.raises(Conflict, match="handover-off-duty"):
        store.run_sync(lambda tx: handling.hand_over(tx, call, OPERATOR, NIGHT_NURSE.id, "", clock.now()))
    stand_in = Change(since=NOON - HOUR, until=NOON + HOUR, into=NIGHT_NURSE.id)
    store.run_sync(
        lambda tx: rostering.change_roster(tx, town.id, RosterChange(changes=(stand_in,)), ADMIN, clock.now())
    )
    given = store.run_sync(lambda tx: handling.hand_over(tx, call, OPERATOR, NIGHT_NURSE.id, "", clock.now()))
    assert given.holder is not None
    assert given.holder.id == NIGHT_NURSE.id


def test_a_place_without_a_roster_has_everybody_on_duty(store: Store, clock: Moved) -> None:
    assert store.run_sync(lambda tx: shifts.is_on(tx, OPERATOR, clock.now()))
    assert store.run_sync(lambda tx: shifts.is_manned(tx, CLINIC, clock.now()))
    assert not store.run_sync(lambda tx: shifts.is_manned(tx, "clinic:clinic-2", clock.now())), (
        "nobody belongs there"
    )
    assert change_shift(store, clock) == []


@pytest.mark.parametrize(
    ("place", "change", "wrong"),
    [
        (TOWN_CENTER, RosterChange(name="空", shifts=()), "roster-nobody"),
        (TOWN_CENTER, RosterChange(name=" ", shifts=(day(OPERATOR),)), "roster-name"),
        (TOWN_CENTER, RosterChange(name="镇", shifts=(day(OTHER_OPERATOR),)), "roster-stranger"),
        (TOWN_CENTER, RosterChange(name="镇", shifts=(day(CLINIC_STAFF),)), "roster-stranger"),
        (TOWN_CENTER, RosterChange(name="镇", shifts=(day(OPERATOR, leader=OTHER_COUNTY),)), "roster-leader"),
        (TOWN_CENTER, RosterChange(name="镇", shifts=(day(OPERATOR, start="tomorrow"),)), "shift-start"),
        (TOWN_CENTER, RosterChange(name="镇", shifts=(day(OPERATOR, hours=25),)), "shift-length"),
        ("center:990421199000", RosterChange(name="镇", shifts=(day(OPERATOR),)), "roster-place"),
        ("clinic:none", RosterChange(name="院", shifts=(day(CLINIC_STAFF),)), "roster-place"),
        ("desk", RosterChange(name="院", shifts=(day(CLINIC_STAFF),)), "roster-place"),
    ],
)
def test_what_is_no_roster(store: Store, clock: Moved, place: str, change: RosterChange, wrong: str) -> None:
    with pytest.raises(Faulty) as told:
        store.run_sync(lambda tx: rostering.add_roster(tx, place, change, ADMIN, clock.now()))

    assert wrong in {fault.code for fault in told.value.faults}


def test_one_roster_for_a_place_and_none_for_strangers(store: Store, clock: Moved, town: Roster) -> None:
    change = RosterChange(name="镇", shifts=(day(OPERATOR),))
    with pytest.raises(Conflict, match="roster-there"):
        store.run_sync(lambda tx: rostering.add_roster(tx, TOWN_CENTER, change, ADMIN, clock.now()))
    with pytest.raises(NotFound):
        store.run_sync(lambda tx: rostering.remove_roster(tx, town.id, OTHER_COUNTY, clock.now()))
    store.run_sync(lambda tx: rostering.remove_roster(tx, town.id, ADMIN, clock.now()))
    assert store.run_sync(lambda tx: shifts.is_on(tx, NIGHT_NURSE, clock.now()))


def test_what_has_a_roster_or_a_plan_is_not_taken_out_of_the_register(store: Store, clock: Moved) -> None:
    """Old versions of a plan keep no area: calls that stand on them read the plan, not the area."""
    far, name = "990421199000", "新镇"
    area = Area(code=far, name=name, level="town", parent=COUNTY)
    store.run_sync(lambda tx: tx.places.put_areas([area]))
    plan = store.run_sync(
        lambda tx: policies.add_policy(tx, far, name, DEFAULT.steps, ADMIN, clock.now())
    ).plan
    with pytest.raises(Conflict, match="area-in-use"):
        store.run_sync(lambda tx: areas.remove_area(tx, far, ADMIN, clock.now()))
    store.run_sync(lambda tx: policies.remove_policy(tx, plan.id, ADMIN, clock.now()))
    store.run_sync(lambda tx: areas.remove_area(tx, far, ADMIN, clock.now()))
    assert store.run_sync(lambda tx: tx.plans.version(plan.reference)) == plan

    before = store.run_sync(lambda tx: tx.places.count_at_clinic("clinic-1"))
    change = RosterChange(name="院", shifts=(day(CLINIC_STAFF),))
    store.run_sync(lambda tx: rostering.add_roster(tx, CLINIC, change, ADMIN, clock.now()))
    assert store.run_sync(lambda tx: tx.places.count_at_clinic("clinic-1")) == before + 1
