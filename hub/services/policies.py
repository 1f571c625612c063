"""What the county does with its plans: written, changed into a new version, taken out of force. Each is one event."""

from collections.abc import Iterator

import msgspec

from devices.errors import IdError
from devices.ids import AreaLevel, area_level
from hub.domain.errors import Conflict, Fault, NotFound
from hub.domain.events import EventType
from hub.domain.people import User
from hub.domain.plans import Plan, Step, plan_faults
from hub.domain.policies import Policy
from hub.ports import Transaction
from hub.services.keeping import area_fault, require_faultless, require_keeper, require_mine, tell

LEVELS = (AreaLevel.COUNTY, AreaLevel.TOWN)


class PolicyChange(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be different; None leaves as it is."""

    name: str | None = None
    steps: tuple[Step, ...] | None = None


def add_policy(tx: Transaction, area: str, name: str, steps: tuple[Step, ...], by: User, now: int) -> Policy:
    """A plan for a county or a town. Denied: admins-only. Faulty. Conflict: plan-there."""
    require_keeper(by)
    plan = Plan(id=tx.new_id("pl", now), version=1, area=area, name=name.strip(), steps=steps)
    require_faultless([*_area_faults(tx, area, by), *plan_faults(plan.name, steps)])
    if tx.plans.of_area(area) is not None:
        raise Conflict("plan-there", field="area", area=area)
    return _put(tx, plan, EventType.POLICY_ADDED, by, now)


def change_policy(tx: Transaction, policy: str, change: PolicyChange, by: User, now: int) -> Policy:
    """A new version, for the calls that open from now on. NotFound: plan-unknown. Faulty."""
    require_keeper(by)
    before = policy_of(tx, policy, by).plan
    name = before.name if change.name is None else change.name.strip()
    steps = before.steps if change.steps is None else change.steps
    require_faultless(plan_faults(name, steps))
    after = msgspec.structs.replace(before, name=name, steps=steps)
    if after == before:
        return policy_of(tx, policy, by)
    newer = msgspec.structs.replace(after, version=tx.plans.newest(policy) + 1)
    return _put(tx, newer, EventType.POLICY_CHANGED, by, now)


def remove_policy(tx: Transaction, policy: str, by: User, now: int) -> None:
    """Its area falls back to the county's plan, or the built-in one. Calls under it keep it. NotFound: plan-unknown."""
    require_keeper(by)
    plan = policy_of(tx, policy, by).plan
    tx.plans.retire(policy)
    tell(tx, EventType.POLICY_REMOVED, policy, plan.area, by, now)


def policy_of(tx: Transaction, policy: str, by: User) -> Policy:
    """The version in force. NotFound: plan-unknown, also for one of another area."""
    found = tx.plans.get(policy)
    if found is None:
        raise NotFound("plan-unknown", plan=policy)
    require_mine(by, found.plan.area, lambda: NotFound("plan-unknown", plan=policy))
    return found


def _put(tx: Transaction, plan: Plan, event: EventType, by: User, now: int) -> Policy:
    policy = Policy(plan=plan, at=now, by_id=by.id, by_name=by.name)
    if not tx.plans.put(policy):
        raise tx.collide()  # somebody wrote the same version this instant: look again
    tell(tx, event, plan.id, plan.area, by, now)
    return policy


def _area_faults(tx: Transaction, area: str, by: User) -> Iterator[Fault]:
    try:
        if area_level(area) not in LEVELS:
            yield Fault("area", "plan-area", {"value": area[:40]})
            return
    except IdError:
        yield Fault("area", "entry-area", {"value": area[:40]})
        return
    yield from area_fault(tx, "area", area, by)
