"""GET /events: what happens, as it happens (server-sent events, WHATWG HTML 9.2)."""

import asyncio
import contextlib
import logging
import sys
from typing import Annotated, Final

from fastapi import APIRouter, Header, Query
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from hub.console.api.answers import answers
from hub.console.auth import require_scope
from hub.console.context import ConsoleContext, Context
from hub.console.desks import DeskLine
from hub.console.patience import PatientSession
from hub.console.rights import Rights
from hub.domain.broadcast_rights import viewer_of
from hub.domain.desks import ASK_EVERY_S
from hub.domain.events import Event, EventType
from hub.domain.people import NOTHING, call_scope, ring_targets
from hub.domain.sessions import TokenScope
from hub.domain.views import EventView

router = APIRouter(tags=["events"])
log = logging.getLogger(__name__)
PING_S: Final = 15.0
PING: Final = b": ping\n\n"
WELCOME: Final = b": welcome\n\n"
UNKNOWN_ID: Final = sys.maxsize  # newer than all there is, so the stream begins with a reset
_EVERYBODYS: Final = ("broadcast.", "command.", "device.")
HEADERS: Final = {
    "content-type": "text/event-stream; charset=utf-8",
    "cache-control": "no-store",
    "x-accel-buffering": "no",  # nginx would hold events back
}
STREAM: Final = answers(
    EventView, "`id:` of every committed event, `data:` its JSON (docs/events.md)", 200, "text/event-stream"
)

EventId = Annotated[str | None, Header(alias="Last-Event-ID")]
Flag = Annotated[bool, Query()]


def wire(event: Event) -> bytes:
    """One event as it stands in the stream; what is no row (id 0) leaves the resume point where it is."""
    name = event.type.encode()
    if event.id == 0:
        return b"event: %b\ndata: %b\n\n" % (name, event.data)
    return b"id: %d\nevent: %b\ndata: %b\n\n" % (event.id, name, event.data)


def resume_point(last_event_id: str | None, after: str | None) -> int | None:
    """The id to go on behind: what the browser sends counts before the address. None: from the newest."""
    named = last_event_id or after
    if not named:
        return None
    return int(named) if named.isascii() and named.isdecimal() and len(named) < 19 else UNKNOWN_ID


@router.get("/events", responses=STREAM, response_class=Response)
async def events(
    context: Context,
    session: PatientSession,
    last_event_id: EventId = None,
    after: str | None = None,
    desk: Flag = False,
    audible: Flag = False,
) -> Response:
    """All that the user may see, resumed behind `Last-Event-ID` (or `after`) without a gap.

    A comment comes each 15 s; `reset` when the id is older than what is kept, or unknown: load the lists
    again. With `desk` the connection is a live screen. Its first event `desk` carries `{"id"}` and comes again
    each 8 s; the screen answers each with `POST /desks/{id}`, and counts as awake while it may sound (`audible`)
    and has answered within 25 s. The stream ends when the session or the rights end. While the database is away it
    opens for a session that this hub has seen, and shows what cannot be recorded.
    """
    require_scope(session, TokenScope.READ)
    user = session.user
    line = DeskLine(context, user, audible=audible) if desk and ring_targets(user) else None
    return EventStream(context, Rights(context, session), line, resume_point(last_event_id, after))


class EventStream(Response):
    """One open connection: events are sent by one task, pings and rights are looked after by another, and a desk goes
    on duty in a third: a database that does not answer holds up none of the others."""

    def __init__(
        self, context: ConsoleContext, rights: Rights, desk: DeskLine | None, after: int | None
    ) -> None:
        super().__init__(headers=HEADERS)
        del self.headers["content-length"]
        self._context = context
        self._rights = rights
        self._desk = desk
        self._is_on_duty = False
        self._after = after
        self._scope = call_scope(rights.user)
        self._viewer = viewer_of(rights.user)
        self._in_doubt = asyncio.Event()
        self._doubts = self._settled = 0  # how many there were, and up to which one the rights were asked

    async def __call__(self, _scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        tasks = [
            asyncio.create_task(part) for part in (self._tell(send), self._look_after(send), _left(receive))
        ]
        self._context.streams.add(tasks[1], self._rights.user.id, is_desk=self._desk is not None)
        beside = [asyncio.create_task(self._go_on_duty(self._desk, send))] if self._desk is not None else []
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            _log_failures(done)
        finally:
            for task in (*tasks, *beside):
                task.cancel()
            await asyncio.gather(*tasks, *beside, return_exceptions=True)
            if self._desk is not None:
                await self._desk.leave()
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _tell(self, send: Send) -> None:
        await _send(send, WELCOME)
        async for batch in self._context.feed.follow_batches(self._sees, self._after):
            # rights that ended in or before this batch hide it
            if self._settled < self._doubts and not await self._may_go_on():
                return
            await _send(send, b"".join(map(wire, batch)))

    async def _go_on_duty(self, desk: DeskLine, send: Send) -> None:
        await desk.open()
        self._is_on_duty = True
        await _send(send, _asked(desk))

    def _sees(self, event: Event) -> bool:
        if event.type == EventType.RIGHTS_CHANGED:
            self._doubts += 1
            self._in_doubt.set()
            return False
        if event.type == EventType.CALL_UNRECORDED:
            # no timer rings the next in line while the database is away: everybody who takes calls hears it
            return self._scope != NOTHING
        return self._scope.sees(event.area, event.clinic, event.guests) or self._is_near(event)

    def _is_near(self, event: Event) -> bool:
        """Loudspeakers and devices are no medical matter: everybody sees those of their area, and what is said
        of a broadcast to an area that holds theirs."""
        if not event.type.startswith(_EVERYBODYS):
            return False
        if event.area.startswith(self._viewer.prefix):
            return True
        return event.area in self._viewer.around and event.type != EventType.BROADCAST_RUN_RECEIPT

    async def _may_go_on(self) -> bool:
        """Whether the rights last. Only a yes settles a doubt: between a no and the end of the stream whatever comes
        asks again, and is hidden."""
        asked = self._doubts
        lasts = await self._rights.last()
        if lasts:
            self._settled = max(self._settled, asked)
        return lasts

    async def _look_after(self, send: Send) -> None:
        """Ping, ask whether the page is there, and return when the rights have ended."""
        loop = asyncio.get_running_loop()
        ping_at = loop.time() + PING_S
        while True:
            wait_s = min(ASK_EVERY_S, ping_at - loop.time(), self._rights.remaining_s())
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(max(0.0, wait_s)):
                    await self._in_doubt.wait()
            self._in_doubt.clear()
            if not await self._may_go_on():
                return
            if self._desk is not None and self._is_on_duty:
                await _send(send, _asked(self._desk))
            if loop.time() >= ping_at:
                ping_at = loop.time() + PING_S
                await _send(send, PING)


def _asked(desk: DeskLine) -> bytes:
    return b'event: desk\ndata: {"id":"%b"}\n\n' % desk.id.encode()


def _log_failures(done: set[asyncio.Task[None]]) -> None:
    for task in done:
        if not task.cancelled() and task.exception() is not None:
            log.error("a stream of events broke; its client will resume", exc_info=task.exception())


async def _send(send: Send, chunk: bytes) -> None:
    await send({"type": "http.response.body", "body": chunk, "more_body": True})


async def _left(receive: Receive) -> None:
    """Return when the client has gone."""
    while (await receive())["type"] != "http.disconnect":
        pass
