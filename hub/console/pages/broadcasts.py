"""Broadcasts to look at: the list, and one with its words, its times and how far its runs have come."""

from functools import partial
from typing import Final
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import Response

from broadcast.domain.broadcasts import CHANGEABLE, STOPPABLE, BroadcastState
from broadcast.errors import Problem, RequestError
from devices.ids import area_level
from hub.console.context import ConsoleContext, Context, context_of
from hub.console.language import language_of
from hub.console.pages import broadcasts_when as times
from hub.console.pages.broadcasts_coverage import bar
from hub.console.pages.broadcasts_reading import Whole, read_board, read_whole, soonest_first
from hub.console.pages.broadcasts_refusals import TYPES, read_refusals
from hub.console.pages.broadcasts_when import Say
from hub.console.pages.frame import show_page
from hub.console.pages.rendering import render
from hub.console.pages.route import PageRoute, PageSession
from hub.domain.broadcast_rights import MAY, author_of, viewer_of
from hub.domain.events import EventType
from hub.domain.people import User

router = APIRouter(prefix="/broadcasts", route_class=PageRoute)
_EVENTS: Final = tuple(kind.value for kind in EventType if kind.value.startswith("broadcast."))
_REFUSED: Final = tuple(sorted(kind.value for kind in TYPES))
LIVE: Final = {"link": "connecting", "event-types": " ".join(_EVENTS)}


@router.get("")
async def broadcasts(request: Request, context: Context, session: PageSession, after: str = "") -> Response:
    """The list; `after`: the page of past ones that begins there."""
    values = await _board_values(request, context, session.user, after)
    data = LIVE | {
        "refresh": f"/broadcasts/board?{urlencode({'after': after})}",
        "into": "#board",
        "refused": " ".join(_REFUSED),
    }
    values |= await _refusal_values(request, context, session.user)
    return await show_page(request, session, "broadcasts/list.html", data=data, **values)


@router.get("/board")
async def board(request: Request, context: Context, session: PageSession, after: str = "") -> Response:
    """The list alone, as it is now."""
    values = await _board_values(request, context, session.user, after)
    return render(request, "broadcasts/board.html", values=values)


@router.get("/refusals")
async def refusals(request: Request, context: Context, session: PageSession) -> Response:
    """What was refused in the last day, as it is now."""
    values = await _refusal_values(request, context, session.user)
    return render(request, "broadcasts/refusals.html", values=values)


@router.get("/{broadcast_id}")
async def broadcast(broadcast_id: str, request: Request, context: Context, session: PageSession) -> Response:
    """One broadcast."""
    values = await whole_values(request, context, session.user, broadcast_id)
    data = LIVE | {"refresh": f"/broadcasts/{broadcast_id}/now", "into": "#whole", "about": broadcast_id}
    return await show_page(request, session, "broadcasts/one.html", data=data, **values)


@router.get("/{broadcast_id}/now")
async def broadcast_now(
    broadcast_id: str, request: Request, context: Context, session: PageSession
) -> Response:
    """One broadcast as it is now, for the page that shows it."""
    return await show_whole(request, context, session.user, broadcast_id)


async def show_whole(request: Request, context: ConsoleContext, user: User, broadcast_id: str) -> Response:
    """The fragment that shows all of a broadcast. RequestError: the user may not see it."""
    values = await whole_values(request, context, user, broadcast_id)
    return render(request, "broadcasts/whole.html", values=values)


def say_of(request: Request) -> Say:
    """Sentences in the reader's language."""
    return partial(context_of(request).phrases.say, language_of(request))


async def _board_values(
    request: Request, context: ConsoleContext, user: User, after: str
) -> dict[str, object]:
    viewer, now, say = viewer_of(user), context.clock.now(), say_of(request)
    found = await context.store.read(lambda read: read_board(read, viewer, after))
    open_now = (*found.on_air, *found.waiting, *found.coming)
    firsts = {line.broadcast.id: times.coming(line.broadcast.timing, now)[:1] for line in found.coming}
    return {
        "board": soonest_first(found, firsts),
        "after": after,
        "may_write": user.role in MAY,
        "bar": bar,
        "when": {line.broadcast.id: times.words(line.broadcast.timing, say, now) for line in open_now},
        "next": {name: times.moment(first[0], say, now) for name, first in firsts.items() if first},
        "moment": partial(times.moment, say=say, now=now),
    }


async def _refusal_values(request: Request, context: ConsoleContext, user: User) -> dict[str, object]:
    now = context.clock.now()
    return {
        "refusals": await context.store.read(lambda read: read_refusals(read, user, now)),
        "moment": partial(times.moment, say=say_of(request), now=now),
        "knows": context.phrases.has,
    }


async def whole_values(
    request: Request, context: ConsoleContext, user: User, broadcast_id: str
) -> dict[str, object]:
    """What broadcasts/whole.html shows. RequestError: the user may not see it."""
    viewer, now, say = viewer_of(user), context.clock.now(), say_of(request)
    whole = await context.store.read(lambda read: read_whole(read, broadcast_id, viewer))
    if whole is None:
        raise RequestError(Problem.UNKNOWN)
    timing = whole.broadcast.timing
    return {
        "broadcast": whole.broadcast,
        "whole": whole,
        "bar": bar,
        "knows": context.phrases.has,
        "when": times.words(timing, say, now),
        "next_times": _coming(whole, say, now),
        "level": area_level(whole.broadcast.area).value,
        "moment": partial(times.moment, say=say, now=now),
        **_rights(whole, user),
    }


def _rights(whole: Whole, user: User) -> dict[str, bool]:
    """What this user may do with it now."""
    broadcast = whole.broadcast
    mine = user.role in MAY and author_of(user).reaches(broadcast.area)
    waits = broadcast.state is BroadcastState.WAITING_APPROVAL
    second = mine and author_of(user).may_approve and broadcast.edited_by.id != user.id
    return {
        "may_stop": mine and broadcast.state in STOPPABLE,
        "may_change": mine and broadcast.state in CHANGEABLE,
        "may_approve": waits and second,
        "may_rehearse": mine and broadcast.audio is not None,
        "may_silence": mine,
        "may_copy": mine,
    }


def _coming(whole: Whole, say: Say, now: int) -> list[str]:
    """The next moments, while it may still sound."""
    if whole.broadcast.is_over:
        return []
    return [times.moment(at, say, now) for at in times.coming(whole.broadcast.timing, now)]
