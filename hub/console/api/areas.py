"""Areas: what the user may act on, and the tree as the county keeps it."""

from typing import Annotated

import msgspec
from fastapi import APIRouter, Path
from starlette.responses import Response

from hub.console.api.answers import answers, json_response
from hub.console.api.bodies import Body, emptied
from hub.console.api.doing import Does
from hub.console.api.files import add_file_routes
from hub.console.api.residents import Degrees, Words
from hub.console.auth import AdminUser, ReadingUser
from hub.console.context import Context
from hub.console.register.taking_in import AREAS
from hub.domain.areas import Area, area_prefix
from hub.domain.entries import AreaDraft
from hub.services import areas

router = APIRouter(prefix="/areas", tags=["areas"])


class Areas(msgspec.Struct, frozen=True, kw_only=True):
    """Areas by code: the user's own and all below."""

    items: tuple[Area, ...]


class AreaPatch(Body):
    """What is to be different; what is left out stays. A code is for ever."""

    name: Words | None = None
    lat: Degrees | None = None
    lon: Degrees | None = None


class AreaBody(AreaPatch):
    """An area to be; its code says where it belongs."""

    code: Words
    name: Words


Code = Annotated[str, Path(pattern=r"^[0-9A-Za-z-]{1,32}$")]
NULLABLE = frozenset({"lat", "lon"})
add_file_routes(router, AREAS)


@router.get("", responses=answers(Areas, "The areas"), response_class=Response)
async def list_areas(context: Context, user: ReadingUser) -> Response:
    """The user's own area and all below it, by code."""
    prefix = area_prefix(user.area)
    found = await context.store.read(lambda read: read.areas(prefix))
    return json_response(Areas(items=tuple(found)))


@router.post("", responses=answers(Area, "The new area", 201), response_class=Response)
async def add_area(body: AreaBody, user: AdminUser, doing: Does) -> Response:
    """Enter an area under its parent."""
    return await doing.do(lambda tx, now: areas.enter_area(tx, _draft(body), user, now), 201)


@router.patch("/{code}", responses=answers(Area, "The area as kept now"), response_class=Response)
async def change_area(code: Code, body: AreaPatch, user: AdminUser, doing: Does) -> Response:
    """Give an area another name or place."""
    return await doing.do(lambda tx, now: areas.change_area(tx, code, _draft(body), user, now))


@router.delete("/{code}", responses=answers(None, "Removed", 204), response_class=Response, status_code=204)
async def remove_area(code: Code, user: AdminUser, doing: Does) -> Response:
    """Take out an area in which nothing stands. 409 otherwise."""
    return await doing.do(lambda tx, now: areas.remove_area(tx, code, user, now))


def _draft(body: AreaPatch) -> AreaDraft:
    return msgspec.convert(emptied(body.model_dump(exclude_unset=True), NULLABLE), AreaDraft)
