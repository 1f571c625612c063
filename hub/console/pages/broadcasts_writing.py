"""A broadcast is written: the form, how its text will be read, how it will sound, when it will sound; then sent."""

import asyncio
from functools import partial
from secrets import token_urlsafe
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import Response

from broadcast.domain import schedule
from broadcast.domain.broadcasts import Broadcast, VoiceChoice
from broadcast.domain.people import Author
from broadcast.domain.priorities import PRIORITIES, Category
from broadcast.domain.recordings import LARGEST_MB
from broadcast.domain.spoken import LONGEST_TEXT
from broadcast.errors import BroadcastError, Problem, RequestError
from broadcast.service import writing
from broadcast.service.writing import MOST_REPEATS, TITLE_LIMIT, Wanted
from devices.enrolment import is_emergency
from hub.console.auth import BroadcastUser
from hub.console.context import ConsoleContext, Context
from hub.console.pages.broadcasts_form import (
    SPOTS,
    BroadcastForm,
    SentForm,
    fault_of,
    form_of,
    read_form,
)
from hub.console.pages.broadcasts_places import read_picker, read_reach
from hub.console.pages.broadcasts_when import WEEKDAYS, When
from hub.console.pages.frame import show_page
from hub.console.pages.rendering import render
from hub.console.pages.route import PageRoute, PageSession
from hub.console.problems import STATUS
from hub.domain.accounts import Kept
from hub.domain.broadcast_rights import author_of, viewer_of
from hub.domain.errors import Fault, Faulty
from hub.domain.people import Role, User
from hub.domain.sessions import Session
from hub.ports import Transaction
from hub.services.accounts import Asked, once

router = APIRouter(prefix="/broadcasts", route_class=PageRoute)
TO_TOAST: Final = {"hx-retarget": "#toast", "hx-reswap": "innerHTML"}
URGENT: Final = tuple(category.value for category in Category if is_emergency(PRIORITIES[category]))


@router.get("/new")
async def new(request: Request, context: Context, session: PageSession, like: str = "") -> Response:
    """An empty form, or one filled in with an old broadcast's words."""
    author_of(session.user)
    is_village = session.user.role is Role.VILLAGE_ADMIN
    form = BroadcastForm(zones=[session.user.area] if is_village else [])
    if like:
        old = form_of(await _read(context, session.user, like))
        form = old.model_copy(update={"rev": None, "when": When.NOW, "at": "", "recording": ""})
    return await _show_form(request, context, session, form, "/broadcasts")


@router.get("/{broadcast_id}/change")
async def change_page(
    broadcast_id: str, request: Request, context: Context, session: PageSession
) -> Response:
    """The form filled in with what is to be changed."""
    author_of(session.user)
    broadcast = await _read(context, session.user, broadcast_id)
    return await _show_form(request, context, session, form_of(broadcast), f"/broadcasts/{broadcast_id}")


@router.post("")
async def create(request: Request, context: Context, user: BroadcastUser, form: SentForm) -> Response:
    """Send it; or say all that is wrong, each at its place, and nothing sounds."""
    author, now = author_of(user), context.clock.now()
    try:
        wanted = await asyncio.to_thread(read_form, form, now)
        made = await context.store.run(lambda tx: _create_once(tx, form.key, wanted, author, now))
    except (Faulty, BroadcastError) as error:
        return _wrong(request, error)
    return _to_page(made)


@router.post("/{broadcast_id}")
async def change(
    broadcast_id: str, request: Request, context: Context, user: BroadcastUser, form: SentForm
) -> Response:
    """Make it as the form says; what is heard, where or when is prepared and approved anew."""
    author, now = author_of(user), context.clock.now()
    before = await _read(context, user, broadcast_id)
    try:
        wanted = await asyncio.to_thread(read_form, form, now, before.timing)
        made = await context.store.run(
            lambda tx: writing.change(tx.broadcasting, broadcast_id, wanted, author, form.rev, now)
        )
    except (Faulty, BroadcastError) as error:
        return _wrong(request, error)
    return _to_page(made.id)


async def _show_form(
    request: Request, context: ConsoleContext, session: Session, form: BroadcastForm, action: str
) -> Response:
    user, now = session.user, context.clock.now()
    picker = await context.store.read(partial(read_picker, user=user))
    reach = await context.store.read(lambda read: read_reach(read, user, form.zones, form.category))
    templates = await context.store.read(lambda read: read.broadcasts.templates())
    return await show_page(
        request,
        session,
        "broadcasts/form.html",
        form=form,
        key=token_urlsafe(16),
        action=action,
        picker=picker,
        reach=reach,
        templates=templates,
        categories=[category.value for category in Category],
        urgent=URGENT,
        voices=[voice.value for voice in VoiceChoice],
        weekdays=WEEKDAYS,
        kinds=[kind.value for kind in When],
        today=schedule.local_iso(now, schedule.DEFAULT_TZ)[:10],
        rule_like="FREQ=MONTHLY;BYMONTHDAY=1",
        limits={
            "text": LONGEST_TEXT,
            "title": TITLE_LIMIT,
            "repeat": MOST_REPEATS,
            "recording_mb": LARGEST_MB,
        },
    )


async def _read(context: ConsoleContext, user: User, broadcast_id: str) -> Broadcast:
    """RequestError: the user may not see it."""
    viewer = viewer_of(user)
    found = await context.store.read(lambda read: read.broadcasts.one(broadcast_id, viewer))
    if found is None:
        raise RequestError(Problem.UNKNOWN)
    return found


def _wrong(request: Request, error: Faulty | BroadcastError) -> Response:
    """Every place of the form with what is wrong there; what stands nowhere on it is told above the page."""
    if isinstance(error, BroadcastError) and error.problem in (Problem.UNKNOWN, Problem.CHANGED):
        raise error
    faults = error.faults if isinstance(error, Faulty) else (fault_of(error),)
    first: dict[str, Fault] = {}
    for fault in faults:
        first.setdefault(fault.field, fault)
    return render(
        request,
        "broadcasts/form_wrong.html",
        status=STATUS["invalid"],
        headers=TO_TOAST,
        faults=first,
        spots=SPOTS,
    )


def _create_once(tx: Transaction, key: str, wanted: Wanted, author: Author, now: int) -> str:
    """The id of the broadcast; a form whose answer was lost on its way is sent again, and sounds once."""

    def work() -> Kept:
        made = writing.create(tx.broadcasting, wanted, author, now)
        return Kept(fingerprint=key, status=204, body=made.id.encode())

    asked = Asked(owner=author.id, key=f"form-{key}" if key else None, fingerprint=key)
    return once(tx, asked, now, work).body.decode()


def _to_page(broadcast_id: str) -> Response:
    return Response(status_code=204, headers={"hx-redirect": f"/broadcasts/{broadcast_id}"})
