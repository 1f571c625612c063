"""Clinics: rung for their own residents, and where their staff belong."""

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
from hub.console.register.taking_in import CLINICS
from hub.domain.entries import ClinicDraft
from hub.domain.register import Clinic
from hub.services import places

router = APIRouter(prefix="/clinics", tags=["register"])


class ClinicPatch(Body):
    """What is to be different; what is left out stays."""

    name: Words | None = None
    area: Words | None = None
    phone: Words | None = None


class ClinicBody(ClinicPatch):
    """A clinic to be. Without `id` the hub gives one."""

    id: Line | None = None
    name: Words
    area: Words


class Clinics(msgspec.Struct, frozen=True, kw_only=True):
    """Clinics by area and id."""

    items: tuple[Clinic, ...]


add_file_routes(router, CLINICS)


@router.get("", responses=answers(Clinics, "The clinics"), response_class=Response)
async def list_clinics(context: Context, user: ReadingUser, area: Code | None = None) -> Response:
    """Clinics of the areas the user may see."""
    prefix = wanted_prefix(user, area)
    found = await context.store.read(lambda read: read.clinics(prefix))
    return json_response(Clinics(items=tuple(found)))


@router.post("", responses=answers(Clinic, "The new clinic", 201), response_class=Response)
async def add_clinic(body: ClinicBody, user: AdminUser, doing: Does) -> Response:
    """Enter a clinic."""
    return await doing.do(lambda tx, now: places.add_clinic(tx, _draft(body), user, now), 201)


@router.patch("/{clinic}", responses=answers(Clinic, "The clinic as kept now"), response_class=Response)
async def change_clinic(clinic: Id, body: ClinicPatch, user: AdminUser, doing: Does) -> Response:
    """Change what is said."""
    return await doing.do(lambda tx, now: places.change_clinic(tx, clinic, _draft(body), user, now))


@router.delete("/{clinic}", responses=answers(None, "Removed", 204), response_class=Response, status_code=204)
async def remove_clinic(clinic: Id, user: AdminUser, doing: Does) -> Response:
    """Take a clinic out. 409 while residents or staff belong to it."""
    return await doing.do(lambda tx, now: places.remove_clinic(tx, clinic, user, now))


def _draft(body: ClinicPatch) -> ClinicDraft:
    return msgspec.convert(emptied(body.model_dump(exclude_unset=True), ()), ClinicDraft)
