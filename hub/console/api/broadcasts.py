"""Broadcasts: written, listed, changed, approved, rehearsed; their audio and what loudspeakers say of them."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Annotated, Final

import msgspec
from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from broadcast.domain.broadcasts import Broadcast
from broadcast.domain.people import Author
from broadcast.domain.receipts import Progress
from broadcast.domain.schedule import Timing
from broadcast.domain.templates import Template
from broadcast.errors import BroadcastError, Problem, RequestError
from broadcast.rows import Viewer, Work
from broadcast.service import firing, writing
from broadcast.service.writing import Wanted
from hub.console.api.answers import answers, json_response
from hub.console.api.bodies import Id
from hub.console.api.broadcast_bodies import (
    ApprovalBody,
    BroadcastBody,
    BroadcastPatch,
    RehearsalBody,
    RejectionBody,
    SpokenBody,
)
from hub.console.api.doing import Does, Doing, IdempotencyKey
from hub.console.api.lists import Limit, decode_cursor, encode_cursor
from hub.console.audio import PRIVATE, audio_response
from hub.console.auth import BroadcastUser, ReadingUser
from hub.console.broadcasting import Parts
from hub.console.context import ConsoleContext, Context
from hub.domain.broadcast_rights import author_of, viewer_of
from hub.domain.broadcast_views import BroadcastView, RunView, broadcast_view, run_view
from hub.ports import Reader, Transaction

router = APIRouter(prefix="/broadcasts", tags=["broadcasts"])
RUNS_LISTED: Final = 5
RUNS_SHOWN: Final = 50
CHANGED: Final = answers(BroadcastView, "The broadcast as it is now")


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """Broadcasts, newest first, each with its newest five runs."""

    items: tuple[BroadcastView, ...]
    next_cursor: str | None
    last_event_id: int


class Receipts(msgspec.Struct, frozen=True, kw_only=True):
    """What each loudspeaker says of a run, by id."""

    items: tuple[Progress, ...]
    next_cursor: str | None


class SpokenText(msgspec.Struct, frozen=True):
    """A text as it will be read aloud."""

    spoken: str


@router.get("", responses=answers(Page, "One page"), response_class=Response)
async def list_broadcasts(
    context: Context, user: ReadingUser, limit: Limit = 50, cursor: str | None = None
) -> Response:
    """What sounds in the user's area, newest first; the pages stay put while others come."""
    viewer, after = viewer_of(user), None if cursor is None else _decode(cursor)

    def look(read: Reader) -> Page:
        last = read.last_event_id()  # before the rows: what happens between is told twice, never lost
        found = read.broadcasts.page(viewer, after, limit + 1)
        shown, end = found[:limit], None
        if len(found) > limit:
            end = encode_cursor(str(shown[-1].created_at), shown[-1].id)
        return Page(items=_with_runs(read, shown, RUNS_LISTED), next_cursor=end, last_event_id=last)

    return json_response(await context.store.read(look))


@router.post("", responses=answers(BroadcastView, "The new broadcast", 201), response_class=Response)
async def write_broadcast(
    body: BroadcastBody, context: Context, user: BroadcastUser, doing: Does
) -> Response:
    """Write a broadcast. It is prepared at once and sounds at its time, or as soon as it may."""
    author = author_of(user)
    template = await _template(body, context)
    wanted = await _checked(lambda: body.wanted(template), doing)
    return await doing.do(lambda tx, now: _create(tx, wanted, author, now), 201)


@router.post("/spoken", responses=answers(SpokenText, "As it will be read"), response_class=Response)
async def read_text(
    body: SpokenBody, user: BroadcastUser, parts: Parts, key: IdempotencyKey = None
) -> Response:
    """How a text will be read aloud, to be corrected before it is sent."""
    del key  # nothing is changed
    author_of(user)
    return json_response(SpokenText(await parts.studio.spoken(body.text)))


@router.get("/{broadcast_id}", responses=CHANGED, response_class=Response)
async def get_broadcast(broadcast_id: Id, context: Context, user: ReadingUser) -> Response:
    """One broadcast with its newest runs and how far each has come."""
    viewer = viewer_of(user)

    def look(read: Reader) -> BroadcastView:
        return _with_runs(read, [_seen(read, broadcast_id, viewer)], RUNS_SHOWN)[0]

    return json_response(await context.store.read(look))


@router.patch("/{broadcast_id}", responses=CHANGED, response_class=Response)
async def change_broadcast(
    broadcast_id: Id, body: BroadcastPatch, context: Context, user: BroadcastUser, doing: Does
) -> Response:
    """Change it. Another text, audio, place or time is a new `rev`: prepared, and where need be approved, again."""
    author, viewer = author_of(user), viewer_of(user)
    before = await context.store.read(lambda read: _seen(read, broadcast_id, viewer))
    rev = before.rev if body.rev is None else body.rev
    template = await _template(body, context)
    wanted = await _checked(lambda: body.changed(before, template), doing, before.timing)

    def work(tx: Transaction, now: int) -> BroadcastView:
        return broadcast_view(
            writing.change(tx.broadcasting, broadcast_id, _or_raise(wanted), author, rev, now)
        )

    return await doing.do(work)


@router.delete(
    "/{broadcast_id}", responses=answers(None, "Taken back", 204), response_class=Response, status_code=204
)
async def cancel_broadcast(broadcast_id: Id, user: BroadcastUser, doing: Does) -> Response:
    """Take it back before it sounds. 409 while it is on air."""
    author = author_of(user)
    return await doing.do(lambda tx, now: writing.cancel(tx.broadcasting, broadcast_id, author, now))


@router.post("/{broadcast_id}/approve", responses=CHANGED, response_class=Response)
async def approve_broadcast(
    broadcast_id: Id, body: ApprovalBody, user: BroadcastUser, doing: Does
) -> Response:
    """The second person agrees. 409 when text, audio, areas or time changed since `rev`."""
    by = author_of(user)
    return await doing.do(
        lambda tx, now: broadcast_view(writing.approve(tx.broadcasting, broadcast_id, by, body.rev, now))
    )


@router.post("/{broadcast_id}/reject", responses=CHANGED, response_class=Response)
async def reject_broadcast(
    broadcast_id: Id, body: RejectionBody, user: BroadcastUser, doing: Does
) -> Response:
    """The second person does not agree; nothing sounds until it is changed."""
    by = author_of(user)
    return await doing.do(
        lambda tx, now: broadcast_view(
            writing.reject(tx.broadcasting, broadcast_id, by, body.rev, body.note, now)
        )
    )


@router.post(
    "/{broadcast_id}/rehearse", responses=answers(RunView, "The rehearsal", 201), response_class=Response
)
async def rehearse_broadcast(
    broadcast_id: Id, body: RehearsalBody, user: BroadcastUser, doing: Does
) -> Response:
    """Let one loudspeaker play it now, as a drill, whatever the broadcast still waits for."""
    by = author_of(user)

    def work(tx: Transaction, now: int) -> RunView:
        return run_view(firing.rehearse(tx.broadcasting, broadcast_id, body.device, by, now), None)

    return await doing.do(work, 201)


@router.get(
    "/{broadcast_id}/audio",
    responses=answers(None, "The finished MP3 (Range, ETag)", 200),
    response_class=Response,
)
async def get_broadcast_audio(
    broadcast_id: Id, request: Request, context: Context, user: ReadingUser, parts: Parts
) -> Response:
    """What will be heard. 409 while it is not prepared."""
    viewer = viewer_of(user)
    found = await context.store.read(lambda read: _seen(read, broadcast_id, viewer))
    if found.audio is None:
        raise RequestError(Problem.NOT_PREPARED)
    sha256 = found.audio.sha256
    return await audio_response(request, parts.audio(sha256), sha256, PRIVATE)


@router.get(
    "/{broadcast_id}/runs/{run_id}/receipts",
    responses=answers(Receipts, "By loudspeaker"),
    response_class=Response,
)
async def list_receipts(
    broadcast_id: Id,
    run_id: Id,
    context: Context,
    user: ReadingUser,
    limit: Limit = 500,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
) -> Response:
    """What each loudspeaker says of one run."""
    viewer, after = viewer_of(user), "" if cursor is None else decode_cursor(cursor, 1)[0]

    def look(read: Reader) -> Receipts:
        _seen(read, broadcast_id, viewer)
        run = read.broadcasts.run(run_id)
        if run is None or run.broadcast != broadcast_id:
            raise RequestError(Problem.RUN_UNKNOWN)
        found = read.broadcasts.progress(run_id, after, limit + 1)
        end = encode_cursor(found[limit - 1].device) if len(found) > limit else None
        return Receipts(items=tuple(found[:limit]), next_cursor=end)

    return json_response(await context.store.read(look))


def _create(tx: Transaction, wanted: Wanted | BroadcastError, author: Author, now: int) -> BroadcastView:
    work: Work = tx.broadcasting
    return broadcast_view(writing.create(work, _or_raise(wanted), author, now))


async def _template(body: BroadcastBody, context: ConsoleContext) -> Template | None:
    """The template that the body names; None also when there is none of that id."""
    asked = body.template
    if asked is None:
        return None
    return await context.store.read(lambda read: read.broadcasts.template(asked))


async def _checked(
    ask: Callable[[], Wanted], doing: Doing, before: Timing | None = None
) -> Wanted | BroadcastError:
    """What is wanted, made whole; or why it cannot be, to be raised only if it was not done before.

    In a thread: a rule that never fires takes half a second to be found out.
    """
    try:
        return await asyncio.to_thread(lambda: writing.check(ask(), doing.now, before))
    except BroadcastError as error:
        return error


def _or_raise(wanted: Wanted | BroadcastError) -> Wanted:
    if isinstance(wanted, BroadcastError):
        raise wanted
    return wanted


def _seen(read: Reader, broadcast_id: str, viewer: Viewer) -> Broadcast:
    found = read.broadcasts.one(broadcast_id, viewer)
    if found is None:
        raise RequestError(Problem.UNKNOWN)
    return found


def _with_runs(read: Reader, found: Sequence[Broadcast], newest: int) -> tuple[BroadcastView, ...]:
    runs = read.broadcasts.runs([each.id for each in found], newest)
    covered = read.broadcasts.coverage([run.id for run in runs if run.sent_at is not None])
    views: dict[str, list[RunView]] = {}
    for run in runs:
        views.setdefault(run.broadcast, []).append(run_view(run, covered.get(run.id)))
    return tuple(broadcast_view(each, tuple(views.get(each.id, ()))) for each in found)


def _decode(cursor: str) -> tuple[int, str]:
    at, last = decode_cursor(cursor, 2)
    return (int(at) if at.isdecimal() and len(at) < 17 else 0), last
