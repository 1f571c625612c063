"""Areas: the tree with what stands in it; their own pages are those of every book of the register."""

from collections.abc import Mapping, Sequence

import msgspec
from fastapi import APIRouter, Request
from fastapi.responses import Response

from hub.console.context import Context
from hub.console.pages.frame import show_page
from hub.console.pages.register_forms import add_form_routes
from hub.console.pages.route import PageRoute, PageSession
from hub.console.register.books import AREAS
from hub.console.register.choices import AreaLine, tree
from hub.console.register.forms import own_prefix
from hub.domain.areas import area_prefix
from hub.domain.people import may_keep_register
from hub.domain.register import AreaCount
from hub.ports import Reader

router = APIRouter(prefix="/areas", route_class=PageRoute)


class AreaRow(msgspec.Struct, frozen=True, kw_only=True):
    """One area with how many residents and devices are in it and all below."""

    line: AreaLine
    residents: int
    devices: int


@router.get("")
async def areas(request: Request, context: Context, session: PageSession) -> Response:
    """The whole tree that the user may see."""
    prefix = own_prefix(session.user)

    def look(read: Reader) -> Sequence[AreaRow]:
        return area_rows(tuple(tree(read.areas(prefix))), read.area_counts(prefix))

    rows = await context.store.read(look)
    keeper = may_keep_register(session.user)
    return await show_page(request, session, "register/areas.html", rows=rows, keeper=keeper)


add_form_routes(router, AREAS)


def area_rows(lines: Sequence[AreaLine], counts: Mapping[str, AreaCount]) -> list[AreaRow]:
    """`lines` with the sums of what is counted in each and below it."""
    rows = []
    for line in lines:
        prefix = area_prefix(line.code)
        inside = [count for code, count in counts.items() if code.startswith(prefix)]
        residents, devices = sum(one.residents for one in inside), sum(one.devices for one in inside)
        rows.append(AreaRow(line=line, residents=residents, devices=devices))
    return rows
