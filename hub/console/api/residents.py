"""Residents, as the county keeps them. Centers and village administrators read their own; the county writes."""

from collections.abc import Sequence
from typing import Annotated, Literal

import msgspec
from fastapi import APIRouter, Query
from pydantic import Field
from starlette.responses import Response

from devices.errors import IdError
from hub.console.api.answers import answers, json_response
from hub.console.api.bodies import NO_NUL, Body, Id, Line, emptied
from hub.console.api.doing import Does
from hub.console.api.files import add_file_routes
from hub.console.api.lists import Limit, decode_cursor, encode_cursor
from hub.console.auth import AdminUser, ReadingUser
from hub.console.context import Context
from hub.console.register.taking_in import RESIDENTS
from hub.domain.areas import area_prefix
from hub.domain.entries import MAX_CONTACTS, ResidentDraft
from hub.domain.errors import NotFound
from hub.domain.people import User, register_scope, sees_medical_notes
from hub.domain.register import Place, Wanted
from hub.domain.residents import Relative, ResidentRecord
from hub.ports import Reader
from hub.services import residents

router = APIRouter(prefix="/residents", tags=["register"])

Words = Annotated[str, Field(max_length=4_000, pattern=NO_NUL)]
Degrees = Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]


class RelativeBody(Body):
    """An emergency contact; the order of the list is the order in which they are called."""

    name: Line
    phone: Line
    relation: Line = ""


class ResidentPatch(Body):
    """What is to be different; what is left out stays. `clinic`, `doctor` and `grid_worker` are ids, null for none."""

    name: Words | None = None
    area: Words | None = None
    sex: Words | None = None
    born: Annotated[int, Field(strict=True)] | None = None
    address: Words | None = None
    phone: Words | None = None
    contacts: Annotated[tuple[RelativeBody, ...], Field(max_length=MAX_CONTACTS)] | None = None
    way_in: Words | None = None
    landmark: Words | None = None
    meets_ambulance: Words | None = None
    conditions: Words | None = None
    clinic: Line | None = None
    doctor: Line | None = None
    grid_worker: Line | None = None
    lat: Degrees | None = None
    lon: Degrees | None = None
    status: Literal["home", "away", "hospital", "dead", "stopped"] = "home"


class ResidentBody(ResidentPatch):
    """A resident to be. Without `id` the hub gives one."""

    id: Line | None = None
    name: Words
    area: Words


class ResidentView(msgspec.Struct, frozen=True, kw_only=True):
    """A resident and the devices of their household. `conditions` is null for those who need no medical notes."""

    id: str
    name: str
    sex: str
    born: int | None
    area: str
    address: str
    phone: str
    contacts: tuple[Relative, ...]
    way_in: str
    landmark: str
    meets_ambulance: str
    conditions: str | None
    clinic: str | None
    doctor: str | None
    grid_worker: str | None
    lat: float | None
    lon: float | None
    status: str
    devices: tuple[str, ...]


class Residents(msgspec.Struct, frozen=True, kw_only=True):
    """A page of residents, by area and id."""

    items: tuple[ResidentView, ...]
    next_cursor: str | None
    last_event_id: int


Code = Annotated[str, Query(pattern=r"^[0-9A-Za-z-]{1,32}$")]
Search = Annotated[str, Query(max_length=80, pattern=NO_NUL)]
NULLABLE = frozenset({"born", "lat", "lon", "clinic", "doctor", "grid_worker"})
CHANGED = answers(ResidentView, "The resident as kept now")
add_file_routes(router, RESIDENTS)


@router.get("", responses=answers(Residents, "One page"), response_class=Response)
async def list_residents(
    context: Context,
    user: ReadingUser,
    area: Code | None = None,
    q: Search = "",
    limit: Limit = 100,
    cursor: str | None = None,
) -> Response:
    """Residents the user may see, of `area` and below, whose name, telephone, address or id holds `q`."""
    wanted = Wanted(prefix=wanted_prefix(user, area), text=q.strip())
    after = None if cursor is None else Place(*decode_cursor(cursor, 2))

    def look(read: Reader) -> Residents:
        last = read.last_event_id()
        found = read.resident_page(wanted, after, limit + 1)
        shown = found[:limit]
        devices = read.devices_of([one.id for one in shown])
        more = len(found) > limit
        return Residents(
            items=tuple(view(one, user, devices.get(one.id, ())) for one in shown),
            next_cursor=encode_cursor(shown[-1].area, shown[-1].id) if more else None,
            last_event_id=last,
        )

    return json_response(await context.store.read(look))


@router.get("/{resident}", responses=answers(ResidentView, "The resident"), response_class=Response)
async def get_resident(resident: Id, context: Context, user: ReadingUser) -> Response:
    """One resident; 404 for one whom the user may not know of."""

    def look(read: Reader) -> ResidentView:
        found = read.resident(resident, wanted_prefix(user, None))
        if found is None:
            raise NotFound("resident-unknown", resident=resident)
        return view(found, user, read.devices_of([resident]).get(resident, ()))

    return json_response(await context.store.read(look))


@router.post("", responses=answers(ResidentView, "The new resident", 201), response_class=Response)
async def add_resident(body: ResidentBody, user: AdminUser, doing: Does) -> Response:
    """Enter a resident. 422 names every wrong field in `errors`."""
    return await doing.do(
        lambda tx, now: view(residents.add_resident(tx, _draft(body), user, now), user, ()), 201
    )


@router.patch("/{resident}", responses=CHANGED, response_class=Response)
async def change_resident(resident: Id, body: ResidentPatch, user: AdminUser, doing: Does) -> Response:
    """Change what is said; the rest stays."""
    return await doing.do(
        lambda tx, now: view(
            residents.change_resident(tx, resident, _draft(body), user, now),
            user,
            tx.residents.devices(resident),
        )
    )


@router.delete(
    "/{resident}", responses=answers(None, "Removed", 204), response_class=Response, status_code=204
)
async def remove_resident(resident: Id, user: AdminUser, doing: Does) -> Response:
    """Take a resident out of the register. 409 while a device is in their household."""
    return await doing.do(lambda tx, now: residents.remove_resident(tx, resident, user, now))


def wanted_prefix(user: User, area: str | None) -> str:
    """The prefix of the codes of what is asked for, within what the user may see. NotFound beyond it."""
    scope = register_scope(user)
    if scope.area_prefix is None:
        raise NotFound("register-not-yours")
    if area is None:
        return scope.area_prefix
    try:
        wanted = area_prefix(area)
    except IdError:
        wanted = ""
    if not scope.sees(wanted, None):
        raise NotFound("area-unknown", area=area)
    return wanted


def view(record: ResidentRecord, user: User, devices: Sequence[str]) -> ResidentView:
    """What `user` may read of a resident."""
    shown = {name: getattr(record, name) for name in ResidentView.__struct_fields__ if name != "devices"}
    if not sees_medical_notes(user):
        shown["conditions"] = None
    return ResidentView(**shown, devices=tuple(devices))


def _draft(body: ResidentPatch) -> ResidentDraft:
    said = emptied(body.model_dump(exclude_unset=True), NULLABLE)
    return msgspec.convert(said | ({"contacts": ()} if said.get("contacts") == "" else {}), ResidentDraft)
