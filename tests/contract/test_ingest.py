"""Presses become calls: what the contract says of copies, joins, strange bytes and quiet kinds, on both stores."""

from __future__ import annotations

from functools import partial

import msgspec
import pytest
from sqlalchemy import insert, update

from devices.codec import read_press, strange_press_id
from devices.messages import Press, PressKind, Reply, ReplyState
from hub.db.calls import CallRows
from hub.db.store import Store
from hub.db.tables import assignments
from hub.db.transaction import Tx
from hub.domain.calls import CallState, Outcome
from hub.domain.desks import Desk
from hub.domain.people import Scope
from hub.domain.views import EventView
from hub.services import handling
from hub.services.ingest import Ingested, PressArrived, ingest
from tests.stores import COUNTY, OPERATOR, TOWN, VILLAGE, Moved, together

EVERYTHING = Scope(area_prefix="99")


def sos(press: str = "press-1", **fields: object) -> Press:
    return msgspec.structs.replace(Press(id=press, kind=PressKind.SOS), **fields)


def take(store: Store, clock: Moved, press: Press, device: str = "b-1") -> Ingested:
    arrived = PressArrived(device=device, press=press, received_at=clock.now())
    return store.run_sync(lambda tx: ingest(tx, arrived, clock.now()))


def events(store: Store) -> list[str]:
    return [event.type for event in store.read_sync(lambda read: read.events_after(0, 1000))]


def queued(store: Store) -> list[tuple[str, Reply]]:
    def read(tx: Tx) -> list[tuple[str, Reply]]:
        rows = tx.conn.exec_driver_sql("SELECT address, body FROM outbox WHERE kind = 'reply' ORDER BY id")
        return [(address, msgspec.json.decode(bytes(body), type=Reply)) for address, body in rows]

    return store.run_sync(read)


def test_a_press_opens_a_call_rings_town_and_clinic_and_answers_the_device(
    store: Store, clock: Moved
) -> None:
    store.run_sync(lambda tx: tx.desks.put(_live_desk(clock)))

    ingested = take(store, clock, sos())

    call = store.read_sync(lambda read: read.call(ingested.call or "", EVERYTHING))
    assert call is not None
    assert (call.state, call.resident, call.area) == (CallState.RINGING, "r-1", VILLAGE)
    assert call.rung == (f"center:{TOWN}", "clinic:clinic-1")
    assert events(store) == ["call.raised", "call.rung"]
    [(device, reply)] = queued(store)
    assert (device, reply.press, reply.call, reply.state) == ("b-1", "press-1", call.id, ReplyState.RECEIVED)


def test_a_dark_town_rings_the_county_at_once(store: Store, clock: Moved) -> None:
    ingested = take(store, clock, sos())

    call = store.read_sync(lambda read: read.call(ingested.call or "", EVERYTHING))
    assert call is not None
    assert f"center:{COUNTY}" in call.rung


def test_a_silent_desk_is_no_live_screen(store: Store, clock: Moved) -> None:
    store.run_sync(lambda tx: tx.desks.put(msgspec.structs.replace(_live_desk(clock), audible=False)))

    ingested = take(store, clock, sos())

    call = store.read_sync(lambda read: read.call(ingested.call or "", EVERYTHING))
    assert call is not None
    assert f"center:{COUNTY}" in call.rung


def test_copies_of_a_press_are_one_call_and_each_is_answered(store: Store, clock: Moved) -> None:
    first = take(store, clock, sos())
    clock.move(4_000)
    second = take(store, clock, sos())

    assert second.copy
    assert second.call == first.call
    assert events(store) == ["call.raised", "call.rung"]
    assert [reply.press for _, reply in queued(store)] == ["press-1", "press-1"]


def test_sixty_copies_at_the_same_instant_are_one_call(store: Store, clock: Moved) -> None:
    arrived = PressArrived(device="b-1", press=sos(), received_at=clock.now())
    results = together(store, [lambda tx: ingest(tx, arrived, clock.now())] * 60)

    assert all(isinstance(result, Ingested) for result in results), results
    assert len({result.call for result in results if isinstance(result, Ingested)}) == 1
    assert events(store) == ["call.raised", "call.rung"]


def test_sixty_different_presses_of_one_household_at_the_same_instant_join_one_call(
    store: Store, clock: Moved
) -> None:
    commands = [
        partial(_ingest, PressArrived(device=device, press=sos(f"press-{n}"), received_at=clock.now()))
        for n, device in enumerate(["b-1", "b-1b"] * 30)
    ]

    results = together(store, commands)

    calls = {result.call for result in results if isinstance(result, Ingested)}
    assert len(calls) == 1, results
    call = store.read_sync(lambda read: read.call(calls.pop() or "", EVERYTHING))
    assert call is not None
    assert call.presses == 60
    assert sorted(events(store)) == ["call.pressed"] * 59 + ["call.raised", "call.rung"]


def test_the_event_of_a_press_that_joins_shows_the_call_with_that_press(store: Store, clock: Moved) -> None:
    take(store, clock, sos())
    clock.move(5_000)
    take(store, clock, sos("press-2"))

    told = store.read_sync(lambda read: read.events_after(0, 100))[-1]
    call = msgspec.json.decode(told.data, type=EventView).call
    assert call is not None
    assert (told.type, call.presses, call.pressed_at) == ("call.pressed", 2, clock.now())


def test_another_household_opens_another_call(store: Store, clock: Moved) -> None:
    assert take(store, clock, sos()).call != take(store, clock, sos(), device="b-2").call


def test_a_press_after_the_call_is_resolved_opens_a_linked_one(store: Store, clock: Moved) -> None:
    first = take(store, clock, sos()).call or ""
    store.run_sync(lambda tx: handling.answer(tx, first, OPERATOR, clock.now()))
    store.run_sync(lambda tx: handling.resolve(tx, first, OPERATOR, Outcome.HELPED, "", clock.now()))

    second = take(store, clock, sos("press-2"))

    assert second.opened
    call = store.read_sync(lambda read: read.call(second.call or "", EVERYTHING))
    assert call is not None
    assert call.linked == first


def test_a_press_that_joins_an_answered_call_hears_received_and_then_who(store: Store, clock: Moved) -> None:
    call = take(store, clock, sos()).call or ""
    store.run_sync(lambda tx: handling.answer(tx, call, OPERATOR, clock.now()))

    told = take(store, clock, sos("press-2")).replies

    assert [(r.press, r.state) for r in told] == [
        ("press-2", ReplyState.RECEIVED),
        ("press-2", ReplyState.ANSWERED),
    ]
    assert told[-1].by == "王值班员"
    assert told[0].rev < told[-1].rev


@pytest.mark.parametrize(
    "payload", [b"", b"\xff\xfe", b"{", b'{"kind":"sos"}', b'{"id":"x","kind":"hello","at":null}', b"[]"]
)
def test_bytes_that_make_no_sense_ring_once_a_minute(store: Store, clock: Moved, payload: bytes) -> None:
    press = read_press(payload)

    first = take(store, clock, press)
    clock.move(59_000)
    again = take(store, clock, press)
    clock.move(2_000)
    fresh = take(store, clock, press)

    assert first.opened
    assert again.copy
    assert not fresh.copy
    call = store.read_sync(lambda read: read.call(first.call or "", EVERYTHING))
    assert call is not None
    assert (call.decoded, call.presses) == (False, 2)


def test_a_late_press_rings_where_the_device_was_then(store: Store, clock: Moved) -> None:
    pressed_at = clock.now()
    clock.move(3_600_000)
    store.run_sync(lambda tx: _hand_over(tx, "b-1", "r-2", clock.now() - 1_800_000))

    late = take(store, clock, sos(at=pressed_at))
    now = take(store, clock, sos("press-2", at=clock.now()))

    late_call = store.read_sync(lambda read: read.call(late.call or "", EVERYTHING))
    call = store.read_sync(lambda read: read.call(now.call or "", EVERYTHING))
    assert late_call is not None
    assert call is not None
    assert (late_call.resident, late_call.late) == ("r-1", True)
    assert (call.resident, call.late) == ("r-2", False)


def test_a_device_that_nobody_registered_rings_at_the_county(store: Store, clock: Moved) -> None:
    ingested = take(store, clock, sos(), device="stranger")

    call = store.read_sync(lambda read: read.call(ingested.call or "", EVERYTHING))
    assert call is not None
    assert (call.area, call.resident, call.rung) == (COUNTY, None, (f"center:{COUNTY}",))


def test_a_test_press_goes_the_whole_way_and_rings_nobody(store: Store, clock: Moved) -> None:
    ingested = take(store, clock, sos(kind=PressKind.TEST))

    assert events(store) == ["call.tested"]
    assert store.read_sync(lambda read: read.open_calls(EVERYTHING)) == []
    assert [reply.say for _, reply in queued(store)] == ["reply-test"]
    assert take(store, clock, sos("press-2")).call != ingested.call


def test_cancel_never_makes_a_call_vanish(store: Store, clock: Moved) -> None:
    opened = take(store, clock, sos())

    take(store, clock, sos("press-2", kind=PressKind.CANCEL))

    [call] = store.read_sync(lambda read: read.open_calls(EVERYTHING))
    assert call.id == opened.call
    assert call.state is CallState.RINGING
    assert call.cancel_asked_at == clock.now()
    assert events(store)[-1] == "call.cancel_asked"


@pytest.mark.parametrize("kind", [PressKind.CANCEL, PressKind.OK, PressKind.CALLBACK])
def test_a_quiet_press_without_a_call_is_shown_and_answered(
    store: Store, clock: Moved, kind: PressKind
) -> None:
    ingested = take(store, clock, sos(kind=kind))

    assert ingested.call is None
    assert events(store) == ["press.noted"]
    [(_, reply)] = queued(store)
    assert (reply.state, reply.say) == (ReplyState.RECEIVED, "reply-noted"), "nobody was rung"


def test_a_quiet_press_is_noted_with_the_call_as_it_is_when_it_is_noted(
    store: Store, clock: Moved, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Found by simulation: another hub gave the call back between our look at it and our note."""
    opened = take(store, clock, sos()).call or ""
    store.run_sync(lambda tx: handling.answer(tx, opened, OPERATOR, clock.now()))
    stale = store.read_sync(lambda read: read.call(opened, EVERYTHING))
    store.run_sync(lambda tx: handling.release(tx, opened, OPERATOR, clock.now()))
    looks, look = iter([stale]), CallRows.open_for
    monkeypatch.setattr(CallRows, "open_for", lambda rows, subject: next(looks, None) or look(rows, subject))

    take(store, clock, sos("press-2", kind=PressKind.OK))

    noted = store.read_sync(lambda read: read.events_after(0, 1000))[-1]
    view = msgspec.json.decode(noted.data, type=EventView)
    assert (noted.type, view.call and view.call.state) == ("press.noted", CallState.RINGING)


@pytest.mark.parametrize("quiet", [PressKind.TEST, PressKind.CANCEL, PressKind.OK])
def test_an_emergency_under_the_name_of_a_quiet_press_rings(
    store: Store, clock: Moved, quiet: PressKind
) -> None:
    take(store, clock, sos(kind=quiet))

    emergency = take(store, clock, sos())
    copies = [take(store, clock, sos()), take(store, clock, sos(kind=quiet))]

    assert emergency.opened
    assert [(copy.copy, copy.call) for copy in copies] == [(True, emergency.call)] * 2
    assert queued(store)[-1][1].press == "press-1"


def test_two_cancels_of_one_millisecond_are_both_recorded(store: Store, clock: Moved) -> None:
    take(store, clock, sos())

    for press in ("press-2", "press-3"):
        take(store, clock, sos(press, kind=PressKind.CANCEL))

    assert events(store)[-2:] == ["call.cancel_asked"] * 2


def test_unreadable_bytes_ring_though_a_press_has_taken_their_name(store: Store, clock: Moved) -> None:
    first = take(store, clock, sos(strange_press_id(b"help")))

    strange = take(store, clock, read_press(b"help"))

    assert (strange.copy, strange.call) == (False, first.call)


def test_unreadable_bytes_ring_after_the_clock_was_set_back(store: Store, clock: Moved) -> None:
    press = read_press(b"help")
    first = take(store, clock, press).call or ""
    store.run_sync(lambda tx: handling.answer(tx, first, OPERATOR, clock.now()))
    store.run_sync(lambda tx: handling.resolve(tx, first, OPERATOR, Outcome.HELPED, "", clock.now()))

    clock.move(-3_600_000)
    fresh = take(store, clock, press)
    clock.move(2_000)

    assert fresh.opened
    assert take(store, clock, press).copy


def test_a_lying_clock_takes_no_caller_away(store: Store, clock: Moved) -> None:
    store.run_sync(lambda tx: _hand_over(tx, "b-spare", "r-2", clock.now() - 3_600_000))

    ingested = take(store, clock, sos(at=clock.now() - 7 * 86_400_000), "b-spare")

    call = store.read_sync(lambda read: read.call(ingested.call or "", EVERYTHING))
    assert call is not None
    assert (call.resident, call.late) == ("r-2", True)


def _ingest(arrived: PressArrived, tx: Tx) -> Ingested:
    return ingest(tx, arrived, arrived.received_at)


def _live_desk(clock: Moved) -> Desk:
    return Desk(
        id="desk-1",
        user=OPERATOR.id,
        targets=(f"center:{TOWN}",),
        audible=True,
        expires_at=clock.now() + 10_000,
    )


def _hand_over(tx: Tx, device: str, resident: str, at: int) -> None:
    held = assignments.c.device == device
    tx.conn.execute(update(assignments).where(held).values(until=at))
    tx.conn.execute(insert(assignments), {"device": device, "resident": resident, "since": at})
