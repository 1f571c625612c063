"""What is unprotected now or soon, on one page: what to put right before somebody presses a button."""

from functools import partial

from fastapi import APIRouter, Request
from fastapi.responses import Response

from hub.console.context import Context
from hub.console.covering import read_coverage
from hub.console.language import language_of
from hub.console.pages.frame import show_page
from hub.console.pages.route import PageRoute, PageSession
from hub.console.pages.targets import TargetNames, read_target_names, say_targets
from hub.console.register.choices import tree
from hub.console.register.forms import own_prefix
from hub.domain.people import may_keep_register
from hub.ports import Reader

router = APIRouter(prefix="/coverage", route_class=PageRoute)
SHOWN = 100


@router.get("")
async def coverage(request: Request, context: Context, session: PageSession, area: str = "") -> Response:
    """Villages, residents, places and rosters with a hole in them, of `area` or of all that the user may see."""
    user, now = session.user, context.clock.now()
    prefix = own_prefix(user)

    def look(read: Reader) -> tuple[dict[str, object], TargetNames]:
        names = read.area_names()
        values = {
            "found": read_coverage(read, user, area or None, now, SHOWN),
            "names": names,
            "areas": tuple(tree(read.areas(prefix))),
        }
        return values, read_target_names(read, names)

    seen, targets = await context.store.read(look)
    say = partial(say_targets, context.phrases, language_of(request), targets)
    keeper = may_keep_register(user)
    return await show_page(
        request,
        session,
        "plans/coverage.html",
        **seen,
        say=lambda place: say([place]),
        keeper=keeper,
        area=area,
    )
