"""What a call can be given to, and what it can be joined with: asked for when the panel is opened."""

from collections.abc import Mapping, Sequence

import msgspec
from fastapi import APIRouter, Request
from fastapi.responses import Response

from devices.ids import county_of
from hub.console.context import Context
from hub.console.pages.reading import home_name
from hub.console.pages.rendering import render
from hub.console.pages.route import PageRoute, PageSession
from hub.console.pages.rows import place
from hub.domain import rosters
from hub.domain.areas import area_prefix
from hub.domain.calls import Call
from hub.domain.cases import ALLOWED, Deed
from hub.domain.errors import Denied, NotFound
from hub.domain.people import User, call_scope, ring_targets
from hub.domain.rosters import Roster
from hub.ports import Reader
from hub.services.casefile import is_guest, may_work

router = APIRouter(prefix="/desk/calls/{call_id}", route_class=PageRoute)


class Colleague(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who could take the call; `at`: where they work, by name. `sits`: their screen is open just now."""

    id: str
    name: str
    role: str
    at: str
    on_duty: bool
    sits: bool


class Other(msgspec.Struct, frozen=True, kw_only=True):
    """Another open call."""

    id: str
    who: str | None
    place: str
    raised_at: int
    holder: str | None


@router.get("/colleagues")
async def colleagues(call_id: str, request: Request, context: Context, session: PageSession) -> Response:
    """To whom the call can be handed over."""
    user, now = session.user, context.clock.now()
    found = await context.store.read(lambda read: _colleagues(read, _call(read, call_id, user), now))
    return render(request, "fragments/colleagues.html", colleagues=found)


@router.get("/others")
async def others(call_id: str, request: Request, context: Context, session: PageSession) -> Response:
    """Which calls it can become part of: the nearest places first."""
    user = session.user
    found = await context.store.read(lambda read: _others(read, _call(read, call_id, user), user))
    return render(request, "fragments/others.html", others=found)


def _call(read: Reader, call_id: str, user: User) -> Call:
    call = read.call(call_id, call_scope(user))
    if call is None:
        raise NotFound("call-unknown", call=call_id)
    if is_guest(user, call):
        raise Denied("call-asked-only")
    return call


def _colleagues(read: Reader, call: Call, now: int) -> Sequence[Colleague]:
    """Who is on duty first, of those who sit at their screens before the others."""
    names = read.area_names()
    clinics = {clinic.id: clinic.name for clinic in read.clinics("")}
    kept = {roster.place: roster for roster in read.plans.rosters(area_prefix(county_of(call.area)))}
    sitting = read.plans.sitting(now)
    holder = "" if call.holder is None else call.holder.id
    found = [
        Colleague(
            id=user.id,
            name=user.name,
            role=user.role.value,
            at=home_name(user, names) if user.clinic is None else clinics.get(user.clinic, user.clinic),
            on_duty=_is_on_duty(user, kept, now),
            sits=user.id in sitting,
        )
        for user in (one.user for one in read.accounts() if one.disabled_at is None)
        if may_work(user, call) and user.id != holder
    ]
    return sorted(found, key=lambda one: (not one.on_duty, not one.sits, one.at, one.name))


def _is_on_duty(user: User, kept: Mapping[str, Roster], now: int) -> bool:
    """By the roster of a place where their screen rings; a place without one has everybody of it on duty."""
    found = [kept.get(place) for place in ring_targets(user)]
    return any(roster is None or user.id in rosters.duty(roster, now).everybody for roster in found)


def _others(read: Reader, call: Call, user: User) -> Sequence[Other]:
    names = read.area_names()
    found = [
        one
        for one in read.open_calls(call_scope(user))
        if one.id != call.id
        and not is_guest(user, one)
        and one.state in ALLOWED[Deed.MERGE]
        and one.drill == call.drill
    ]
    found.sort(key=lambda one: (one.area != call.area, abs(one.raised_at - call.raised_at)))
    return [
        Other(
            id=one.id,
            who=one.resident_name,
            place=place(one.area, names, user.area),
            raised_at=one.raised_at,
            holder=None if one.holder is None else one.holder.name,
        )
        for one in found
    ]
