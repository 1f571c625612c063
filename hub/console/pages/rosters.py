"""Duty rosters: who is on now, the next seven days at a glance, and the form that writes them."""

from collections.abc import Sequence
from functools import partial

import msgspec
from fastapi import APIRouter, Request
from fastapi.responses import Response

from hub.console.api.rosters import sees
from hub.console.context import ConsoleContext, Context, context_of
from hub.console.language import language_of
from hub.console.pages.frame import show_page
from hub.console.pages.rendering import render
from hub.console.pages.roster_forms import RosterTyped, read_roster_form, shown_roster
from hub.console.pages.roster_week import Day, week
from hub.console.pages.route import PageRoute, PageSession
from hub.console.pages.targets import read_target_names, say_targets
from hub.domain import rosters as domain
from hub.domain.areas import area_prefix
from hub.domain.coverage import Post
from hub.domain.errors import Faulty, NotFound
from hub.domain.people import Role, User, may_keep_register
from hub.domain.rosters import Duty
from hub.ports import Reader
from hub.services import rostering
from hub.services.keeping import require_keeper
from hub.services.rostering import RosterChange

router = APIRouter(prefix="/rosters", route_class=PageRoute)


class Here(msgspec.Struct, frozen=True):
    """A place with its roster as the page shows it; `sitting` are those whose screen is open."""

    post: Post
    title: str
    on: Duty | None
    days: tuple[Day, ...]
    sitting: frozenset[str]


@router.get("")
async def rosters(request: Request, context: Context, session: PageSession) -> Response:
    """Every place that the user may see."""
    user, now = session.user, context.clock.now()
    rows, names = await context.store.read(partial(_look, request=request, user=user, now=now))
    keeper = may_keep_register(user)
    return await show_page(request, session, "plans/rosters.html", rows=rows, names=names, keeper=keeper)


@router.get("/new")
async def new_roster(request: Request, context: Context, session: PageSession, place: str = "") -> Response:
    """A form for `place`, beginning with a day and a night."""
    require_keeper(session.user)
    staff = await context.store.read(lambda read: read.plans.staff(place))
    title = await context.store.read(partial(_title, request=request, place=place))
    typed = shown_roster(None, place, title, context.clock.now())
    return await show_page(
        request, session, "plans/roster.html", **_form(request, typed, staff, ""), saved=False
    )


@router.post("/new")
async def add_roster(request: Request, context: Context, session: PageSession) -> Response:
    """Write it, or say on the form what is wrong."""
    user, now = session.user, context.clock.now()
    require_keeper(user)
    typed = await read_roster_form(request)
    try:
        change = typed.change()
        made = await context.store.run(lambda tx: rostering.add_roster(tx, typed.place, change, user, now))
    except Faulty as wrong:
        return await _wrong(request, context, typed, "", wrong)
    return Response(status_code=204, headers={"hx-redirect": f"/rosters/{made.id}?saved=1"})


@router.get("/{roster}")
async def one_roster(
    roster: str, request: Request, context: Context, session: PageSession, saved: bool = False
) -> Response:
    """The roster as a form, for those who keep it; for all others the page with all of them says it."""
    user, now = session.user, context.clock.now()
    require_keeper(user)
    found = await context.store.run(lambda tx: rostering.roster_of(tx, roster, user))
    staff = await context.store.read(lambda read: read.plans.staff(found.place))
    values = _form(request, shown_roster(found, found.place, found.name, now), staff, roster)
    return await show_page(request, session, "plans/roster.html", **values, saved=saved)


@router.post("/{roster}")
async def change_roster(roster: str, request: Request, context: Context, session: PageSession) -> Response:
    """Change it, or say on the form what is wrong."""
    user, now = session.user, context.clock.now()
    require_keeper(user)
    typed = await read_roster_form(request)
    try:
        change: RosterChange = typed.change()
        await context.store.run(lambda tx: rostering.change_roster(tx, roster, change, user, now))
    except Faulty as wrong:
        return await _wrong(request, context, typed, roster, wrong)
    return Response(status_code=204, headers={"hx-redirect": f"/rosters/{roster}?saved=1"})


@router.delete("/{roster}")
async def remove_roster(roster: str, context: Context, session: PageSession) -> Response:
    """Take it away."""
    user, now = session.user, context.clock.now()
    await context.store.run(lambda tx: rostering.remove_roster(tx, roster, user, now))
    return Response(status_code=204, headers={"hx-redirect": "/rosters"})


async def _wrong(
    request: Request, context: ConsoleContext, typed: RosterTyped, roster: str, wrong: Faulty
) -> Response:
    staff = await context.store.read(lambda read: read.plans.staff(typed.place))
    values = _form(request, typed, staff, roster, wrong)
    return render(request, "plans/roster_form.html", status=422, values=values)


def _look(read: Reader, request: Request, user: User, now: int) -> tuple[tuple[Here, ...], dict[str, str]]:
    prefix = area_prefix(user.area)
    posts = [post for post in read.plans.posts(prefix, now) if _shows(user, post)]
    names = {account.user.id: account.user.name for account in read.accounts()}
    sitting = read.plans.sitting(now)
    say = partial(
        say_targets,
        context_of(request).phrases,
        language_of(request),
        read_target_names(read, read.area_names()),
    )
    rows = tuple(_here(post, say([post.place]), sitting, now) for post in posts)
    return rows, names


def _here(post: Post, title: str, sitting: frozenset[str], now: int) -> Here:
    if post.roster is None:
        return Here(post, title, None, (), sitting)
    return Here(post, title, domain.duty(post.roster, now), week(post.roster, now), sitting)


def _shows(user: User, post: Post) -> bool:
    """People of a clinic see their clinic's alone."""
    if post.roster is not None:
        return sees(user, post.roster)
    return user.role is not Role.CLINIC or post.place == f"clinic:{user.clinic}"


def _title(read: Reader, request: Request, place: str) -> str:
    names = read_target_names(read, read.area_names())
    title = say_targets(context_of(request).phrases, language_of(request), names, [place])
    if not place or title in ("", place.partition(":")[2]):
        raise NotFound("roster-place", value=place[:60])
    return title


def _form(
    request: Request, typed: RosterTyped, staff: Sequence[User], roster: str, wrong: Faulty | None = None
) -> dict[str, object]:
    """The values of plans/roster_form.html."""
    say, lang = context_of(request).phrases.say, language_of(request)
    faults = () if wrong is None else wrong.faults
    return {
        "typed": typed,
        "staff": staff,
        "roster": roster,
        "faults": [say(lang, fault.code, **fault.params) for fault in faults],
    }
