"""The demo county's plan and its rosters: everybody in two shifts, the first of each place leads."""

from collections.abc import Iterator, Mapping

import msgspec

from hub.demo.county import County, SignIn
from hub.domain.plans import DEFAULT, Plan
from hub.domain.policies import Policy
from hub.domain.rosters import Roster, Shift
from hub.domain.routing import center_of, clinic_target
from hub.ports import Transaction

PLAN_ID = "plan-demo"
HALF_A_DAY_MIN = 12 * 60
LEADER_PHONE = "1540121400"  # 154: numbers that are allotted to nobody


def seed_duty(tx: Transaction, county: County, users: Mapping[str, str], now: int) -> None:
    """Write them; `users`: user name → id of those who were entered before."""
    top = county.county
    plan = Plan(id=PLAN_ID, version=1, area=top.code, name=county.plan, steps=DEFAULT.steps)
    by = top.admin
    tx.plans.put(Policy(plan=plan, at=now, by_id=users[by.username], by_name=by.name))
    for number, post in enumerate(_posts(county), start=1):
        tx.rosters.put(_roster(county, number, post, tuple(users[who.username] for who in post.staff)))


class Post(msgspec.Struct, frozen=True):
    """A place of duty and who belongs there."""

    place: str
    name: str
    area: str
    clinic: str | None
    staff: tuple[SignIn, ...]


def _posts(county: County) -> Iterator[Post]:
    top = county.county
    yield Post(center_of(top.code), top.name, top.code, None, top.operators)
    for town in county.towns:
        clinic = town.clinic
        yield Post(center_of(town.code), town.name, town.code, None, town.operators)
        yield Post(clinic_target(clinic.id), clinic.name, town.code, clinic.id, clinic.staff)


def _roster(county: County, number: int, post: Post, people: tuple[str, ...]) -> Roster:
    shifts = tuple(
        Shift(
            name=name,
            start=start,
            rrule="FREQ=DAILY",
            minutes=HALF_A_DAY_MIN,
            people=people,
            leader=people[0],
            phone=f"{LEADER_PHONE}{number}",
        )
        for name, start in county.shifts
    )
    return Roster(
        id=f"roster-{number}",
        place=post.place,
        area=post.area,
        clinic=post.clinic,
        name=post.name + county.roster,
        shifts=shifts,
    )
