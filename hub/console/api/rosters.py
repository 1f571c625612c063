"""Duty rosters of centers and clinics: shifts that come again, and the changes of single hours."""

from typing import Annotated

import msgspec
from fastapi import APIRouter
from pydantic import BaseModel, Field
from starlette.responses import Response

from devices.ids import county_of
from hub.console.api.answers import answers, json_response
from hub.console.api.bodies import Body, Id, Line, Millis
from hub.console.api.doing import Does
from hub.console.auth import KeepingUser, ReadingUser
from hub.console.context import Context
from hub.domain import rosters as domain
from hub.domain.areas import area_prefix
from hub.domain.coverage import AHEAD_MS
from hub.domain.rosters import Change, Duty, Roster, Shift
from hub.services import rostering
from hub.services.rostering import RosterChange

router = APIRouter(prefix="/rosters", tags=["plans"])
People = Annotated[tuple[Line, ...], Field(max_length=200)]
Rrule = Annotated[str, Field(max_length=300)]


class ShiftBody(Body):
    """A shift: from local time `start` (`2026-11-01T08:00`) on by `rrule`, `minutes` long; people by user id."""

    name: Line
    start: Line
    rrule: Rrule
    minutes: Annotated[int, Field(strict=True, ge=0, le=100_000)]
    people: People
    tz: Line = "Asia/Shanghai"
    leader: Line | None = None
    phone: Line = ""


class ChangeBody(Body):
    """Hours in which `into` stands in for `out`; without `out` besides the others, without `into` for nobody."""

    since: Millis
    until: Millis
    out: Line | None = None
    into: Line | None = None


Shifts = Annotated[tuple[ShiftBody, ...], Field(max_length=200)]
Changes = Annotated[tuple[ChangeBody, ...], Field(max_length=1_000)]


class RosterPatch(Body):
    """What is to be different; what is left out stays."""

    name: Line | None = None
    shifts: Shifts | None = None
    changes: Changes | None = None


class RosterBody(Body):
    """The roster of `place`: `center:<area>` or `clinic:<id>`."""

    place: Line
    name: Line
    shifts: Shifts
    changes: Changes = ()


class RosterView(Roster, frozen=True, kw_only=True):
    """A roster with the next seven days as they come of it; hours with nobody are `gaps`."""

    duty: tuple[Duty, ...]
    gaps: tuple[Duty, ...]


class Rosters(msgspec.Struct, frozen=True, kw_only=True):
    """Rosters by area and place."""

    items: tuple[RosterView, ...]


@router.get("", responses=answers(Rosters, "The rosters"), response_class=Response)
async def list_rosters(context: Context, user: ReadingUser) -> Response:
    """The rosters of the user's own area and all below it; people of a clinic see their clinic's; and whoever leads
    a shift the roster that says so."""
    prefix, now = area_prefix(county_of(user.area)), context.clock.now()
    found = await context.store.read(lambda read: read.plans.rosters(prefix))
    seen = (one for one in found if rostering.sees(user, one.place, one.area, one))
    return json_response(Rosters(items=tuple(view(one, now) for one in seen)))


@router.post("", responses=answers(RosterView, "The new roster", 201), response_class=Response)
async def add_roster(body: RosterBody, user: KeepingUser, doing: Does) -> Response:
    """Write the roster of a center or clinic that has none. Until then everybody of the place is on duty.

    A county administrator writes all of them, people of a place their own; once it names leaders, they do.
    """
    change = RosterChange(name=body.name, shifts=_shifts(body.shifts), changes=_changes(body.changes))
    return await doing.do(
        lambda tx, now: view(rostering.add_roster(tx, body.place, change, user, now), now), 201
    )


@router.patch("/{roster}", responses=answers(RosterView, "The roster as it is now"), response_class=Response)
async def change_roster(roster: Id, body: RosterPatch, user: KeepingUser, doing: Does) -> Response:
    """Change what is said."""
    change = RosterChange(
        name=body.name,
        shifts=None if body.shifts is None else _shifts(body.shifts),
        changes=None if body.changes is None else _changes(body.changes),
    )
    return await doing.do(lambda tx, now: view(rostering.change_roster(tx, roster, change, user, now), now))


@router.delete("/{roster}", responses=answers(None, "Removed", 204), response_class=Response, status_code=204)
async def remove_roster(roster: Id, user: KeepingUser, doing: Does) -> Response:
    """Take a roster away: everybody of the place is on duty again."""
    return await doing.do(lambda tx, now: rostering.remove_roster(tx, roster, user, now))


def view(roster: Roster, now: int) -> RosterView:
    """The public shape of `roster`."""
    spans = domain.spans(roster, now, now + AHEAD_MS)
    gaps = tuple(span for span in spans if not span.everybody)
    return RosterView(**msgspec.structs.asdict(roster), duty=tuple(spans), gaps=gaps)


def _shifts(bodies: tuple[ShiftBody, ...]) -> tuple[Shift, ...]:
    return tuple(msgspec.convert(_said(one), Shift) for one in bodies)


def _changes(bodies: tuple[ChangeBody, ...]) -> tuple[Change, ...]:
    return tuple(msgspec.convert(_said(one), Change) for one in bodies)


def _said(body: BaseModel) -> dict[str, object]:
    return body.model_dump()
