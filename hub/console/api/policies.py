"""Plans: who is called while nobody answers. Kept by the county, for itself and for single towns."""

from typing import Annotated

import msgspec
from fastapi import APIRouter
from pydantic import Field
from starlette.responses import Response

from hub.console.api.answers import answers, json_response
from hub.console.api.bodies import Body, Id, Line, Millis
from hub.console.api.doing import Does
from hub.console.auth import AdminUser, ReadingUser
from hub.console.context import Context
from hub.domain.areas import area_prefix
from hub.domain.errors import NotFound
from hub.domain.people import register_scope
from hub.domain.plans import BUILT_IN, DEFAULT, Step
from hub.domain.policies import Policy
from hub.services import policies, rehearsing
from hub.services.policies import PolicyChange
from hub.services.rehearsing import Rehearsal, Where

router = APIRouter(prefix="/policies", tags=["plans"])
Word = Annotated[str, Field(max_length=40)]
Seconds = Annotated[int, Field(strict=True, ge=0, le=86_400)]


class StepBody(Body):
    """A step: whom to ring, how many seconds after the press; the last says how often it is repeated."""

    after_s: Seconds
    whom: Annotated[tuple[Word, ...], Field(max_length=20)]
    every_s: Seconds | None = None


Steps = Annotated[tuple[StepBody, ...], Field(max_length=50)]


class PolicyPatch(Body):
    """What is to be different; what is left out stays. Any change is a new version."""

    name: Line | None = None
    steps: Steps | None = None


class PolicyBody(Body):
    """A plan to be, for a county or a town."""

    area: Line
    name: Line
    steps: Steps


class RehearsalBody(Body):
    """For whom, or where, and when."""

    resident: Line | None = None
    area: Line | None = None
    at: Millis


class PolicyView(msgspec.Struct, frozen=True, kw_only=True):
    """A plan; `at`, `by` of its newest version. The built-in one, `default`, has no area and nobody wrote it."""

    id: str
    version: int
    area: str | None
    name: str
    steps: tuple[Step, ...]
    at: int | None
    by: str | None


class PolicyDetail(PolicyView, frozen=True, kw_only=True):
    """A plan with every version that ever was in force, newest first."""

    versions: tuple[PolicyView, ...]


class Policies(msgspec.Struct, frozen=True, kw_only=True):
    """The plans in force by area, and the built-in one for where there is none."""

    items: tuple[PolicyView, ...]


@router.get("", responses=answers(Policies, "The plans"), response_class=Response)
async def list_policies(context: Context, user: ReadingUser) -> Response:
    """The plans of the user's own area, of all below it, and the county's that holds for it."""
    prefix = area_prefix(user.area)
    found = await context.store.read(lambda read: read.plans.policies(prefix))
    return json_response(Policies(items=(*map(view, found), BUILT_IN_VIEW)))


@router.get("/{policy}", responses=answers(PolicyDetail, "The plan"), response_class=Response)
async def get_policy(policy: Id, context: Context, user: ReadingUser) -> Response:
    """One plan with its versions."""
    found = await context.store.read(lambda read: read.plans.versions(policy))
    if not found or not register_scope(user).sees(found[0].plan.area, None):
        raise NotFound("plan-unknown", plan=policy)
    newest = msgspec.structs.asdict(view(found[0]))
    return json_response(PolicyDetail(**newest, versions=tuple(map(view, found))))


@router.post("", responses=answers(PolicyView, "The new plan", 201), response_class=Response)
async def add_policy(body: PolicyBody, user: AdminUser, doing: Does) -> Response:
    """Write a plan for a county or town that has none of its own."""
    steps = _steps(body.steps)
    return await doing.do(
        lambda tx, now: view(policies.add_policy(tx, body.area, body.name, steps, user, now)), 201
    )


@router.patch("/{policy}", responses=answers(PolicyView, "The plan as it is now"), response_class=Response)
async def change_policy(policy: Id, body: PolicyPatch, user: AdminUser, doing: Does) -> Response:
    """Bring a new version into force, for calls that open from now on."""
    change = PolicyChange(name=body.name, steps=None if body.steps is None else _steps(body.steps))
    return await doing.do(lambda tx, now: view(policies.change_policy(tx, policy, change, user, now)))


@router.delete("/{policy}", responses=answers(None, "Removed", 204), response_class=Response, status_code=204)
async def remove_policy(policy: Id, user: AdminUser, doing: Does) -> Response:
    """Take a plan out of force: the county's, or the built-in one, holds again. Open calls keep theirs."""
    return await doing.do(lambda tx, now: policies.remove_policy(tx, policy, user, now))


@router.post(
    "/{policy}/rehearse", responses=answers(Rehearsal, "Who would be rung when"), response_class=Response
)
async def rehearse(policy: Id, body: RehearsalBody, user: ReadingUser, doing: Does) -> Response:
    """Who would be rung if a button were pressed then, and what would be skipped and why. Rings nobody."""
    where = Where(resident=body.resident, area=body.area, at=body.at)
    return await doing.do(lambda tx, now: rehearsing.rehearse(tx, policy, where, user, now))


def view(policy: Policy) -> PolicyView:
    """The public shape of `policy`."""
    plan = policy.plan
    return PolicyView(
        id=plan.id,
        version=plan.version,
        area=plan.area,
        name=plan.name,
        steps=plan.steps,
        at=policy.at,
        by=policy.by_name,
    )


BUILT_IN_VIEW = PolicyView(
    id=BUILT_IN, version=DEFAULT.version, area=None, name="", steps=DEFAULT.steps, at=None, by=None
)


def _steps(bodies: tuple[StepBody, ...]) -> tuple[Step, ...]:
    return tuple(Step(after_s=one.after_s, whom=one.whom, every_s=one.every_s) for one in bodies)
