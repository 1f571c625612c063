"""A holder who may no longer work on a call leaves it to the others: no call stays with nobody behind it."""

from __future__ import annotations

import pytest

from devices.messages import Press, PressKind
from hub.db.store import Store
from hub.domain.accounts import Account
from hub.domain.calls import Call, CallState
from hub.domain.people import Role, Scope, User
from hub.services import handling
from hub.services.accounts import UserChange, change_user
from hub.services.ingest import PressArrived, ingest
from tests.stores import COUNTY, COUNTY_OPERATOR, OPERATOR, OTHER_TOWN, Moved

ADMIN = User(
    id="u-admin", username="admin", name="吴磊", spoken_name="吴主任", role=Role.COUNTY_ADMIN, area=COUNTY
)
PRESS = Press(id="press-1", kind=PressKind.SOS)


def answered(store: Store, clock: Moved) -> str:
    """A call that OPERATOR holds."""
    store.run_sync(lambda tx: tx.accounts.add(Account(user=ADMIN, password_hash="-")))
    arrived = PressArrived(device="b-1", press=PRESS, received_at=clock.now())
    call = store.run_sync(lambda tx: ingest(tx, arrived, clock.now())).call
    assert call is not None
    store.run_sync(lambda tx: handling.answer(tx, call, OPERATOR, clock.now()))
    return call


def after(store: Store, clock: Moved, call: str, change: UserChange) -> Call:
    """`call` once the administrator has changed its holder."""
    store.run_sync(lambda tx: change_user(tx, OPERATOR.id, change, ADMIN, clock.now()))
    found = store.read_sync(lambda read: read.call(call, Scope(area_prefix="99")))
    assert found is not None
    return found


@pytest.mark.parametrize(
    "change",
    [UserChange(enabled=False), UserChange(role=Role.VILLAGE_ADMIN), UserChange(area=OTHER_TOWN)],
    ids=["disabled", "another role", "another town"],
)
def test_a_call_whose_holder_may_no_longer_work_on_it_rings_again(
    store: Store, clock: Moved, change: UserChange
) -> None:
    held = answered(store, clock)

    call = after(store, clock, held, change)

    assert (call.state, call.holder) == (CallState.RINGING, None)
    clock.move(60_000)
    assert len(store.run_sync(lambda tx: tx.timers.due(clock.now(), 10))) == 1
    told = store.read_sync(lambda read: [event.type for event in read.timeline(held)])
    assert told[-2:] == ["call.released", "call.rung"]
    taken = store.run_sync(lambda tx: handling.answer(tx, held, COUNTY_OPERATOR, clock.now()))
    assert taken.holder is not None


def test_a_new_password_takes_no_call_away(store: Store, clock: Moved) -> None:
    held = answered(store, clock)

    call = after(store, clock, held, UserChange(password_hash="other"))

    assert call.holder is not None
    assert call.holder.id == OPERATOR.id
