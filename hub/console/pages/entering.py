"""Help asked for by telephone or in person: the form at the desk, and the call that comes of it."""

from collections.abc import Sequence
from typing import Annotated

import msgspec
from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import Response

from devices.ids import county_of
from hub.console.context import Context
from hub.console.pages.actions import Words
from hub.console.pages.card import show_card
from hub.console.pages.rendering import render
from hub.console.pages.route import PageRoute, PageSession
from hub.console.pages.rows import place
from hub.console.register.choices import tree
from hub.domain.areas import area_prefix
from hub.domain.calls import Call
from hub.domain.people import User, call_scope
from hub.domain.register import Wanted
from hub.ports import Reader, Transaction
from hub.services import entering, handling
from hub.services.casefile import NOTE_LIMIT
from hub.services.entering import Asked, Entry

router = APIRouter(prefix="/desk/enter", route_class=PageRoute)
FOUND_AT_MOST = 8
SEARCHED_AT_MOST = 200  # a clinic's residents live in many places


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """A resident who may be meant."""

    id: str
    name: str
    place: str
    address: str
    phone: str


@router.get("")
async def form(request: Request, context: Context, session: PageSession) -> Response:
    """The empty form, where the card stands."""
    user = session.user
    areas = await context.store.read(lambda read: tuple(tree(read.areas(area_prefix(_own_area(read, user))))))
    return render(
        request,
        "fragments/enter.html",
        areas=areas,
        kinds=[kind.value for kind in Asked],
        note_limit=NOTE_LIMIT,
    )


@router.get("/residents")
async def residents(
    request: Request, context: Context, session: PageSession, q: Annotated[str, Query(max_length=80)] = ""
) -> Response:
    """Who of the register may be meant: by name, telephone or address."""
    text, user = q.strip(), session.user
    found = await context.store.read(lambda read: _find(read, text, user)) if text else ()
    return render(request, "fragments/enter_residents.html", found=found, text=text)


@router.post("")
async def enter(
    request: Request,
    context: Context,
    session: PageSession,
    kind: Annotated[Asked, Form()],
    resident: Words = "",
    area: Words = "",
    name: Words = "",
    phone: Words = "",
    note: Words = "",
    hold: bool = Form(default=False),
) -> Response:
    """Raise the call; with `hold` whoever enters it has it."""
    user, now = session.user, context.clock.now()
    entry = Entry(
        kind=kind, resident=resident or None, area=area or None, name=name, phone=phone.strip(), note=note
    )

    def work(tx: Transaction) -> Call:
        call = entering.enter(tx, entry, user, now)
        return handling.answer(tx, call.id, user, now) if hold else call

    call = await context.store.run(work)
    return await show_card(request, context, user, call.id)


def _own_area(read: Reader, user: User) -> str:
    """Where the user may enter a call of somebody whom the register does not know."""
    clinics = {clinic.id: clinic.area for clinic in read.clinics("")} if user.clinic else {}
    return clinics.get(user.clinic or "", user.area)


def _find(read: Reader, text: str, user: User) -> Sequence[Found]:
    scope, names = call_scope(user), read.area_names()
    everywhere = area_prefix(user.area if user.clinic is None else county_of(user.area))
    page = read.resident_page(Wanted(prefix=everywhere, text=text), None, SEARCHED_AT_MOST)
    mine = [one for one in page if scope.sees(one.area, one.clinic)][:FOUND_AT_MOST]
    return [
        Found(
            id=one.id,
            name=one.name,
            place=place(one.area, names, user.area),
            address=one.address,
            phone=one.phone,
        )
        for one in mine
    ]
