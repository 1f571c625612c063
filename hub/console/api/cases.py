"""What the holder of a call does until it is closed: hand over, send somebody, resolve, ask what it was like."""

from enum import StrEnum
from typing import Annotated, Final

from fastapi import APIRouter, Request
from pydantic import Field
from starlette.responses import Response

from hub.console.api.answers import answers
from hub.console.api.bodies import Body, Id, Line, Millis, Nothing, Text
from hub.console.api.doing import Does
from hub.console.auth import CallUser
from hub.console.links import new_feedback_link
from hub.domain.calls import Outcome
from hub.domain.feedback import AskBy
from hub.domain.responders import ResponderState
from hub.domain.views import CallView, call_view
from hub.services import dispatching, handling, merging, reviewing

router = APIRouter(prefix="/calls/{call_id}", tags=["calls"])
CHANGED: Final = answers(CallView, "The call as it is now")


class HandoverBody(Body):
    """To whom: the id of a user who may handle this call and is on duty."""

    to: Line
    note: Text = ""


class DispatchBody(Body):
    """Whom to send: "120", "119" or "110" (which a person has dialled), or the `id` of one of the card's `contacts`:
    the clinic, the village doctor, the grid worker, a contact. Two that share an id are told apart as `clinic:<id>`,
    `person:<id>`, `contact:<id>`."""

    to: Line
    note: Text = ""
    promised_at: Millis | None = None


class OptionalNote(Body):
    """A note for the timeline, or none."""

    note: Text = ""


class ResolveBody(Body):
    """How the emergency ended; `cancelled` is said by confirm-cancel."""

    outcome: Outcome
    note: Text = ""


class AskBody(Body):
    """How the elder is asked: called back, by a link that works once, or by their device."""

    by: AskBy


class FeedbackBody(Body):
    """The follow-up: the elder's rating, null when they gave none."""

    rating: Annotated[int, Field(strict=True)] | None = None
    note: Text = ""


class MergeBody(Body):
    """The call that goes on."""

    into: Line


class Step(StrEnum):
    """What a responder does, as the address of the request says it."""

    ACCEPT = "accept"
    DECLINE = "decline"
    ON_THE_WAY = "on-the-way"
    ARRIVED = "arrived"
    DONE = "done"


STATES: Final = {
    Step.ACCEPT: ResponderState.ACCEPTED,
    Step.DECLINE: ResponderState.DECLINED,
    Step.ON_THE_WAY: ResponderState.ON_THE_WAY,
    Step.ARRIVED: ResponderState.ARRIVED,
    Step.DONE: ResponderState.DONE,
}


@router.post("/extend", responses=CHANGED, response_class=Response)
async def extend(call_id: Id, user: CallUser, doing: Does, body: Nothing | None = None) -> Response:
    """The holder is still at it: they keep the call for five minutes from now."""
    del body
    return await doing.do(lambda tx, now: call_view(handling.extend(tx, call_id, user, now)))


@router.post("/handover", responses=CHANGED, response_class=Response)
async def handover(call_id: Id, body: HandoverBody, user: CallUser, doing: Does) -> Response:
    """Give the call, and its follow-up, to somebody else. Its holder may, and operators of the county's center."""
    return await doing.do(
        lambda tx, now: call_view(handling.hand_over(tx, call_id, user, body.to, body.note, now))
    )


@router.post("/dispatch", responses=CHANGED, response_class=Response)
async def dispatch(call_id: Id, body: DispatchBody, user: CallUser, doing: Does) -> Response:
    """Ask somebody to go. Nobody accepts within two minutes: the household's next is asked by the hub."""
    sent = dispatching.Sending(to=body.to, note=body.note, promised_at=body.promised_at)
    return await doing.do(lambda tx, now: call_view(dispatching.dispatch(tx, call_id, user, sent, now)))


@router.post("/resolve", responses=CHANGED, response_class=Response)
async def resolve(call_id: Id, body: ResolveBody, user: CallUser, doing: Does) -> Response:
    """The emergency is over, as its holder says."""
    return await doing.do(
        lambda tx, now: call_view(handling.resolve(tx, call_id, user, body.outcome, body.note, now))
    )


@router.post("/confirm-cancel", responses=CHANGED, response_class=Response)
async def confirm_cancel(
    call_id: Id, user: CallUser, doing: Does, body: OptionalNote | None = None
) -> Response:
    """The elder pressed cancel, and has told the user that nothing is needed."""
    note = "" if body is None else body.note
    return await doing.do(lambda tx, now: call_view(handling.confirm_cancel(tx, call_id, user, note, now)))


@router.post("/merge", responses=CHANGED, response_class=Response)
async def merge(call_id: Id, body: MergeBody, user: CallUser, doing: Does) -> Response:
    """The call is the same emergency as `into`: presses, devices and whoever was sent follow. Answers with `into`."""
    return await doing.do(lambda tx, now: call_view(merging.merge(tx, call_id, body.into, user, now)))


@router.post("/reopen", responses=CHANGED, response_class=Response)
async def reopen(call_id: Id, user: CallUser, doing: Does, body: OptionalNote | None = None) -> Response:
    """It was not over after all: the call rings again."""
    note = "" if body is None else body.note
    return await doing.do(lambda tx, now: call_view(handling.reopen(tx, call_id, user, note, now)))


@router.post("/ask-feedback", responses=CHANGED, response_class=Response)
async def ask_feedback(call_id: Id, body: AskBody, user: CallUser, doing: Does, request: Request) -> Response:
    """Ask the elder what it was like. The link goes to their own telephone, else to the first contact's."""
    link = new_feedback_link(request)
    return await doing.do(lambda tx, now: call_view(reviewing.ask(tx, call_id, user, body.by, link, now)))


@router.post("/feedback", responses=CHANGED, response_class=Response)
async def feedback(call_id: Id, body: FeedbackBody, user: CallUser, doing: Does) -> Response:
    """The follow-up was made: the case is closed."""
    return await doing.do(
        lambda tx, now: call_view(reviewing.close(tx, call_id, user, body.rating, body.note, now))
    )


@router.post("/responders/{responder_id}/{step}", responses=CHANGED, response_class=Response)
async def responder(
    call_id: Id, responder_id: Id, step: Step, user: CallUser, doing: Does, body: Nothing | None = None
) -> Response:
    """A responder is a step farther, as they say themselves or as whoever spoke with them says."""
    del body
    state = STATES[step]
    return await doing.do(
        lambda tx, now: call_view(dispatching.move(tx, call_id, responder_id, user, state, now))
    )
