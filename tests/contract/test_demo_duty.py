"""The demo county's plan and rosters, as they are entered: right by their own rules, and like a county's."""

from __future__ import annotations

import pytest

from devices.ids import town_of
from hub.console.covering import read_coverage
from hub.db.store import Store
from hub.demo.county import read_county, read_households
from hub.demo.secrets import Secrets, device_ids
from hub.demo.seed import hash_all, seed
from hub.domain.coverage import night_of
from hub.domain.people import Role, User
from hub.domain.plans import plan_faults
from hub.domain.rosters import DAY_MS, Roster, doubles, gaps, roster_faults, spans
from hub.services import rehearsing, shifts
from tests.stores import Moved
from tests.unit.hub.demo.test_county import UNALLOTTED_TELEPHONE

HOUR = 3_600_000


@pytest.fixture
def demo(store: Store, clock: Moved) -> Store:
    """The demo county."""
    users = {member.who.username: "password" for member in read_county().members()}
    hashes = hash_all(Secrets(users=users, devices=dict.fromkeys(device_ids(), "d")))
    store.run_sync(lambda tx: seed(tx, hashes, clock.now()))
    return store


def kept(demo: Store) -> list[Roster]:
    return [
        one for one in demo.read_sync(lambda read: read.plans.rosters("")) if one.id.startswith("roster-")
    ]


def admin(demo: Store) -> User:
    found = [one.user for one in demo.read_sync(lambda read: read.accounts())]
    code = read_county().county.code
    return next(user for user in found if user.role is Role.COUNTY_ADMIN and user.area == code)


def test_every_household_has_a_plan_and_every_shift_a_leader_of_its_own(demo: Store, clock: Moved) -> None:
    for household in read_households():
        plan = demo.run_sync(lambda tx, area=household.resident.area: tx.plans.in_force(area))  # type: ignore[misc]
        assert plan.id == "plan-demo"
        assert list(plan_faults(plan.name, plan.steps)) == []
    rosters, week = kept(demo), clock.now() + 7 * DAY_MS
    assert len(rosters) == 5
    for roster in rosters:
        assert list(roster_faults(roster.name, roster.shifts, roster.changes)) == []
        everybody = {user for shift in roster.shifts for user in shift.people}
        for span in spans(roster, clock.now(), week):
            assert (span.leader is None) == (not span.people)
            assert span.leader not in everybody, "who leads answers no calls"
            assert len(span.people) <= 1
            if span.leader is not None:
                leader = demo.run_sync(lambda tx, p=roster.place, at=span.since: shifts.leader(tx, p, at))  # type: ignore[misc]
                assert leader is not None
                assert UNALLOTTED_TELEPHONE.fullmatch(leader.phone)
    assert doubles(rosters, clock.now(), week) == []


def test_the_county_and_one_clinic_sit_at_night_and_the_others_are_dark(demo: Store, clock: Moved) -> None:
    night = night_of(clock.now())
    dark = {one.place for one in kept(demo) if gaps(one, night.since, night.until)}
    county = read_county()
    awake = {f"center:{county.county.code}", f"clinic:{county.towns[0].clinic.id}"}

    assert {one.place for one in kept(demo)} - dark == awake
    found = demo.read_sync(lambda read: read_coverage(read, admin(demo), None, clock.now(), 100))
    assert {town_of(one.area) for one in found.villages} == {county.towns[1].code}


def test_a_rehearsal_by_day_and_by_night_asks_different_people_and_the_leader_is_one_more(
    demo: Store, clock: Moved
) -> None:
    home = read_households()[0].resident
    noon = night_of(clock.now()).until + 4 * HOUR  # the next day at twelve
    told = {}
    for at in (noon, noon + 5 * HOUR, noon + 12 * HOUR):
        asked = rehearsing.Where(at=at, resident=home.id)
        rehearsal = demo.run_sync(
            lambda tx, asked=asked: rehearsing.rehearse(tx, "plan-demo", asked, admin(demo), clock.now())  # type: ignore[misc]
        )
        told[at] = [
            person.name for step in rehearsal.steps for person in step.people if person.kind == "leader"
        ]
        screens = {screen for step in rehearsal.steps for screen in step.screens}
        assert f"center:{read_county().county.code}" in screens
    assert [sorted(set(names)) for names in told.values()] == [["田友良"], ["彭慧敏"], ["石开泰"]]
