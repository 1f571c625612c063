"""Rating by a link that works once. The link is the right; nobody signs in."""

from typing import Annotated

import msgspec
from fastapi import APIRouter, Path
from pydantic import Field
from starlette.responses import Response

from hub.console.api.answers import answers, json_response
from hub.console.api.bodies import Body, Text
from hub.console.auth import token_hash
from hub.console.context import Context
from hub.services import reviewing

router = APIRouter(prefix="/feedback", tags=["feedback"])
LinkToken = Annotated[str, Path(max_length=64, pattern=r"^[A-Za-z0-9_-]+$")]


class RatingBody(Body):
    """1 (bad) to 5 (very good), and what else there is to say."""

    rating: Annotated[int, Field(strict=True)]
    note: Text = ""


class Asking(msgspec.Struct, frozen=True, kw_only=True):
    """What the link asks about: when the call was, and until when it can be answered (Unix ms)."""

    raised_at: int
    until: int


class Thanks(msgspec.Struct, frozen=True, kw_only=True):
    """The rating as it is kept."""

    rating: int


@router.get("/{token}", responses=answers(Asking, "The question"), response_class=Response)
async def look(token: LinkToken, context: Context) -> Response:
    """What is asked. 404 `feedback-link-over`, 409 `feedback-given` when the link was used."""
    hashed, now = token_hash(token), context.clock.now()
    asked = await context.store.read(lambda read: reviewing.asked_by_link(read, hashed, now))
    return json_response(Asking(raised_at=asked.raised_at, until=asked.until))


@router.post("/{token}", responses=answers(Thanks, "Kept; the case is closed"), response_class=Response)
async def rate(token: LinkToken, body: RatingBody, context: Context) -> Response:
    """Rate. The link is used up with it."""
    hashed, now = token_hash(token), context.clock.now()
    await context.store.run(lambda tx: reviewing.rate(tx, hashed, body.rating, body.note, now))
    return json_response(Thanks(rating=body.rating))
