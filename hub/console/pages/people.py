"""Those who help: village doctors, grid workers and clinics, on one page."""

from collections.abc import Sequence

import msgspec
from fastapi import APIRouter, Request
from fastapi.responses import Response

from hub.console.context import Context
from hub.console.pages.frame import show_page
from hub.console.pages.register_forms import add_form_routes
from hub.console.pages.route import PageRoute, PageSession
from hub.console.pages.rows import place
from hub.console.register.books import CLINICS, PEOPLE
from hub.console.register.forms import own_prefix
from hub.domain.entries import PERSON_KINDS
from hub.domain.people import may_keep_register
from hub.domain.register import Clinic, Person
from hub.ports import Reader

router = APIRouter(route_class=PageRoute)


class HelperRow(msgspec.Struct, frozen=True, kw_only=True):
    """One of those who help; `path` is their own page."""

    name: str
    place: str
    phone: str
    path: str


class Helpers(msgspec.Struct, frozen=True, kw_only=True):
    """All of them, by what they are."""

    people: dict[str, tuple[HelperRow, ...]]
    clinics: tuple[HelperRow, ...]


@router.get("/people")
async def people(request: Request, context: Context, session: PageSession) -> Response:
    """The lists."""
    prefix, home = own_prefix(session.user), session.user.area

    def look(read: Reader) -> Helpers:
        names, everybody = read.area_names(), read.people(prefix)

        def rows(found: Sequence[Person] | Sequence[Clinic], path: str) -> tuple[HelperRow, ...]:
            return tuple(
                HelperRow(
                    name=one.name,
                    place=place(one.area, names, home),
                    phone=one.phone,
                    path=f"{path}/{one.id}",
                )
                for one in found
            )

        kinds = {kind: [one for one in everybody if one.kind == kind] for kind in PERSON_KINDS}
        return Helpers(
            people={kind: rows(found, PEOPLE.path) for kind, found in kinds.items()},
            clinics=rows(read.clinics(prefix), CLINICS.path),
        )

    helpers = await context.store.read(look)
    keeper = may_keep_register(session.user)
    return await show_page(request, session, "register/people.html", helpers=helpers, keeper=keeper)


_people = APIRouter(prefix=PEOPLE.path, route_class=PageRoute)
_clinics = APIRouter(prefix=CLINICS.path, route_class=PageRoute)
add_form_routes(_people, PEOPLE)
add_form_routes(_clinics, CLINICS)
router.include_router(_people)
router.include_router(_clinics)
