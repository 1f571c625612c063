"""What people do with calls, on both stores: one holder however many click, and what the elder is told."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import msgspec
import pytest

from devices.codec import encode
from devices.messages import Press, PressKind, Reply, ReplyState
from hub.db.store import Store, open_store
from hub.db.transaction import Tx
from hub.domain.calls import Call, CallState, Outcome
from hub.domain.desks import Desk
from hub.domain.errors import Conflict, Denied, Invalid, NotFound
from hub.domain.people import Scope, User
from hub.ports import Timer
from hub.services import dispatching, escalate, handling, reviewing
from hub.services.dispatching import Dial
from hub.services.ingest import PressArrived, ingest
from hub.services.replying import tell_again
from tests.stores import (
    CLINIC_STAFF,
    COUNTY,
    COUNTY_OPERATOR,
    OPERATOR,
    OTHER_OPERATOR,
    TOWN,
    VILLAGE_ADMIN,
    Moved,
    together,
)

EVERYTHING = Scope(area_prefix="99")


def press(store: Store, clock: Moved, press_id: str = "press-1", device: str = "b-1") -> str:
    arrived = PressArrived(
        device=device, press=Press(id=press_id, kind=PressKind.SOS), received_at=clock.now()
    )
    call = store.run_sync(lambda tx: ingest(tx, arrived, clock.now())).call
    assert call is not None
    return call


def call_now(store: Store, call: str) -> Call:
    found = store.read_sync(lambda read: read.call(call, EVERYTHING))
    assert found is not None
    return found


def replies(store: Store) -> list[tuple[str, Reply]]:
    def read(tx: Tx) -> list[tuple[str, Reply]]:
        rows = tx.conn.exec_driver_sql("SELECT address, body FROM outbox WHERE kind = 'reply' ORDER BY id")
        return [(address, msgspec.json.decode(bytes(body), type=Reply)) for address, body in rows]

    return store.run_sync(read)


def notices(store: Store) -> list[str]:
    def read(tx: Tx) -> list[str]:
        rows = tx.conn.exec_driver_sql("SELECT address FROM outbox WHERE kind = 'notice' ORDER BY id")
        return [address for (address,) in rows]

    return store.run_sync(read)


def fire_due(store: Store, clock: Moved) -> int:
    timers = store.read_sync(lambda read: read.due_timers(clock.now(), 100))
    return sum(store.run_sync(partial(_fire, timer=timer, now=clock.now())) for timer in timers)


def _fire(tx: Tx, *, timer: Timer, now: int) -> bool:
    return escalate.fire(tx, timer, now)


def town_desk(store: Store, clock: Moved) -> None:
    desk = Desk(
        id="desk-1",
        user=OPERATOR.id,
        targets=(f"center:{TOWN}",),
        audible=True,
        expires_at=clock.now() + 3_600_000,
    )
    store.run_sync(lambda tx: tx.desks.put(desk))


def test_two_hundred_answers_at_once_have_one_winner_and_the_others_hear_who(
    store: Store, store_url: str, clock: Moved
) -> None:
    call = press(store, clock)
    people = [msgspec.structs.replace(OPERATOR, id=f"u-{n}", name=f"值班员{n}") for n in range(200)]
    other = open_store(store_url, owner="hub-2", now=clock.now)
    commands: list[Callable[[Tx], Call]] = [
        partial(_answer, call=call, by=by, now=clock.now()) for by in people
    ]

    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(2) as pool:
        halves = pool.map(together, (store, other), (commands[:100], commands[100:]))
        results = [result for half in halves for result in half]
    other.close()

    winners = [result for result in results if isinstance(result, Call)]
    losers = [result for result in results if isinstance(result, Conflict)]
    holder = call_now(store, call).holder
    assert holder is not None
    assert (len(winners), len(losers)) == (1, 199), [r for r in results if not isinstance(r, Call | Conflict)]
    assert {loser.params["holder"] for loser in losers} == {holder.name}


def _answer(tx: Tx, *, call: str, by: User, now: int) -> Call:
    return handling.answer(tx, call, by, now)


def test_the_whole_call_is_told_to_every_button_of_the_household(store: Store, clock: Moved) -> None:
    call = press(store, clock)
    clock.move(1_000)
    press(store, clock, "press-2", device="b-1b")
    for step in (
        lambda tx: handling.answer(tx, call, CLINIC_STAFF, clock.now()),
        lambda tx: handling.resolve(tx, call, CLINIC_STAFF, Outcome.HELPED, "已送医", clock.now()),
        lambda tx: reviewing.close(tx, call, CLINIC_STAFF, 5, "", clock.now()),
    ):
        clock.move(1_000)
        store.run_sync(step)

    told = [(device, reply.press, reply.state, reply.by) for device, reply in replies(store)]
    assert told == [
        ("b-1", "press-1", ReplyState.RECEIVED, ""),
        ("b-1b", "press-2", ReplyState.RECEIVED, ""),
        ("b-1b", "press-2", ReplyState.ANSWERED, "陈医生"),
        ("b-1", "press-1", ReplyState.ANSWERED, "陈医生"),
        ("b-1b", "press-2", ReplyState.CLOSED, "陈医生"),
        ("b-1", "press-1", ReplyState.CLOSED, "陈医生"),
    ]
    assert call_now(store, call).rating == 5


def test_the_holder_answering_again_changes_nothing(store: Store, clock: Moved) -> None:
    call = press(store, clock)
    store.run_sync(lambda tx: handling.answer(tx, call, OPERATOR, clock.now()))
    first = call_now(store, call)
    clock.move(1_000)

    assert store.run_sync(lambda tx: handling.answer(tx, call, OPERATOR, clock.now())) == first


def test_an_answered_call_rings_nobody_any_more(store: Store, clock: Moved) -> None:
    town_desk(store, clock)
    call = press(store, clock)
    timers = store.read_sync(lambda read: read.due_timers(clock.now() + 60_000, 10))
    store.run_sync(lambda tx: handling.answer(tx, call, OPERATOR, clock.now()))
    clock.move(30_000)

    fired = [store.run_sync(partial(_fire, timer=timer, now=clock.now())) for timer in timers]

    assert fired == [False]
    assert f"center:{COUNTY}" not in call_now(store, call).rung


def test_a_timer_that_two_hubs_fire_at_once_rings_once(store: Store, clock: Moved) -> None:
    town_desk(store, clock)
    press(store, clock)
    clock.move(30_000)
    [timer] = store.read_sync(lambda read: read.due_timers(clock.now(), 10))

    results = together(store, [partial(_fire, timer=timer, now=clock.now())] * 20)

    assert results.count(True) == 1
    assert results.count(False) == 19


def test_a_released_call_rings_again_and_the_elder_hears_received(store: Store, clock: Moved) -> None:
    town_desk(store, clock)
    call = press(store, clock)
    store.run_sync(lambda tx: handling.answer(tx, call, OPERATOR, clock.now()))

    released = store.run_sync(lambda tx: handling.release(tx, call, OPERATOR, clock.now()))

    assert (released.state, released.holder) == (CallState.RINGING, None)
    assert replies(store)[-1][1].state is ReplyState.RECEIVED
    clock.move(30_000)
    assert fire_due(store, clock) == 1


def test_a_clock_that_was_set_back_keeps_no_ring_from_the_county(store: Store, clock: Moved) -> None:
    town_desk(store, clock)
    press(store, clock)
    clock.move(-86_400_000)

    hastened = store.run_sync(lambda tx: escalate.hasten(tx, clock.now()))
    again = store.run_sync(lambda tx: escalate.hasten(tx, clock.now()))

    assert (hastened, again) == (1, 0)
    assert fire_due(store, clock) == 1


def test_a_long_name_keeps_no_reply_from_the_elder(store: Store, clock: Moved) -> None:
    call = press(store, clock)
    someone = msgspec.structs.replace(OPERATOR, spoken_name="王" * 80)
    store.run_sync(lambda tx: handling.answer(tx, call, someone, clock.now()))

    reply = replies(store)[-1][1]

    assert reply.state is ReplyState.ANSWERED
    assert encode(reply)


def test_a_person_of_another_town_may_not_know_that_the_call_exists(store: Store, clock: Moved) -> None:
    call = press(store, clock)

    for stranger in (OTHER_OPERATOR, VILLAGE_ADMIN):
        with pytest.raises(NotFound):
            store.run_sync(lambda tx, by=stranger: handling.answer(tx, call, by, clock.now()))  # type: ignore[misc]
    assert (
        store.run_sync(lambda tx: handling.answer(tx, call, COUNTY_OPERATOR, clock.now())).holder is not None
    )


def test_a_county_admin_sees_and_may_not_answer(store: Store, clock: Moved) -> None:
    from hub.domain.people import Role

    call = press(store, clock)
    admin = msgspec.structs.replace(COUNTY_OPERATOR, role=Role.COUNTY_ADMIN)

    with pytest.raises(Denied):
        store.run_sync(lambda tx: handling.answer(tx, call, admin, clock.now()))


def test_only_the_holder_resolves_and_only_what_is_resolved_is_closed(store: Store, clock: Moved) -> None:
    call = press(store, clock)
    store.run_sync(lambda tx: handling.answer(tx, call, OPERATOR, clock.now()))

    with pytest.raises(Conflict) as held:
        store.run_sync(lambda tx: handling.resolve(tx, call, CLINIC_STAFF, Outcome.HELPED, "", clock.now()))
    with pytest.raises(Conflict) as early:
        store.run_sync(lambda tx: reviewing.close(tx, call, OPERATOR, None, "", clock.now()))

    assert held.value.params == {"holder": "王芳"}
    assert early.value.code == "call-wrong-state"


@pytest.mark.parametrize(
    ("number", "ok"), [("120", True), ("119", True), ("110", True), ("12345", False), ("", False)]
)
def test_who_dialled_an_emergency_number_is_on_record(
    store: Store, clock: Moved, number: str, ok: bool
) -> None:
    call = press(store, clock)
    dial = Dial(number=number, promised_at=clock.now() + 600_000)

    if not ok:
        with pytest.raises(Invalid):
            store.run_sync(lambda tx: dispatching.dialled(tx, call, OPERATOR, dial, clock.now()))
        return
    store.run_sync(lambda tx: dispatching.dialled(tx, call, OPERATOR, dial, clock.now()))

    data = msgspec.json.decode(store.read_sync(lambda read: read.timeline(call))[-1].data)
    assert (data["number"], data["by"]["name"], data["promised_at"]) == (
        number,
        "王芳",
        clock.now() + 600_000,
    )


def test_a_device_back_online_hears_the_newest_truth_again(store: Store, clock: Moved) -> None:
    call = press(store, clock)
    store.run_sync(lambda tx: handling.answer(tx, call, OPERATOR, clock.now()))
    before = len(replies(store))

    store.run_sync(lambda tx: tell_again(tx, "b-1", clock.now()))
    store.run_sync(lambda tx: tell_again(tx, "b-2", clock.now()))

    [(device, reply)] = replies(store)[before:]
    assert (device, reply.press, reply.state) == ("b-1", "press-1", ReplyState.ANSWERED)
