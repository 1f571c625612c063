"""What is done with a broadcast from its page: stopped, approved, rejected, taken back, tried on one loudspeaker."""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import Response

from broadcast.domain.people import Author
from broadcast.rows import Work
from broadcast.service import firing, writing
from hub.console.api.bodies import NO_NUL
from hub.console.auth import BroadcastUser
from hub.console.broadcasting import Parts
from hub.console.context import Context
from hub.console.pages.broadcasts import say_of, show_whole
from hub.console.pages.broadcasts_places import read_loudspeakers
from hub.console.pages.rendering import render
from hub.console.pages.route import PageRoute
from hub.console.stopping import StoppingSession, StoppingUser
from hub.domain.broadcast_rights import author_of
from hub.stops import Stopped

router = APIRouter(prefix="/broadcasts", route_class=PageRoute)
Rev = Annotated[int, Form(ge=1)]
Words = Annotated[str, Form(pattern=NO_NUL, max_length=2000)]
INTO_TOAST = {"hx-retarget": "#toast", "hx-reswap": "innerHTML"}


class Hand:
    """The user's hand on one broadcast: runs a use case as them, now, and shows what became of it."""

    def __init__(self, broadcast_id: str, request: Request, context: Context, user: BroadcastUser) -> None:
        self._broadcast = broadcast_id
        self._request = request
        self._context = context
        self._user = user

    async def does(self, use_case: Callable[[Work, str, Author, int], object]) -> Response:
        """The broadcast's page after the commit of `use_case(work, broadcast_id, by, now)`."""
        by, now = author_of(self._user), self._context.clock.now()
        await self._context.store.run(lambda tx: use_case(tx.broadcasting, self._broadcast, by, now))
        return await show_whole(self._request, self._context, self._user, self._broadcast)


ThisHand = Annotated[Hand, Depends()]


@router.get("/stop")
async def stop_page(request: Request, session: StoppingSession) -> Response:
    """The way to silence that needs no database: other pages lead here while it is away."""
    user, center = session.user, say_of(request)("app-name")
    return render(request, "broadcasts/stop.html", user=user, csrf=session.csrf, center=center)


@router.post("/stop")
async def stop_areas(
    request: Request, user: StoppingUser, parts: Parts, areas: Annotated[list[str], Form()]
) -> Response:
    """Silence all that sounds in these areas of one's own."""
    return _told(request, await parts.stops.stop_areas(areas, author_of(user)))


@router.post("/{broadcast_id}/stop")
async def stop(broadcast_id: str, request: Request, user: StoppingUser, parts: Parts) -> Response:
    """Silence this broadcast now, and whatever of it was still to come; also while the database is away."""
    return _told(request, await parts.stops.stop_broadcast(broadcast_id, author_of(user)))


@router.post("/{broadcast_id}/rehearsals/{run_id}/stop")
async def stop_rehearsal(
    broadcast_id: str, run_id: str, request: Request, user: StoppingUser, parts: Parts
) -> Response:
    """Silence the one loudspeaker on which it is tried."""
    stopped = await parts.stops.stop_broadcast(broadcast_id, author_of(user), rehearsal=run_id)
    return _told(request, stopped)


@router.post("/{broadcast_id}/approve")
async def approve(hand: ThisHand, rev: Rev) -> Response:
    """The second person agrees to what they have heard."""
    return await hand.does(lambda work, name, by, now: writing.approve(work, name, by, rev, now))


@router.post("/{broadcast_id}/reject")
async def reject(hand: ThisHand, rev: Rev, note: Words = "") -> Response:
    """The second person does not agree, and says why."""
    return await hand.does(lambda work, name, by, now: writing.reject(work, name, by, rev, note, now))


@router.get("/{broadcast_id}/rehearse")
async def rehearse_where(request: Request, context: Context, user: BroadcastUser) -> Response:
    """The user's loudspeakers, to choose one of."""
    author_of(user)
    found = await context.store.read(lambda read: read_loudspeakers(read, user))
    return render(request, "broadcasts/rehearse.html", loudspeakers=found)


@router.post("/{broadcast_id}/rehearse")
async def rehearse(hand: ThisHand, device: Words) -> Response:
    """Let one loudspeaker play it now, as a drill, whatever the broadcast still waits for."""
    return await hand.does(lambda work, name, by, now: firing.rehearse(work, name, device, by, now))


@router.post("/{broadcast_id}/cancel")
async def cancel(broadcast_id: str, context: Context, user: BroadcastUser) -> Response:
    """Take it back, or put it away; then the list."""
    by, now = author_of(user), context.clock.now()
    await context.store.run(lambda tx: writing.cancel(tx.broadcasting, broadcast_id, by, now))
    return Response(status_code=204, headers={"hx-redirect": "/broadcasts"})


def _told(request: Request, stopped: Stopped) -> Response:
    return render(request, "broadcasts/stopped.html", headers=INTO_TOAST, stopped=stopped)
