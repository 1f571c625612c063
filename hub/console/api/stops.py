"""Silence: signed and published straight from the request, also while the database is away."""

from fastapi import APIRouter
from starlette.responses import Response

from hub.console.api.answers import answers, json_response
from hub.console.api.bodies import Id, Nothing
from hub.console.api.broadcast_bodies import StopBody
from hub.console.api.doing import IdempotencyKey
from hub.console.broadcasting import Parts
from hub.console.stopping import StoppingUser
from hub.domain.broadcast_rights import author_of
from hub.stops import Stopped

router = APIRouter(tags=["broadcasts"])
STOPPED = answers(Stopped, "On its way to every loudspeaker there")


@router.post("/broadcasts/{broadcast_id}/stop", responses=STOPPED, response_class=Response)
async def stop_broadcast(
    broadcast_id: Id,
    user: StoppingUser,
    parts: Parts,
    body: Nothing | None = None,
    key: IdempotencyKey = None,
) -> Response:
    """Silence one broadcast now, and whatever of it was still to come; a change of it brings it back."""
    # doing it twice is harmless, so the key needs no memory: the database would have to give it
    del body, key
    return json_response(await parts.stops.stop_broadcast(broadcast_id, author_of(user)))


@router.post("/stop", responses=STOPPED, response_class=Response)
async def stop_areas(
    body: StopBody, user: StoppingUser, parts: Parts, key: IdempotencyKey = None
) -> Response:
    """Silence all that sounds in these areas of one's own.

    `wider` names runs that go on there, because they were sent to an area that holds more than these: who is
    responsible for that area can stop them.
    """
    del key
    return json_response(await parts.stops.stop_areas(body.areas, author_of(user)))
