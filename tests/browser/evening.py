"""An evening at the demo county's desk, as the pictures show it."""

from __future__ import annotations

from typing import NamedTuple

from hub.console.auth import token_hash
from hub.domain.calls import Outcome
from hub.domain.desks import Desk
from hub.domain.feedback import AskBy
from hub.domain.people import Scope, User, ring_targets
from hub.domain.responders import ResponderState
from hub.ports import Reader
from hub.services import dispatching, handling, reviewing
from hub.services.reviewing import LinkToSend
from tests.web import RunningHub

OPERATOR, COLLEAGUE, CLINIC = "shiqiao-operator-1", "shiqiao-operator-2", "shiqiao-clinic-1"
LINK = "a-link-that-works-once"


class Evening(NamedTuple):
    """What the pictures show: the operator's own call, and one of a colleague's to which the clinic is asked."""

    mine: str
    theirs: str


async def an_evening(hub: RunningHub) -> Evening:
    """Some calls in all their states: one in hand with people on the way, one that the clinic is asked to go to."""
    clock, store = hub.clock, hub.store
    accounts = {a.user.username: a.user for a in await store.read(lambda read: read.accounts())}
    mine, colleague, clinic = accounts[OPERATOR], accounts[COLLEAGUE], accounts[CLINIC]
    await a_call_that_is_over(hub, colleague)
    theirs = await hub.press("b-0004", kind="fall")
    clock.move(21_000)
    await store.run(lambda tx: handling.answer(tx, theirs, colleague, clock.now()))
    clock.move(55_000)
    call = await hub.press("b-0001")
    clock.move(9_000)
    await hub.press("b-0001")
    clock.move(8_000)
    await store.run(lambda tx: handling.answer(tx, call, mine, clock.now()))
    clock.move(25_000)
    await store.run(lambda tx: handling.called_back(tx, call, mine, "spoke", "", clock.now()))
    await send(hub, call, mine, f"clinic:{clinic.clinic}")
    clock.move(6_000)
    await store.run(
        lambda tx: handling.note(
            tx, call, mine, "本人说胸口闷、出冷汗，声音清楚，女儿正往家赶。", clock.now()
        )
    )
    clock.move(11_000)
    await moved(hub, call, clinic, "clinic", ResponderState.ACCEPTED)
    await near(hub, call, mine)
    clock.move(20_000)
    dial = dispatching.Dial(
        number="120", promised_at=clock.now() + 720_000, note="调度员 07 号，车从县医院出"
    )
    await store.run(lambda tx: dispatching.dialled(tx, call, mine, dial, clock.now()))
    clock.move(4_000)
    await moved(hub, call, mine, "grid_worker", ResponderState.ON_THE_WAY)
    await hub.press("b-0003")
    clock.move(9_000)
    await send(hub, theirs, colleague, f"clinic:{clinic.clinic}", "跌倒，右腿疼，不能动")
    await hub.press("b-0012", kind="fall")
    clock.move(11_000)
    return Evening(call, theirs)


async def a_call_that_is_over(hub: RunningHub, colleague: User) -> None:
    """The colleague's desk is awake; a call of theirs has come to its follow-up, and the link was sent."""
    clock, store = hub.clock, hub.store
    awake = Desk(
        id="k-1",
        user=colleague.id,
        targets=tuple(ring_targets(colleague)),
        audible=True,
        expires_at=clock.now() + 3_600_000,
    )
    await store.run(lambda tx: tx.desks.put(awake))
    done = await hub.press("b-0007")
    clock.move(16_000)
    await store.run(lambda tx: handling.answer(tx, done, colleague, clock.now()))
    clock.move(640_000)
    await store.run(
        lambda tx: handling.resolve(tx, done, colleague, Outcome.HELPED, "网格员已扶起，无外伤", clock.now())
    )
    link = LinkToSend(token_hash(LINK), f"{hub.url}/f/{LINK}")
    await store.run(lambda tx: reviewing.ask(tx, done, colleague, AskBy.LINK, link, clock.now()))


async def send(hub: RunningHub, call: str, by: User, to: str, note: str = "") -> None:
    """`by` asks somebody to go."""
    sending = dispatching.Sending(to=to, note=note)
    await hub.store.run(lambda tx: dispatching.dispatch(tx, call, by, sending, hub.clock.now()))


async def near(hub: RunningHub, call: str, by: User) -> None:
    """`by` asks the grid worker of the caller."""
    worker = await hub.store.read(lambda read: _grid_worker(read, call))
    await send(hub, call, by, f"person:{worker}")


def _grid_worker(read: Reader, call: str) -> str:
    found = read.call(call, Scope(area_prefix=""))
    assert found is not None
    assert found.resident is not None
    card = read.card(found.resident)
    assert card is not None
    return next(one.id for one in card.contacts if one.kind == "grid_worker")


async def moved(hub: RunningHub, call: str, by: User, kind: str, state: ResponderState) -> None:
    """The responder of that kind is a step farther."""
    sent = (await hub.store.read(lambda read: read.responders_of([call])))[call]
    line = next(one.id for one in sent if one.kind == kind)
    await hub.store.run(lambda tx: dispatching.move(tx, call, line, by, state, hub.clock.now()))
