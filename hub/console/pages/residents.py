"""Residents: the list with its search; their own pages are those of every book of the register."""

from typing import Final

import msgspec
from fastapi import APIRouter, Request
from fastapi.responses import Response

from hub.console.api.lists import decode_cursor, encode_cursor
from hub.console.context import ConsoleContext, Context
from hub.console.pages.frame import show_page
from hub.console.pages.register_forms import add_form_routes
from hub.console.pages.rendering import render
from hub.console.pages.route import PageRoute, PageSession
from hub.console.pages.rows import age, place
from hub.console.register.books import RESIDENTS
from hub.console.register.choices import AreaLine, chosen, tree
from hub.console.register.forms import own_prefix
from hub.domain.people import User, may_keep_register
from hub.domain.register import Place, Wanted
from hub.domain.residents import ResidentRecord
from hub.ports import Reader

router = APIRouter(prefix="/residents", route_class=PageRoute)
PAGE: Final = 100
LONGEST_SEARCH: Final = 80


class ResidentRow(msgspec.Struct, frozen=True, kw_only=True):
    """One resident in the list."""

    record: ResidentRecord
    age: int | None
    place: str
    devices: tuple[str, ...]


class Listed(msgspec.Struct, frozen=True, kw_only=True):
    """A page of the list; `more` is the cursor of the next one, "" at the end."""

    rows: tuple[ResidentRow, ...]
    count: int
    more: str
    text: str
    area: str
    areas: tuple[AreaLine, ...]


@router.get("")
async def residents(
    request: Request, context: Context, session: PageSession, q: str = "", area: str = ""
) -> Response:
    """The list."""
    listed = await _listed(context, session.user, q, area, "")
    keeper = may_keep_register(session.user)
    return await show_page(request, session, "register/residents.html", listed=listed, keeper=keeper)


@router.get("/rows")
async def rows(
    request: Request, context: Context, session: PageSession, q: str = "", area: str = "", cursor: str = ""
) -> Response:
    """What a search finds, or the rows behind `cursor`."""
    listed = await _listed(context, session.user, q, area, cursor)
    template = "register/resident_rows.html" if cursor else "register/resident_table.html"
    return render(request, template, listed=listed)


add_form_routes(router, RESIDENTS)


async def _listed(context: ConsoleContext, user: User, text: str, area: str, cursor: str) -> Listed:
    own, now = own_prefix(user), context.clock.now()
    after = Place(*decode_cursor(cursor, 2)) if cursor else None
    said = text.replace("\x00", "").strip()[:LONGEST_SEARCH]

    def look(read: Reader) -> Listed:
        areas, names = tuple(tree(read.areas(own))), read.area_names()
        wanted = Wanted(prefix=chosen(own, area, areas), text=said)
        found = read.resident_page(wanted, after, PAGE + 1)
        shown = found[:PAGE]
        devices = read.devices_of([one.id for one in shown])
        return Listed(
            rows=tuple(
                ResidentRow(
                    record=one,
                    age=age(one.born, now),
                    place=place(one.area, names, user.area),
                    devices=tuple(devices.get(one.id, ())),
                )
                for one in shown
            ),
            count=read.count_residents(wanted),
            more=encode_cursor(shown[-1].area, shown[-1].id) if len(found) > PAGE else "",
            text=said,
            area=area,
            areas=areas,
        )

    return await context.store.read(look)
