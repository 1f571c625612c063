"""The card of one call: everything that whoever handles it must see, and what can be done now."""

from functools import partial

from fastapi import Request
from fastapi.responses import Response

from hub.console.context import ConsoleContext, context_of
from hub.console.language import language_of
from hub.console.pages.briefing import NUMBERS, briefing, coordinates, full_address, sex
from hub.console.pages.doings import doings, helpers, numbers
from hub.console.pages.frame import center_name
from hub.console.pages.reading import Opened, read_call
from hub.console.pages.rendering import render
from hub.console.pages.targets import say_targets
from hub.console.pages.timeline import timeline
from hub.domain.calls import HELD, Outcome
from hub.domain.errors import NotFound
from hub.domain.feedback import AskBy
from hub.domain.people import NOTHING, User, call_scope, may_handle_calls
from hub.services.casefile import NOTE_LIMIT

CALLBACKS = ("spoke", "no_answer", "busy", "wrong_number")


async def show_card(request: Request, context: ConsoleContext, user: User, call_id: str) -> Response:
    """The card as it is now. NotFound for a call that the user may not see."""
    opened = await open_call(context, call_id, user)
    if opened is None:
        raise NotFound("call-unknown", call=call_id)
    return render(request, "fragments/card.html", values=card_values(request, opened, user))


async def open_call(context: ConsoleContext, call_id: str, user: User) -> Opened | None:
    """What the card shows; None when the user may not see the call."""
    now = context.clock.now()
    return await context.store.read(partial(read_call, call_id=call_id, user=user, now=now))


def card_values(request: Request, opened: Opened | None, user: User) -> dict[str, object]:
    """The values of fragments/card.html; without a call it says that none is open."""
    if opened is None:
        return {"call": None, "sees_calls": call_scope(user) != NOTHING, "may_handle": may_handle_calls(user)}
    context = context_of(request)
    say = partial(say_targets, context.phrases, language_of(request), opened.targets)
    call, resident, entries = opened.call, opened.card.resident, timeline(opened.events, say, opened.others)
    center, now = center_name(request, context, user, opened.home), context.clock.now()
    return {
        "call": call,
        "row": opened.row,
        "card": opened.card,
        "resident": resident,
        "sex": sex(resident),
        "address": "" if resident is None else full_address(resident, opened.card.area_path[1:]),
        "at": coordinates(resident),
        "entries": entries,
        "briefings": [(number, briefing(number, opened.card, center, now)) for number in NUMBERS],
        "may_handle": may_handle_calls(user),
        "can": doings(call, user),
        "helpers": helpers(call, opened.card.contacts, opened.sent, user),
        "numbers": numbers(call, opened.sent, user),
        "row_held": call.state in HELD,
        "outcomes": [one.value for one in Outcome if one is not Outcome.CANCELLED],
        "ways_to_ask": [way.value for way in AskBy if call.device or way is not AskBy.DEVICE],
        "callbacks": CALLBACKS,
        "note_limit": NOTE_LIMIT,
    }
