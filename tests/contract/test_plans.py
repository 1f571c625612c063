"""Plans over real rows, on both stores: who is rung when nobody answers, and under which version of the plan."""

from __future__ import annotations

from functools import partial

import msgspec
import pytest
from sqlalchemy import text

from devices.messages import Press, PressKind
from hub.db.store import Store
from hub.db.transaction import Tx
from hub.domain.calls import Call
from hub.domain.desks import Desk
from hub.domain.errors import Conflict, Denied, Faulty, NotFound
from hub.domain.notices import NoticeDraft
from hub.domain.people import Role, Scope, User
from hub.domain.plans import DEFAULT, Step
from hub.domain.policies import Policy
from hub.domain.rosters import Shift
from hub.domain.views import EventView
from hub.ports import Timer
from hub.services import escalate, handling, policies, rostering
from hub.services.ingest import PressArrived, ingest
from hub.services.policies import PolicyChange
from hub.services.rostering import RosterChange
from tests.stores import (
    CLINIC_STAFF,
    COUNTY,
    COUNTY_OPERATOR,
    OPERATOR,
    OTHER_TOWN,
    TOWN,
    VILLAGE,
    Moved,
    together,
)

ADMIN = User(
    id="u-adm", username="adm", name="管理员", spoken_name="管理员", role=Role.COUNTY_ADMIN, area=COUNTY
)
OTHER_COUNTY = msgspec.structs.replace(ADMIN, id="u-far", area="990521000000")
TOWN_CENTER, COUNTY_CENTER, CLINIC = f"center:{TOWN}", f"center:{COUNTY}", "clinic:clinic-1"
GRID, SON = "sms:13900000001", "sms:13900000002"
SHORT = (
    Step(after_s=0, whom=("county",)),
    Step(after_s=20, whom=("contacts",)),
    Step(after_s=40, whom=("all",), every_s=30),
)


def press(store: Store, clock: Moved, device: str = "b-1", name: str = "press-1") -> str:
    arrived = PressArrived(device=device, press=Press(id=name, kind=PressKind.SOS), received_at=clock.now())
    call = store.run_sync(lambda tx: ingest(tx, arrived, clock.now())).call
    assert call is not None
    return call


def awake(store: Store, clock: Moved, *users: User) -> None:
    """Their screens are open, and stay so for an hour."""
    for user in users:
        place = f"clinic:{user.clinic}" if user.clinic else f"center:{user.area}"
        desk = Desk(
            id=f"k-{user.id}",
            user=user.id,
            targets=(place,),
            audible=True,
            expires_at=clock.now() + 3_600_000,
        )
        store.run_sync(partial(_put, desk=desk))


def _put(tx: Tx, desk: Desk) -> None:
    tx.desks.put(desk)


def until(store: Store, clock: Moved, ms: int) -> None:
    """Let time run to `ms` from now, firing each timer in its second."""
    end = clock.now() + ms
    while True:
        due = store.read_sync(lambda read: read.due_timers(end, 100))
        if not due:
            break
        clock.move(max(0, due[0].due_at - clock.now()))
        store.run_sync(partial(_fire, timer=due[0], now=clock.now()))
    clock.move(end - clock.now())


def _fire(tx: Tx, timer: Timer, now: int) -> bool:
    return escalate.fire(tx, timer, now)


def now(store: Store, call: str) -> Call:
    found = store.read_sync(lambda read: read.call(call, Scope(area_prefix="99")))
    assert found is not None
    return found


def told(store: Store) -> list[str]:
    def read(tx: Tx) -> list[str]:
        return list(
            tx.conn.execute(text("SELECT address FROM outbox WHERE kind = 'notice' ORDER BY id")).scalars()
        )

    return store.run_sync(read)


def rings(store: Store, call: str) -> list[tuple[int, str, tuple[str, ...]]]:
    """When, at which step and at which targets, by the call's own timeline; times count from the first."""
    events = [
        msgspec.json.decode(event.data, type=EventView)
        for event in store.read_sync(lambda read: read.timeline(call))
        if event.type == "call.rung"
    ]
    return [((event.at - events[0].at) // 1000, event.step, event.targets) for event in events]


def missed(store: Store, call: str) -> list[tuple[str, ...]]:
    events = store.read_sync(lambda read: read.timeline(call))
    return [msgspec.json.decode(e.data, type=EventView).missed for e in events if e.type == "call.rung"]


def test_the_default_plan_by_the_second_until_somebody_answers(store: Store, clock: Moved) -> None:
    awake(store, clock, OPERATOR, CLINIC_STAFF, COUNTY_OPERATOR)
    call = press(store, clock)
    assert (now(store, call).plan, now(store, call).loud) == (DEFAULT.reference, False)
    until(store, clock, 15_000)
    assert now(store, call).loud, "every screen of the town, louder"
    until(store, clock, 285_000)

    everybody = (TOWN_CENTER, CLINIC, COUNTY_CENTER)
    assert rings(store, call) == [
        (0, "first", (TOWN_CENTER, CLINIC)),
        (15, "plan:1", (TOWN_CENTER,)),
        (30, "plan:2", (COUNTY_CENTER,)),
        (60, "plan:3", ()),
        *((at, "again", everybody) for at in (90, 150, 210, 270)),
    ]
    assert told(store) == [GRID, SON] + [GRID, SON] * 4


def test_a_dark_town_is_passed_over_in_the_second_of_the_press_and_said(store: Store, clock: Moved) -> None:
    awake(store, clock, COUNTY_OPERATOR)
    call = press(store, clock)

    assert now(store, call).rung == (TOWN_CENTER, CLINIC, COUNTY_CENTER)
    assert told(store) == [GRID], "who lives near need not wait for a screen that nobody sits at"
    assert missed(store, call) == [("town:dark", "clinic:dark", "town_loud:dark")]
    until(store, clock, 60_000)
    assert told(store) == [GRID, SON]
    assert missed(store, call)[1] == ("leader:none",)


def test_where_nobody_sits_anywhere_the_people_hear_at_once(store: Store, clock: Moved) -> None:
    press(store, clock)

    assert told(store) == [GRID]
    until(store, clock, 60_000)
    assert told(store) == [GRID, SON]


def test_without_helpers_the_leader_and_the_family_are_not_waited_for(store: Store, clock: Moved) -> None:
    """r-3 has no clinic, no grid worker, no contact: all that remains is rung in the same second."""
    call = press(store, clock, "b-3")

    assert now(store, call).rung == (TOWN_CENTER, COUNTY_CENTER)
    assert told(store) == []
    assert "contact:none" in missed(store, call)[0]
    until(store, clock, 120_000)
    everybody = (TOWN_CENTER, COUNTY_CENTER)
    assert rings(store, call)[1:] == [(60, "again", everybody), (120, "again", everybody)], (
        "not after 90 s of silence"
    )


def test_an_answer_ends_the_asking(store: Store, clock: Moved) -> None:
    awake(store, clock, OPERATOR)
    call = press(store, clock)
    store.run_sync(lambda tx: handling.answer(tx, call, OPERATOR, clock.now()))
    before = len(rings(store, call))
    due = store.read_sync(lambda read: read.due_timers(clock.now() + 3_600_000, 100))

    assert not [timer for timer in due if timer.step.startswith("plan:")]
    assert len(rings(store, call)) == before


def test_a_released_call_begins_its_plan_anew_and_quietly(store: Store, clock: Moved) -> None:
    awake(store, clock, OPERATOR)
    call = press(store, clock)
    until(store, clock, 20_000)
    store.run_sync(lambda tx: handling.answer(tx, call, OPERATOR, clock.now()))
    clock.move(30_000)
    store.run_sync(lambda tx: handling.release(tx, call, OPERATOR, clock.now()))

    assert not now(store, call).loud
    until(store, clock, 15_000)
    assert now(store, call).loud
    assert [at for at, *_ in rings(store, call)] == [0, 15, 50, 65]


def test_a_town_has_its_own_plan_and_others_the_countys(store: Store, clock: Moved) -> None:
    county = store.run_sync(
        lambda tx: policies.add_policy(tx, COUNTY, "全县", DEFAULT.steps, ADMIN, clock.now())
    )
    town = store.run_sync(lambda tx: policies.add_policy(tx, TOWN, "石桥", SHORT, ADMIN, clock.now()))

    assert now(store, press(store, clock, "b-1")).plan == town.plan.reference
    assert now(store, press(store, clock, "b-2")).plan == county.plan.reference


def test_a_call_keeps_the_version_under_which_it_was_opened(store: Store, clock: Moved) -> None:
    awake(store, clock, OPERATOR, COUNTY_OPERATOR)
    written = store.run_sync(lambda tx: policies.add_policy(tx, COUNTY, "全县", SHORT, ADMIN, clock.now()))
    call = press(store, clock)
    changed = store.run_sync(
        lambda tx: policies.change_policy(
            tx, written.plan.id, PolicyChange(steps=DEFAULT.steps), ADMIN, clock.now()
        )
    )
    assert changed.plan.version == 2
    store.run_sync(lambda tx: policies.remove_policy(tx, written.plan.id, ADMIN, clock.now()))
    until(store, clock, 100_000)

    assert [(at, step) for at, step, _ in rings(store, call)] == [
        (0, "first"), (20, "plan:1"), (40, "again"), (70, "again"), (100, "again"),
    ]  # fmt: skip
    assert now(store, press(store, clock, "b-2", "press-2")).plan == DEFAULT.reference


def test_two_who_change_a_plan_at_once_make_two_versions(store: Store, clock: Moved) -> None:
    written = store.run_sync(lambda tx: policies.add_policy(tx, COUNTY, "全县", SHORT, ADMIN, clock.now()))
    results = together(
        store,
        [
            partial(_rename, policy=written.plan.id, name=f"预案{number}", at=clock.now())
            for number in range(12)
        ],
    )

    assert sorted(one.plan.version for one in results if isinstance(one, Policy)) == list(range(2, 14))


def _rename(tx: Tx, policy: str, name: str, at: int) -> Policy:
    return policies.change_policy(tx, policy, PolicyChange(name=name), ADMIN, at)


def test_who_may_not_write_plans_and_what_is_no_plan(store: Store, clock: Moved) -> None:
    def add(area: str, steps: tuple[Step, ...], by: User) -> Policy:
        return store.run_sync(lambda tx: policies.add_policy(tx, area, "预案", steps, by, clock.now()))

    with pytest.raises(Denied):
        add(TOWN, SHORT, OPERATOR)
    with pytest.raises(Faulty) as wrong:
        add(VILLAGE, (Step(after_s=5, whom=()), Step(after_s=0, whom=("all", "mayor"))), ADMIN)
    assert {fault.code for fault in wrong.value.faults} == {
        "plan-area", "plan-start", "plan-nobody", "plan-whom", "plan-loop", "plan-no-end", "plan-no-county",
        "plan-no-screen",
    }  # fmt: skip
    kept = add(TOWN, SHORT, ADMIN)
    with pytest.raises(Conflict):
        add(TOWN, SHORT, ADMIN)
    for asked in (OTHER_COUNTY, msgspec.structs.replace(ADMIN, area=OTHER_TOWN)):
        with pytest.raises(NotFound):
            store.run_sync(partial(policies.remove_policy, policy=kept.plan.id, by=asked, now=clock.now()))


def shift(*people: User, leader: User | None = None, phone: str = "") -> Shift:
    return Shift(
        name="全天",
        start="2026-01-01T00:00",
        rrule="FREQ=DAILY",
        minutes=1440,
        people=tuple(user.id for user in people),
        leader=None if leader is None else leader.id,
        phone=phone,
    )


def test_the_leader_of_the_towns_shift_is_told_else_of_the_countys(store: Store, clock: Moved) -> None:
    awake(store, clock, OPERATOR, CLINIC_STAFF, COUNTY_OPERATOR)
    leads = RosterChange(name="县", shifts=(shift(COUNTY_OPERATOR, leader=COUNTY_OPERATOR),))
    store.run_sync(lambda tx: rostering.add_roster(tx, COUNTY_CENTER, leads, ADMIN, clock.now()))
    press(store, clock)
    until(store, clock, 60_000)
    assert told(store) == [GRID, "user:u-county", SON]

    town = RosterChange(name="镇", shifts=(shift(OPERATOR, leader=OPERATOR, phone="13900000009"),))
    store.run_sync(lambda tx: rostering.add_roster(tx, TOWN_CENTER, town, ADMIN, clock.now()))
    until(store, clock, 30_000)
    assert set(told(store)[3:]) == {GRID, "sms:13900000009", SON}, (
        "by the roster as it is when the step is taken"
    )


def test_each_notice_of_a_step_bears_a_key_of_its_own(store: Store, clock: Moved) -> None:
    press(store, clock)
    until(store, clock, 160_000)

    def keys(tx: Tx) -> list[str | None]:
        bodies = tx.conn.execute(text("SELECT body FROM outbox WHERE kind = 'notice'")).scalars()
        return [msgspec.json.decode(bytes(body), type=NoticeDraft).key for body in bodies]

    found = store.run_sync(keys)
    assert None not in found
    assert len(set(found)) == len(found) == 6


def test_a_drill_tells_nobody_at_home(store: Store, clock: Moved) -> None:
    call = now(store, press(store, clock))
    store.run_sync(lambda tx: tx.calls.swap(call, msgspec.structs.replace(call, drill=True)))
    before = len(told(store))
    until(store, clock, 200_000)

    assert len(told(store)) == before
