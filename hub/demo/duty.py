"""The demo county's plan and its rosters: shifts of every day, each with a leader who sits at none of its screens."""

from collections.abc import Iterator, Mapping

import msgspec

from hub.demo.county import County, DemoShift, Leader
from hub.domain.plans import DEFAULT, Plan
from hub.domain.policies import Policy
from hub.domain.rosters import Roster, Shift
from hub.domain.routing import center_of, clinic_target
from hub.ports import Transaction

PLAN_ID = "plan-demo"
SINCE = "2026-01-01"


def seed_duty(tx: Transaction, county: County, users: Mapping[str, str], now: int) -> None:
    """Write them; `users`: user name → id of those who were entered before."""
    top = county.county
    plan = Plan(id=PLAN_ID, version=1, area=top.code, name=county.plan, steps=DEFAULT.steps)
    by = top.admin
    tx.plans.put(Policy(plan=plan, at=now, by_id=users[by.username], by_name=by.name))
    for number, post in enumerate(_posts(county), start=1):
        tx.rosters.put(_roster(county, number, post, users))


class Post(msgspec.Struct, frozen=True):
    """A place of duty, who leads there, and when somebody sits there."""

    place: str
    name: str
    area: str
    clinic: str | None
    leaders: tuple[Leader, ...]
    shifts: tuple[DemoShift, ...]


def _posts(county: County) -> Iterator[Post]:
    top = county.county
    yield Post(center_of(top.code), top.name, top.code, None, top.leaders, top.shifts)
    for town in county.towns:
        at = town.clinic
        yield Post(center_of(town.code), town.name, town.code, None, town.leaders, town.shifts)
        yield Post(clinic_target(at.id), at.name, town.code, at.id, at.leaders, at.shifts)


def _roster(county: County, number: int, post: Post, users: Mapping[str, str]) -> Roster:
    phones = {leader.username: leader.phone for leader in post.leaders}
    return Roster(
        id=f"roster-{number}",
        place=post.place,
        area=post.area,
        clinic=post.clinic,
        name=post.name + county.roster,
        shifts=tuple(
            Shift(
                name=shift.name,
                start=f"{SINCE}T{shift.begins}",
                rrule="FREQ=DAILY",
                minutes=shift.hours * 60,
                people=tuple(users[username] for username in shift.people),
                leader=users[shift.leader],
                phone=phones[shift.leader],
            )
            for shift in post.shifts
        ),
    )
