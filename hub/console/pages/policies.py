"""Plans: who is called while nobody answers; a form to write them, and a rehearsal of any hour."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

import msgspec
from fastapi import APIRouter, Request
from fastapi.responses import Response

from hub.console.context import Context, context_of
from hub.console.language import language_of
from hub.console.pages.frame import show_page
from hub.console.pages.plan_forms import WORDS, PlanTyped, read_plan, shown_plan
from hub.console.pages.rendering import render
from hub.console.pages.route import PageRoute, PageSession
from hub.console.pages.targets import TargetNames, read_target_names, say_targets
from hub.console.pages.times import BEIJING
from hub.console.register.choices import AreaLine, tree
from hub.console.register.forms import own_prefix
from hub.domain.areas import area_prefix
from hub.domain.errors import Fault, Faulty, NotFound
from hub.domain.people import User, may_keep_register, register_scope
from hub.domain.plans import BUILT_IN, DEFAULT
from hub.domain.policies import Policy
from hub.domain.register import Wanted
from hub.ports import Reader
from hub.services import policies, rehearsing
from hub.services.keeping import require_keeper
from hub.services.policies import PolicyChange
from hub.services.rehearsing import Where

router = APIRouter(prefix="/policies", route_class=PageRoute)
BUILT_IN_POLICY = Policy(plan=DEFAULT, at=0, by_id="", by_name="")


class PlanPage(msgspec.Struct, frozen=True):
    """A plan with all that its page shows beside it."""

    policy: Policy
    versions: tuple[Policy, ...]
    areas: tuple[AreaLine, ...]
    names: dict[str, str]


@router.get("")
async def policies_page(request: Request, context: Context, session: PageSession) -> Response:
    """The plans in force, and the built-in one for where there is none."""
    prefix = area_prefix(session.user.area)
    found, names = await context.store.read(lambda read: (read.plans.policies(prefix), read.area_names()))
    keeper = may_keep_register(session.user)
    rows = [*found, BUILT_IN_POLICY]
    return await show_page(request, session, "plans/policies.html", rows=rows, names=names, keeper=keeper)


@router.get("/new")
async def new_policy(request: Request, context: Context, session: PageSession) -> Response:
    """A form that begins with the built-in plan."""
    require_keeper(session.user)
    areas = await context.store.read(partial(_writable, user=session.user))
    values = _form(request, shown_plan(Policy(plan=DEFAULT, at=0, by_id="", by_name="")), areas, "")
    return await show_page(request, session, "plans/policy.html", **values, page=None, saved=False)


@router.post("/new")
async def add_policy(request: Request, context: Context, session: PageSession) -> Response:
    """Write it, or say on the form what is wrong."""
    user, now = session.user, context.clock.now()
    require_keeper(user)
    typed = await read_plan(request)
    try:
        steps = typed.steps()
        made = await context.store.run(
            lambda tx: policies.add_policy(tx, typed.area, typed.name, steps, user, now)
        )
    except Faulty as wrong:
        areas = await context.store.read(partial(_writable, user=user))
        return render(
            request, "plans/policy_form.html", status=422, values=_form(request, typed, areas, "", wrong)
        )
    return Response(status_code=204, headers={"hx-redirect": f"/policies/{made.plan.id}?saved=1"})


@router.get("/{policy}")
async def one_policy(
    policy: str, request: Request, context: Context, session: PageSession, saved: bool = False
) -> Response:
    """The plan, its versions, and its rehearsal."""
    user = session.user
    page = await context.store.read(partial(_look, policy=policy, user=user))
    values = _form(request, shown_plan(page.policy), page.areas, policy)
    keeper = may_keep_register(user) and policy != BUILT_IN
    here = datetime.fromtimestamp(context.clock.now() / 1000, BEIJING).strftime("%Y-%m-%dT%H:%M")
    return await show_page(
        request,
        session,
        "plans/policy.html",
        **values,
        page=page,
        keeper=keeper,
        saved=saved,
        here_and_now=here,
    )


@router.post("/{policy}")
async def change_policy(policy: str, request: Request, context: Context, session: PageSession) -> Response:
    """Bring a new version into force, or say on the form what is wrong."""
    user, now = session.user, context.clock.now()
    require_keeper(user)
    typed = await read_plan(request)
    try:
        change = PolicyChange(name=typed.name, steps=typed.steps())
        await context.store.run(lambda tx: policies.change_policy(tx, policy, change, user, now))
    except Faulty as wrong:
        return render(
            request, "plans/policy_form.html", status=422, values=_form(request, typed, (), policy, wrong)
        )
    return Response(status_code=204, headers={"hx-redirect": f"/policies/{policy}?saved=1"})


@router.delete("/{policy}")
async def remove_policy(policy: str, context: Context, session: PageSession) -> Response:
    """Take it out of force."""
    user, now = session.user, context.clock.now()
    await context.store.run(lambda tx: policies.remove_policy(tx, policy, user, now))
    return Response(status_code=204, headers={"hx-redirect": "/policies"})


@router.post("/{policy}/rehearse")
async def rehearse(policy: str, request: Request, context: Context, session: PageSession) -> Response:
    """Who would be rung when, for the place or resident and the hour that the form names."""
    user, now = session.user, context.clock.now()
    form = await request.form(max_fields=10, max_files=0)
    who, area, at = (str(form.get(name, "")).strip()[:80] for name in ("who", "area", "at"))
    try:
        where = await context.store.read(partial(_where, who=who, area=area, at=_moment(at), user=user))
        done = await context.store.run(lambda tx: rehearsing.rehearse(tx, policy, where, user, now))
    except Faulty as wrong:
        (fault, *_) = wrong.faults
        return render(request, "plans/rehearsal.html", done=None, fault=fault)
    names = await context.store.read(lambda read: read_target_names(read, read.area_names()))
    return render(request, "plans/rehearsal.html", done=done, fault=None, say=_say(request, names))


def _say(request: Request, names: TargetNames) -> partial[str]:
    return partial(say_targets, context_of(request).phrases, language_of(request), names)


def _look(read: Reader, policy: str, user: User) -> PlanPage:
    versions: Sequence[Policy] = (BUILT_IN_POLICY,) if policy == BUILT_IN else read.plans.versions(policy)
    sees = register_scope(user).sees
    if not versions or (policy != BUILT_IN and not sees(versions[0].plan.area, None)):
        raise NotFound("plan-unknown", plan=policy)
    areas = tuple(tree(read.areas(own_prefix(user))))
    return PlanPage(versions[0], tuple(versions), areas, dict(read.area_names()))


def _writable(read: Reader, user: User) -> tuple[AreaLine, ...]:
    """The county and the towns that have no plan of their own."""
    prefix = own_prefix(user)
    taken = {policy.plan.area for policy in read.plans.policies(prefix)}
    lines = tree(read.areas(prefix))
    return tuple(line for line in lines if line.level in ("county", "town") and line.code not in taken)


def _where(read: Reader, who: str, area: str, at: int, user: User) -> Where:
    """The resident whose id or name it is, else the area. Faulty: nobody, or several."""
    if not who:
        return Where(area=area or None, at=at)
    found = read.resident_page(Wanted(prefix=own_prefix(user), text=who), None, 3)
    exact = [one for one in found if who in (one.id, one.name)] or list(found)
    if len(exact) != 1:
        code = "rehearsal-several" if exact else "rehearsal-nobody"
        raise Faulty([Fault("who", code, {"who": who})])
    return Where(resident=exact[0].id, at=at)


def _moment(text: str) -> int:
    try:
        local = datetime.fromisoformat(text).replace(tzinfo=BEIJING)
    except ValueError:
        raise Faulty([Fault("at", "rehearsal-time", {})]) from None
    return int(local.timestamp() * 1000)


def _form(
    request: Request, typed: PlanTyped, areas: Sequence[AreaLine], policy: str, wrong: Faulty | None = None
) -> dict[str, object]:
    """The values of plans/policy_form.html."""
    say, lang = context_of(request).phrases.say, language_of(request)
    faults = () if wrong is None else wrong.faults
    return {
        "typed": typed,
        "areas": areas,
        "policy": policy,
        "words": WORDS,
        "faults": [say(lang, fault.code, **fault.params) for fault in faults],
    }
