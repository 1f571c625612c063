"""Desks: a screen says that it is there, and whether it may sound."""

from typing import Annotated

import msgspec
from fastapi import APIRouter
from pydantic import Field
from starlette.responses import Response

from hub.console.api.answers import answers
from hub.console.api.bodies import Body, Id
from hub.console.api.doing import Does
from hub.console.auth import CallUser
from hub.domain.desks import TTL_MS
from hub.domain.errors import NotFound
from hub.ports import Transaction

router = APIRouter(prefix="/desks", tags=["desks"])


class DeskBody(Body):
    """Whether the browser may sound (it may not before somebody touched the page)."""

    audible: Annotated[bool, Field(strict=True)]


class DeskState(msgspec.Struct, frozen=True, kw_only=True):
    """A live screen as the hub counts it."""

    id: str
    audible: bool


@router.post("/{desk_id}", responses=answers(DeskState, "As counted from now"), response_class=Response)
async def keep_desk(desk_id: Id, body: DeskBody, user: CallUser, doing: Does) -> Response:
    """Say that one's own desk is there, and whether it may sound; 404 when its stream has ended.

    It counts for 25 s: answer each event `desk` of the stream so. From the page's own thread, so that a page that
    hangs is a dark desk.
    """

    def change(tx: Transaction, now: int) -> DeskState:
        expires_at = now + TTL_MS
        if not tx.desks.keep(desk_id, user.id, audible=body.audible, expires_at=expires_at):
            raise NotFound("desk-unknown")
        return DeskState(id=desk_id, audible=body.audible)

    return await doing.do(change)
