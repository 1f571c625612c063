"""Duty rosters: who is on now, the next seven days at a glance, and the form that writes them."""

from functools import partial

import msgspec
from fastapi import APIRouter, Request
from fastapi.responses import Response

from devices.ids import county_of
from hub.console.context import ConsoleContext, Context, context_of
from hub.console.language import language_of
from hub.console.pages.frame import show_page
from hub.console.pages.rendering import render
from hub.console.pages.roster_forms import RosterTyped, read_roster_form, shown_roster
from hub.console.pages.roster_week import Days, week
from hub.console.pages.route import PageRoute, PageSession
from hub.console.pages.targets import read_target_names, say_targets
from hub.domain import rosters as domain
from hub.domain.areas import area_prefix
from hub.domain.coverage import Post
from hub.domain.errors import Faulty, NotFound
from hub.domain.people import User
from hub.domain.rosters import Duty, Roster
from hub.ports import Reader
from hub.services import rostering
from hub.services.rostering import RosterChange

router = APIRouter(prefix="/rosters", route_class=PageRoute)


class Here(msgspec.Struct, frozen=True):
    """A place with its roster as the page shows it; `sitting` are those whose screen is open, `kept`: the user may
    write it."""

    post: Post
    title: str
    on: Duty | None
    days: tuple[Days, ...]
    sitting: frozenset[str]
    kept: bool


class Choices(msgspec.Struct, frozen=True):
    """Whom a form offers: who belongs to the place, and who leads there without."""

    staff: tuple[User, ...]
    leaders: tuple[User, ...]


@router.get("")
async def rosters(request: Request, context: Context, session: PageSession) -> Response:
    """Every place that the user may see."""
    user, now = session.user, context.clock.now()
    rows, names = await context.store.read(partial(_look, request=request, user=user, now=now))
    return await show_page(request, session, "plans/rosters.html", rows=rows, names=names)


@router.get("/new")
async def new_roster(request: Request, context: Context, session: PageSession, place: str = "") -> Response:
    """A form for `place`, beginning with a day and a night."""
    user = session.user
    await context.store.run(lambda tx: rostering.require_place(tx, place, user))
    staff = await context.store.read(partial(_choices, place=place, roster=None))
    title = await context.store.read(partial(_title, request=request, place=place))
    typed = shown_roster(None, place, title, context.clock.now())
    return await show_page(
        request, session, "plans/roster.html", **_form(request, typed, staff, ""), saved=False
    )


@router.post("/new")
async def add_roster(request: Request, context: Context, session: PageSession) -> Response:
    """Write it, or say on the form what is wrong."""
    user, now = session.user, context.clock.now()
    typed = await read_roster_form(request)
    await context.store.run(lambda tx: rostering.require_place(tx, typed.place, user))
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
    found = await context.store.run(lambda tx: rostering.kept_by(tx, roster, user))
    staff = await context.store.read(partial(_choices, place=found.place, roster=found))
    values = _form(request, shown_roster(found, found.place, found.name, now), staff, roster)
    return await show_page(request, session, "plans/roster.html", **values, saved=saved)


@router.post("/{roster}")
async def change_roster(roster: str, request: Request, context: Context, session: PageSession) -> Response:
    """Change it, or say on the form what is wrong."""
    user, now = session.user, context.clock.now()
    typed = await read_roster_form(request)
    found = await context.store.run(lambda tx: rostering.kept_by(tx, roster, user))
    typed = msgspec.structs.replace(typed, place=found.place)
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
    kept = await context.store.read(lambda read: _roster(read, typed.place)) if roster else None
    staff = await context.store.read(partial(_choices, place=typed.place, roster=kept))
    values = _form(request, typed, staff, roster, wrong)
    return render(request, "plans/roster_form.html", status=422, values=values)


def _look(read: Reader, request: Request, user: User, now: int) -> tuple[tuple[Here, ...], dict[str, str]]:
    prefix = area_prefix(county_of(user.area))
    posts = [
        post
        for post in read.plans.posts(prefix, now)
        if rostering.sees(user, post.place, post.area, post.roster)
    ]
    names = {account.user.id: account.user.name for account in read.accounts()}
    sitting = read.plans.sitting(now)
    say = partial(
        say_targets,
        context_of(request).phrases,
        language_of(request),
        read_target_names(read, read.area_names()),
    )
    rows = tuple(
        _here(post, say([post.place]), sitting, now, kept=rostering.keeps(user, post.place, post.roster))
        for post in posts
    )
    return rows, names


def _here(post: Post, title: str, sitting: frozenset[str], now: int, *, kept: bool) -> Here:
    if post.roster is None:
        return Here(post, title, None, (), sitting, kept)
    return Here(post, title, domain.duty(post.roster, now), week(post.roster, now), sitting, kept)


def _roster(read: Reader, place: str) -> Roster | None:
    return next((one for one in read.plans.rosters("") if one.place == place), None)


def _choices(read: Reader, place: str, roster: Roster | None) -> Choices:
    """Who belongs to the place, and by name who else its roster names: leaders come from elsewhere too."""
    staff = tuple(read.plans.staff(place))
    leaders = () if roster is None else {shift.leader for shift in roster.shifts}
    known = {one.id for one in staff}
    others = (account.user for account in read.accounts() if account.user.id in leaders)
    return Choices(staff, tuple(one for one in others if one.id not in known))


def _title(read: Reader, request: Request, place: str) -> str:
    names = read_target_names(read, read.area_names())
    title = say_targets(context_of(request).phrases, language_of(request), names, [place])
    if not place or title in ("", place.partition(":")[2]):
        raise NotFound("roster-place", value=place[:60])
    return title


def _form(
    request: Request, typed: RosterTyped, choices: Choices, roster: str, wrong: Faulty | None = None
) -> dict[str, object]:
    """The values of plans/roster_form.html."""
    say, lang = context_of(request).phrases.say, language_of(request)
    faults = () if wrong is None else wrong.faults
    return {
        "typed": typed,
        "staff": choices.staff,
        "leaders": (*choices.staff, *choices.leaders),
        "roster": roster,
        "faults": [say(lang, fault.code, **fault.params) for fault in faults],
    }
