"""Areas: what the user may act on."""

import msgspec
from fastapi import APIRouter
from starlette.responses import Response

from hub.console.api.answers import answers, json_response
from hub.console.auth import ReadingUser
from hub.console.context import Context
from hub.domain.areas import Area, area_prefix

router = APIRouter(prefix="/areas", tags=["areas"])


class Areas(msgspec.Struct, frozen=True, kw_only=True):
    """Areas by code: the user's own and all below."""

    items: tuple[Area, ...]


@router.get("", responses=answers(Areas, "The areas"), response_class=Response)
async def list_areas(context: Context, user: ReadingUser) -> Response:
    """The user's own area and all below it, by code."""
    prefix = area_prefix(user.area)
    found = await context.store.read(lambda read: read.areas(prefix))
    return json_response(Areas(items=tuple(found)))
