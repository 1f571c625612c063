"""People of the county who do not sign in: village doctors and grid workers."""

from typing import Literal

import msgspec
from fastapi import APIRouter
from starlette.responses import Response

from hub.console.api.answers import answers, json_response
from hub.console.api.bodies import Body, Id, Line, emptied
from hub.console.api.doing import Does
from hub.console.api.files import add_file_routes
from hub.console.api.residents import Code, Words, wanted_prefix
from hub.console.auth import AdminUser, ReadingUser
from hub.console.context import Context
from hub.console.register.taking_in import PEOPLE
from hub.domain.entries import PersonDraft
from hub.domain.register import Person
from hub.services import places

router = APIRouter(prefix="/people", tags=["register"])


class PersonPatch(Body):
    """What is to be different; what is left out stays."""

    kind: Literal["doctor", "grid_worker"] | None = None
    name: Words | None = None
    area: Words | None = None
    phone: Words | None = None


class PersonBody(PersonPatch):
    """A helper to be. Without `id` the hub gives one."""

    id: Line | None = None
    kind: Literal["doctor", "grid_worker"]
    name: Words
    area: Words


class People(msgspec.Struct, frozen=True, kw_only=True):
    """People by area and id."""

    items: tuple[Person, ...]


add_file_routes(router, PEOPLE)


@router.get("", responses=answers(People, "The people"), response_class=Response)
async def list_people(context: Context, user: ReadingUser, area: Code | None = None) -> Response:
    """Village doctors and grid workers of the areas the user may see."""
    prefix = wanted_prefix(user, area)
    found = await context.store.read(lambda read: read.people(prefix))
    return json_response(People(items=tuple(found)))


@router.post("", responses=answers(Person, "The new helper", 201), response_class=Response)
async def add_person(body: PersonBody, user: AdminUser, doing: Does) -> Response:
    """Enter a village doctor or a grid worker."""
    return await doing.do(lambda tx, now: places.add_person(tx, _draft(body), user, now), 201)


@router.patch("/{person}", responses=answers(Person, "The helper as kept now"), response_class=Response)
async def change_person(person: Id, body: PersonPatch, user: AdminUser, doing: Does) -> Response:
    """Change what is said. 409 for another `kind` while residents name them."""
    return await doing.do(lambda tx, now: places.change_person(tx, person, _draft(body), user, now))


@router.delete("/{person}", responses=answers(None, "Removed", 204), response_class=Response, status_code=204)
async def remove_person(person: Id, user: AdminUser, doing: Does) -> Response:
    """Take a helper out. 409 while residents name them."""
    return await doing.do(lambda tx, now: places.remove_person(tx, person, user, now))


def _draft(body: PersonPatch) -> PersonDraft:
    return msgspec.convert(emptied(body.model_dump(exclude_unset=True), ()), PersonDraft)
