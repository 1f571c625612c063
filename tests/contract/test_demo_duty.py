"""The demo county's plan and rosters, as they are entered: right by their own rules, and nobody is left out."""

from __future__ import annotations

from hub.db.store import Store
from hub.demo.county import read_county, read_households
from hub.demo.secrets import Secrets, device_ids
from hub.demo.seed import hash_all, seed
from hub.domain.coverage import night_of
from hub.domain.plans import plan_faults
from hub.domain.rosters import DAY_MS, gaps, roster_faults
from hub.services import shifts
from tests.stores import Moved
from tests.unit.hub.demo.test_county import UNALLOTTED_TELEPHONE


def test_every_demo_household_has_a_plan_and_every_place_a_leader_at_any_hour(
    store: Store, clock: Moved
) -> None:
    users = {member.who.username: "password" for member in read_county().members()}
    hashes = hash_all(Secrets(users=users, devices=dict.fromkeys(device_ids(), "d")))
    store.run_sync(lambda tx: seed(tx, hashes, clock.now()))

    for household in read_households():
        plan = store.run_sync(lambda tx, area=household.resident.area: tx.plans.in_force(area))  # type: ignore[misc]
        assert plan.id == "plan-demo"
        assert list(plan_faults(plan.name, plan.steps)) == []
    rosters = store.read_sync(lambda read: read.plans.rosters(""))
    assert len(rosters) == 5
    week = clock.now() + 7 * DAY_MS
    for roster in rosters:
        assert list(roster_faults(roster.name, roster.shifts, roster.changes)) == []
        assert gaps(roster, clock.now(), week) == []
        for at in (clock.now(), night_of(clock.now()).since + 1):
            leader = store.run_sync(lambda tx, p=roster.place, at=at: shifts.leader(tx, p, at))  # type: ignore[misc]
            assert leader is not None
            assert UNALLOTTED_TELEPHONE.fullmatch(leader.phone)
