"""What the desk's buttons do: one use case each, then the card as it is afterwards."""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import Response

from hub.console.api.bodies import NO_NUL
from hub.console.context import Context
from hub.console.pages.card import show_card
from hub.console.pages.route import PageRoute, PageSession
from hub.domain.calls import Call
from hub.domain.people import User
from hub.ports import Transaction
from hub.services import dispatching, handling

router = APIRouter(prefix="/desk/calls/{call_id}", route_class=PageRoute)
MINUTE_MS = 60_000
Words = Annotated[str, Form(pattern=NO_NUL)]


class Hand:
    """The user's hand on one call: runs a use case as them, now, and shows what became of the call."""

    def __init__(self, call_id: str, request: Request, context: Context, session: PageSession) -> None:
        self._call = call_id
        self._request = request
        self._context = context
        self._user = session.user
        self.now = context.clock.now()

    async def does(self, use_case: Callable[[Transaction, str, User], Call]) -> Response:
        """The card after the commit of `use_case(tx, call_id, by)`."""
        await self._context.store.run(lambda tx: use_case(tx, self._call, self._user))
        return await show_card(self._request, self._context, self._user, self._call)


ThisHand = Annotated[Hand, Depends()]


@router.post("/answer")
async def answer(hand: ThisHand) -> Response:
    """Take the call."""
    return await hand.does(lambda tx, call, by: handling.answer(tx, call, by, hand.now))


@router.post("/release")
async def release(hand: ThisHand) -> Response:
    """Give the call back to the queue."""
    return await hand.does(lambda tx, call, by: handling.release(tx, call, by, hand.now))


@router.post("/note")
async def note(hand: ThisHand, text: Words = "") -> Response:
    """Write into the timeline."""
    return await hand.does(lambda tx, call, by: handling.note(tx, call, by, text, hand.now))


@router.post("/callback")
async def call_back(hand: ThisHand, outcome: Words = "") -> Response:
    """Record how calling the elder back went."""
    return await hand.does(lambda tx, call, by: handling.called_back(tx, call, by, outcome, "", hand.now))


@router.post("/dial")
async def dial(
    hand: ThisHand,
    number: Words,
    promised_in_min: Annotated[int | None, Form(ge=0, le=600)] = None,
    note: Words = "",
) -> Response:
    """Record that the user dialled 120, 119 or 110, and in how many minutes help was promised."""
    promised_at = None if promised_in_min is None else hand.now + promised_in_min * MINUTE_MS
    made = dispatching.Dial(number=number, promised_at=promised_at, note=note)
    return await hand.does(lambda tx, call, by: dispatching.dialled(tx, call, by, made, hand.now))
