"""What the holder of a call does until it is closed, and what those who were sent say: one use case each."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response

from hub.console.api.cases import STATES, Step
from hub.console.links import new_feedback_link
from hub.console.pages.actions import ThisHand, Words
from hub.console.pages.route import PageRoute
from hub.domain.calls import Call, Outcome
from hub.domain.feedback import AskBy
from hub.domain.people import User
from hub.domain.responders import ResponderState
from hub.ports import Transaction
from hub.services import dispatching, handling, merging, reviewing
from hub.services.dispatching import Sending

router = APIRouter(prefix="/desk/calls/{call_id}", route_class=PageRoute)


@router.post("/dispatch")
async def dispatch(hand: ThisHand, to: Words, note: Words = "") -> Response:
    """Ask somebody to go."""
    sending = Sending(to=to, note=note)
    return await hand.does(lambda tx, call, by: dispatching.dispatch(tx, call, by, sending, hand.now))


@router.post("/go")
async def go(hand: ThisHand) -> Response:
    """The clinic that has the call goes itself: asked and accepted in one."""
    return await hand.does(lambda tx, call, by: _go(tx, call, by, hand.now))


@router.post("/responders/{line}/{step}")
async def responder(hand: ThisHand, line: str, step: Step) -> Response:
    """Somebody who was sent is a step farther."""
    return await hand.does(lambda tx, call, by: dispatching.move(tx, call, line, by, STATES[step], hand.now))


@router.post("/extend")
async def extend(hand: ThisHand) -> Response:
    """Still at it."""
    return await hand.does(lambda tx, call, by: handling.extend(tx, call, by, hand.now))


@router.post("/handover")
async def hand_over(hand: ThisHand, to: Words = "", note: Words = "") -> Response:
    """Give the call to a colleague."""
    return await hand.does(lambda tx, call, by: handling.hand_over(tx, call, by, to, note, hand.now))


@router.post("/merge")
async def merge(hand: ThisHand, into: Words = "") -> Response:
    """The same emergency as another call."""
    return await hand.does(lambda tx, call, by: merging.merge(tx, call, into, by, hand.now))


@router.post("/confirm-cancel")
async def confirm_cancel(hand: ThisHand, note: Words = "") -> Response:
    """The elder has said that nothing is needed."""
    return await hand.does(lambda tx, call, by: handling.confirm_cancel(tx, call, by, note, hand.now))


@router.post("/reopen")
async def reopen(hand: ThisHand, note: Words = "") -> Response:
    """It was not over after all."""
    return await hand.does(lambda tx, call, by: handling.reopen(tx, call, by, note, hand.now))


@router.post("/resolve")
async def resolve(hand: ThisHand, outcome: Annotated[Outcome, Form()], note: Words = "") -> Response:
    """The emergency is over."""
    return await hand.does(lambda tx, call, by: handling.resolve(tx, call, by, outcome, note, hand.now))


@router.post("/ask-feedback")
async def ask_feedback(hand: ThisHand, request: Request, by: Annotated[AskBy, Form()]) -> Response:
    """Ask the elder what it was like, in this way."""
    link = new_feedback_link(request)
    return await hand.does(lambda tx, call, who: reviewing.ask(tx, call, who, by, link, hand.now))


@router.post("/feedback")
async def feedback(hand: ThisHand, rating: Annotated[int, Form()], note: Words = "") -> Response:
    """The follow-up was made; a rating of 0 says that the elder gave none."""
    given = rating or None
    return await hand.does(lambda tx, call, by: reviewing.close(tx, call, by, given, note, hand.now))


def _go(tx: Transaction, call_id: str, by: User, now: int) -> Call:
    dispatching.dispatch(tx, call_id, by, Sending(to=f"clinic:{by.clinic}"), now)
    (line,) = (one for one in tx.responders.of_call(call_id) if one.to == by.clinic and one.kind == "clinic")
    return dispatching.move(tx, call_id, line.id, by, ResponderState.ACCEPTED, now)
