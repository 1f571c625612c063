"""A plan tried out on paper: who would be rung when, at any time of any day, with the very code that rings."""

import msgspec

from hub.domain import escalation
from hub.domain.calls import Call, CallState
from hub.domain.errors import Fault, Faulty, NotFound
from hub.domain.escalation import Missed, Rung
from hub.domain.people import User, register_scope
from hub.domain.plans import BUILT_IN, DEFAULT, Plan
from hub.ports import Transaction
from hub.services import shifts
from hub.services.policies import policy_of
from hub.services.reaching import CallReach

NOW_MS = 60_000  # nearer than this the screens that are open count, farther off the rosters
REPEATS = 2


class RehearsedPerson(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who would be told, and where."""

    kind: str
    name: str
    address: str


class RehearsedStep(msgspec.Struct, frozen=True, kw_only=True):
    """What would happen at `at` (Unix ms), `after_s` seconds behind the press. `step` counts from 1; `skipped`:
    it would reach nobody, so the next comes at once."""

    step: int
    after_s: int
    at: int
    screens: tuple[str, ...]
    people: tuple[RehearsedPerson, ...]
    missed: tuple[Missed, ...]
    loud: bool
    skipped: bool


class Rehearsal(msgspec.Struct, frozen=True, kw_only=True):
    """A whole plan, tried out. `by_roster`: for that hour nobody knows which screens will be open; who is on duty
    by the rosters counts as there."""

    policy: str
    version: int
    resident: str | None
    area: str
    at: int
    by_roster: bool
    steps: tuple[RehearsedStep, ...]


class Where(msgspec.Struct, frozen=True, kw_only=True):
    """For whom, or where, and when (Unix ms); one of `resident` and `area`."""

    at: int
    resident: str | None = None
    area: str | None = None


def rehearse(tx: Transaction, policy: str, where: Where, by: User, now: int) -> Rehearsal:
    """Who would be rung by the version of `policy` in force ("default": the built-in plan) if a button were pressed
    at `where.at`. NotFound: plan-unknown, resident-unknown, area-unknown. Faulty: rehearsal-where."""
    plan = DEFAULT if policy == BUILT_IN else policy_of(tx, policy, by).plan
    call = _call(tx, where, by)
    by_roster = abs(where.at - now) > NOW_MS
    return Rehearsal(
        policy=plan.id,
        version=plan.version,
        resident=call.resident,
        area=call.area,
        at=where.at,
        by_roster=by_roster,
        steps=tuple(_steps(tx, plan, call, by_roster=by_roster)),
    )


def _steps(tx: Transaction, plan: Plan, call: Call, *, by_roster: bool) -> list[RehearsedStep]:
    number, at, told = 0, call.begun_at, list[RehearsedStep]()
    last = len(plan.steps) - 1
    while sum(step.step == last + 1 for step in told) < REPEATS:
        found = escalation.take(plan, number, _reach(tx, call, at, by_roster=by_roster))
        told += [_told(rung, at, call.begun_at) for rung in found.rung]
        at, number = escalation.due_at(plan, found.rung, found.waits, call.begun_at, at), found.waits
    return told


def _reach(tx: Transaction, call: Call, at: int, *, by_roster: bool) -> CallReach:
    if not by_roster:
        return CallReach(tx, call, at)
    return CallReach(tx, call, at, is_live=lambda target: shifts.is_manned(tx, target, at))


def _told(rung: Rung, at: int, begun_at: int) -> RehearsedStep:
    return RehearsedStep(
        step=rung.number + 1,
        after_s=(at - begun_at) // 1000,
        at=at,
        screens=rung.screens,
        people=tuple(RehearsedPerson(kind=p.kind, name=p.name, address=p.address) for p in rung.people),
        missed=rung.missed,
        loud=rung.loud,
        skipped=rung.skipped,
    )


def _call(tx: Transaction, where: Where, by: User) -> Call:
    """The call that a press would open."""
    sees, area, clinic, name = register_scope(by).sees, where.area, None, None
    if (where.resident is None) == (where.area is None):
        raise Faulty([Fault("resident", "rehearsal-where", {})])
    if where.resident is not None:
        record = tx.residents.get(where.resident)
        if record is None or not sees(record.area, None):
            raise NotFound("resident-unknown", resident=where.resident)
        area, clinic, name = record.area, record.clinic, record.name
    if area is None or tx.places.area(area) is None or not sees(area, None):
        raise NotFound("area-unknown", area=area or "")
    return Call(
        id="rehearsal",
        kind="sos",
        state=CallState.RINGING,
        device="",
        resident=where.resident,
        resident_name=name,
        area=area,
        clinic=clinic,
        raised_at=where.at,
        begun_at=where.at,
    )
