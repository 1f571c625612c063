"""What is unprotected now or soon."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from hub.console.api.answers import answers, json_response
from hub.console.api.lists import Limit
from hub.console.auth import ReadingUser
from hub.console.context import Context
from hub.console.covering import read_coverage
from hub.domain.coverage import Coverage

router = APIRouter(prefix="/coverage", tags=["plans"])
AreaCode = Annotated[str | None, Query(max_length=32)]


@router.get("", responses=answers(Coverage, "What is unprotected"), response_class=Response)
async def get_coverage(
    context: Context, user: ReadingUser, area: AreaCode = None, limit: Limit = 100
) -> Response:
    """Villages with nobody tonight, residents without clinic, contact or reachable device, dark desks, rosters with
    gaps in the next seven days; of the user's own area, or of one below it."""
    now = context.clock.now()
    return json_response(await context.store.read(lambda read: read_coverage(read, user, area, now, limit)))
