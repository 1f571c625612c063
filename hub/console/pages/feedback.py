"""/f/{token}: one page, one tap, no sign-in. The link is the right; it works once."""

from typing import Annotated

from fastapi import APIRouter, Form, Path, Request
from fastapi.responses import Response

from hub.console.auth import check_origin, token_hash
from hub.console.context import Context
from hub.console.pages.rendering import render
from hub.console.pages.route import PageRoute
from hub.console.problems import STATUS
from hub.domain.errors import Conflict, NotFound
from hub.services import reviewing

router = APIRouter(prefix="/f", route_class=PageRoute)
LinkToken = Annotated[str, Path(max_length=64, pattern=r"^[A-Za-z0-9_-]+$")]
# a link in a message is looked at by many programs before its reader: none of them may keep or follow it
HEADERS = {"x-robots-tag": "noindex, nofollow"}


@router.get("/{token}")
async def ask(token: LinkToken, request: Request, context: Context) -> Response:
    """The question, or that it was answered or is over."""
    hashed, now = token_hash(token), context.clock.now()
    try:
        asked = await context.store.read(lambda read: reviewing.asked_by_link(read, hashed, now))
    except (Conflict, NotFound) as error:
        return _told(request, error.code, STATUS[error.kind])
    return render(request, "feedback.html", headers=HEADERS, asked=asked, token=token)


@router.post("/{token}")
async def rate(
    token: LinkToken, request: Request, context: Context, rating: Annotated[int, Form()]
) -> Response:
    """One tap: the case is closed with this rating."""
    check_origin(request)
    hashed, now = token_hash(token), context.clock.now()
    try:
        await context.store.run(lambda tx: reviewing.rate(tx, hashed, rating, "", now))
    except (Conflict, NotFound) as error:
        return _told(request, error.code, STATUS[error.kind])
    return _told(request, "feedback-thanks", 200)


def _told(request: Request, sentence: str, status: int) -> Response:
    return render(request, "feedback_over.html", status=status, headers=HEADERS, sentence=sentence)
