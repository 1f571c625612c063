"""What the form of a broadcast asks while it is filled in: how it will be read and sound, where, and when."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response

from broadcast.domain.spoken import check_text
from broadcast.errors import BroadcastError, Problem
from hub.console.auth import BroadcastUser
from hub.console.broadcasting import Parts
from hub.console.context import Context
from hub.console.pages import broadcasts_when as times
from hub.console.pages.broadcasts import say_of
from hub.console.pages.broadcasts_form import SentForm, check_timing, fault_of
from hub.console.pages.broadcasts_places import read_reach
from hub.console.pages.broadcasts_preview import wanted_sound
from hub.console.pages.rendering import render
from hub.console.pages.route import PageRoute
from hub.domain.broadcast_rights import author_of
from hub.domain.errors import Faulty

router = APIRouter(prefix="/broadcasts/form", route_class=PageRoute)


@router.post("/spoken")
async def spoken(
    request: Request, user: BroadcastUser, parts: Parts, text: Annotated[str, Form()] = ""
) -> Response:
    """How the text will be read aloud; nothing while there is none."""
    author_of(user)
    try:
        check_text(text)
        reading = await parts.studio.spoken(text)
    except BroadcastError as error:
        fault = None if error.problem is Problem.TEXT_EMPTY else fault_of(error, "text")
        return render(request, "broadcasts/form_spoken.html", spoken="", fault=fault)
    return render(request, "broadcasts/form_spoken.html", spoken=reading, fault=None)


@router.post("/sound")
async def sound(
    request: Request, context: Context, user: BroadcastUser, parts: Parts, form: SentForm
) -> Response:
    """The very sound that would be sent, to be heard before."""
    author = author_of(user)
    try:
        wanted = await wanted_sound(context, form, author)
        made = await parts.studio.prepare(wanted)
    except (Faulty, BroadcastError) as error:
        (fault, *_) = error.faults if isinstance(error, Faulty) else (fault_of(error),)
        return render(request, "broadcasts/form_sound.html", audio=None, fault=fault)
    return render(request, "broadcasts/form_sound.html", audio=made.audio, fault=None)


@router.post("/where")
async def where(request: Request, context: Context, user: BroadcastUser, form: SentForm) -> Response:
    """Whom the chosen places reach."""
    author_of(user)
    reach = await context.store.read(lambda read: read_reach(read, user, form.zones, form.category))
    return render(request, "broadcasts/form_where.html", reach=reach)


@router.post("/when")
async def when(request: Request, context: Context, user: BroadcastUser, form: SentForm) -> Response:
    """The chosen time in words, with the next three."""
    author_of(user)
    now, say = context.clock.now(), say_of(request)
    try:
        timing = await asyncio.to_thread(check_timing, form.choice, now)
    except (Faulty, BroadcastError) as error:
        # what is not filled in yet is no fault before it is sent
        fault = None if isinstance(error, Faulty) else fault_of(error, "when")
        return render(request, "broadcasts/form_when.html", words="", moments=[], fault=fault)
    moments = [times.moment(at, say, now) for at in times.coming(timing, now)]
    return render(
        request, "broadcasts/form_when.html", words=times.words(timing, say, now), moments=moments, fault=None
    )
