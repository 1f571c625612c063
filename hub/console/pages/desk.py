"""The desk: one page, and the fragments it asks for again when something has happened."""

from functools import partial

import msgspec
from fastapi import APIRouter, Request
from fastapi.responses import Response

from hub.console.context import ConsoleContext, Context
from hub.console.pages.briefing import NUMBERS, briefing, coordinates, full_address, sex
from hub.console.pages.frame import center_name
from hub.console.pages.reading import Opened, read_call, read_queue, read_screen
from hub.console.pages.rendering import render
from hub.console.pages.route import PageRoute, PageSession
from hub.console.pages.timeline import timeline
from hub.domain import escalation
from hub.domain.calls import HELD, WAITING, Outcome
from hub.domain.errors import NotFound
from hub.domain.events import EventType
from hub.domain.people import NOTHING, User, call_scope, may_handle_calls, ring_targets
from hub.services.handling import NOTE_LIMIT

router = APIRouter(prefix="/desk", route_class=PageRoute)
LOUDER_AFTER_MS = (escalation.COUNTY_AFTER_MS, escalation.COUNTY_AFTER_MS + escalation.AGAIN_EVERY_MS)
CALLBACKS = ("spoke", "no_answer", "busy", "wrong_number")
LIVE_EVENTS = tuple(kind.value for kind in EventType if kind.value.startswith(("call.", "press.")))


@router.get("")
async def desk(request: Request, context: Context, session: PageSession, call: str = "") -> Response:
    """The whole page, with the card of `call` opened when the user sees it."""
    user, now = session.user, context.clock.now()
    screen = await context.store.read(partial(read_screen, user=user, now=now))
    opened = await _opened(context, call, user, now) if call else None
    center = center_name(request, context, user, screen.home)
    return render(
        request,
        "desk.html",
        user=user,
        csrf=session.csrf,
        queue=screen.queue,
        selected=call,
        center=center,
        places=msgspec.json.encode(screen.places).decode(),
        last_event=screen.last_event,
        targets=sorted(ring_targets(user)),
        event_types=LIVE_EVENTS,
        louder_ms=LOUDER_AFTER_MS,
        demo=context.demo_logins is not None,
        values=_card_values(opened, user, center, now),
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


async def show_card(request: Request, context: ConsoleContext, user: User, call_id: str) -> Response:
    """The card as it is now. NotFound for a call that the user may not see."""
    now = context.clock.now()
    opened = await _opened(context, call_id, user, now)
    if opened is None:
        raise NotFound("call-unknown", call=call_id)
    center = center_name(request, context, user, opened.home)
    return render(request, "fragments/card.html", values=_card_values(opened, user, center, now))


async def _opened(context: ConsoleContext, call_id: str, user: User, now: int) -> Opened | None:
    return await context.store.read(partial(read_call, call_id=call_id, user=user, now=now))


def _card_values(opened: Opened | None, user: User, center: str, now: int) -> dict[str, object]:
    """The values of fragments/card.html; without a call it says that none is open."""
    if opened is None:
        return {"call": None, "sees_calls": call_scope(user) != NOTHING, "may_handle": may_handle_calls(user)}
    call, resident, entries = opened.call, opened.card.resident, timeline(opened.events)
    return {
        "call": call,
        "row": opened.row,
        "card": opened.card,
        "resident": resident,
        "sex": sex(resident),
        "address": "" if resident is None else full_address(resident, opened.card.area_path[1:]),
        "at": coordinates(resident),
        "entries": entries,
        "dialled": [entry for entry in reversed(entries) if entry.type == EventType.CALL_DIALLED.value],
        "briefings": [(number, briefing(number, opened.card, center, now)) for number in NUMBERS],
        "may_handle": may_handle_calls(user),
        "row_waits": call.state in WAITING,
        "row_held": call.state in HELD,
        "outcomes": [outcome.value for outcome in Outcome],
        "callbacks": CALLBACKS,
        "note_limit": NOTE_LIMIT,
    }
