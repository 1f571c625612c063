"""Calls: the list, one with its card and timeline, entering, answering, and what is written into the timeline."""

import base64
import binascii
import re
from enum import StrEnum
from typing import Annotated, Final

import msgspec
from fastapi import APIRouter, Query
from pydantic import Field
from starlette.responses import Response

from hub.console.api.answers import answers, json_response
from hub.console.api.bodies import Body, Id, Line, Millis, Nothing, Text
from hub.console.api.doing import Does
from hub.console.auth import CallUser, ReadingUser
from hub.console.context import Context
from hub.domain.errors import Invalid, NotFound
from hub.domain.people import call_scope
from hub.domain.views import CallDetail, CallView, call_detail, call_view
from hub.ports import Reader
from hub.services import dispatching, entering, handling
from hub.services.entering import Asked, Entry

router = APIRouter(prefix="/calls", tags=["calls"])
MAX_PAGE: Final = 500
CURSOR: Final = re.compile(r"([0-9]{1,16}):([A-Za-z0-9_-]{1,64})")


class Which(StrEnum):
    """`open`: not closed, without tests and drills."""

    OPEN = "open"
    ALL = "all"


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """Calls, newest first. Follow `GET /events?after=` from `last_event_id` and nothing is missed."""

    items: tuple[CallView, ...]
    next_cursor: str | None
    last_event_id: int


class EntryBody(Body):
    """Help asked for by telephone or in person: who asked (a resident of the register), else where help is needed."""

    kind: Asked = Asked.TELEPHONE
    resident: Line | None = None
    area: Line | None = None
    name: Line = ""
    phone: Line = ""
    note: Text = ""
    drill: Annotated[bool, Field(strict=True)] = False


class NoteBody(Body):
    """A note for the timeline."""

    note: Text


class DialBody(Body):
    """A person dialled 120, 119 or 110."""

    number: Text
    promised_at: Millis | None = None
    note: Text = ""


class CallbackBody(Body):
    """How calling the elder back went: spoke, no_answer, busy, wrong_number."""

    outcome: Text
    note: Text = ""


Limit = Annotated[int, Query(ge=1, le=MAX_PAGE)]
CHANGED: Final = answers(CallView, "The call as it is now")


@router.get("", responses=answers(Page, "One page"), response_class=Response)
async def list_calls(
    context: Context,
    user: ReadingUser,
    state: Which = Which.OPEN,
    limit: Limit = 100,
    cursor: str | None = None,
) -> Response:
    """Calls the user may see, newest first; the pages stay put while calls come."""
    after = None if cursor is None else _decode_cursor(cursor)
    scope = call_scope(user)

    def look(read: Reader) -> Page:
        last = read.last_event_id()  # before the rows: what happens between is told twice, never lost
        calls = read.call_page(scope, only_open=state is Which.OPEN, after=after, limit=limit + 1)
        shown = calls[:limit]
        more = len(calls) > limit
        return Page(
            items=tuple(map(call_view, shown)),
            next_cursor=_encode_cursor(shown[-1].raised_at, shown[-1].id) if more else None,
            last_event_id=last,
        )

    return json_response(await context.store.read(look))


@router.post(
    "", status_code=201, responses=answers(CallView, "The call, which rings", 201), response_class=Response
)
async def enter(body: EntryBody, user: CallUser, doing: Does) -> Response:
    """Enter help asked for by telephone or in person: a call that rings like any other. 409 `call-there` with `call`
    when the resident has an open one."""
    entry = Entry(**body.model_dump())
    return await doing.do(lambda tx, now: call_view(entering.enter(tx, entry, user, now)), 201)


@router.get("/{call_id}", responses=answers(CallDetail, "The call"), response_class=Response)
async def get_call(call_id: Id, context: Context, user: ReadingUser) -> Response:
    """One call with the caller's card and all that happened."""

    def look(read: Reader) -> CallDetail:
        call = read.call(call_id, call_scope(user))
        if call is None:
            raise NotFound("call-unknown", call=call_id)
        card = None if call.resident is None else read.card(call.resident)
        responders = read.responders_of([call_id]).get(call_id, ())
        return call_detail(call, card, read.timeline(call_id), responders, read.merged_into(call_id))

    return json_response(await context.store.read(look))


@router.post("/{call_id}/answer", responses=CHANGED, response_class=Response)
async def answer(call_id: Id, user: CallUser, doing: Does, body: Nothing | None = None) -> Response:
    """Take the call. 409 `held` with `holder` when somebody was first; the holder again: 200."""
    del body
    return await doing.do(lambda tx, now: call_view(handling.answer(tx, call_id, user, now)))


@router.post("/{call_id}/release", responses=CHANGED, response_class=Response)
async def release(call_id: Id, user: CallUser, doing: Does, body: Nothing | None = None) -> Response:
    """Give the call back; it rings again."""
    del body
    return await doing.do(lambda tx, now: call_view(handling.release(tx, call_id, user, now)))


@router.post("/{call_id}/note", responses=CHANGED, response_class=Response)
async def note(call_id: Id, body: NoteBody, user: CallUser, doing: Does) -> Response:
    """Write a note into the timeline."""
    return await doing.do(lambda tx, now: call_view(handling.note(tx, call_id, user, body.note, now)))


@router.post("/{call_id}/dial", responses=CHANGED, response_class=Response)
async def dial(call_id: Id, body: DialBody, user: CallUser, doing: Does) -> Response:
    """Record who dialled an emergency number, when, and the time promised. The hub itself never dials."""
    asked = dispatching.Dial(number=body.number, promised_at=body.promised_at, note=body.note)
    return await doing.do(lambda tx, now: call_view(dispatching.dialled(tx, call_id, user, asked, now)))


@router.post("/{call_id}/callback", responses=CHANGED, response_class=Response)
async def callback(call_id: Id, body: CallbackBody, user: CallUser, doing: Does) -> Response:
    """Record how calling the elder back went."""
    return await doing.do(
        lambda tx, now: call_view(handling.called_back(tx, call_id, user, body.outcome, body.note, now))
    )


def _encode_cursor(raised_at: int, call_id: str) -> str:
    return base64.urlsafe_b64encode(f"{raised_at}:{call_id}".encode()).decode().rstrip("=")


def _decode_cursor(cursor: str) -> tuple[int, str]:
    try:
        named = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
    except (ValueError, binascii.Error) as error:
        raise Invalid("cursor-unknown", field="cursor") from error
    match = CURSOR.fullmatch(named)
    if match is None:
        raise Invalid("cursor-unknown", field="cursor")
    return int(match[1]), match[2]
