"""The desk: one page, and the fragments it asks for again when something has happened."""

from functools import partial

import msgspec
from fastapi import APIRouter, Request
from fastapi.responses import Response

from hub.console.context import Context
from hub.console.pages.card import card_values, open_call, show_card
from hub.console.pages.frame import center_name
from hub.console.pages.reading import read_queue, read_screen
from hub.console.pages.rendering import render
from hub.console.pages.route import PageRoute, PageSession
from hub.domain.events import EventType
from hub.domain.people import ring_targets

router = APIRouter(prefix="/desk", route_class=PageRoute)
LOUDER_AFTER_MS = (15_000, 60_000)  # as the default plan goes on: every screen of the town, then its leader
LIVE_EVENTS = tuple(kind.value for kind in EventType if kind.value.startswith(("call.", "press.")))


@router.get("")
async def desk(request: Request, context: Context, session: PageSession, call: str = "") -> Response:
    """The whole page, with the card of `call` opened when the user sees it."""
    user, now = session.user, context.clock.now()
    screen = await context.store.read(partial(read_screen, user=user, now=now))
    opened = await open_call(context, call, user) if call else None
    return render(
        request,
        "desk.html",
        user=user,
        csrf=session.csrf,
        queue=screen.queue,
        selected=call,
        center=center_name(request, context, user, screen.home),
        places=msgspec.json.encode(screen.places).decode(),
        last_event=screen.last_event,
        targets=sorted(ring_targets(user)),
        event_types=LIVE_EVENTS,
        louder_ms=LOUDER_AFTER_MS,
        demo=context.demo_logins is not None,
        values=card_values(request, opened, user),
    )


@router.get("/queue")
async def queue(request: Request, context: Context, session: PageSession, call: str = "") -> Response:
    """The rows, with the open card's row marked."""
    user, now = session.user, context.clock.now()
    rows = await context.store.read(partial(read_queue, user=user, now=now))
    return render(request, "fragments/queue.html", queue=rows, selected=call)


@router.get("/calls/{call_id}")
async def card(call_id: str, request: Request, context: Context, session: PageSession) -> Response:
    """The card of one call."""
    return await show_card(request, context, session.user, call_id)
