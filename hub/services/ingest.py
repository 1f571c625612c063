"""A press arrives: store it once, open or join its call, arm the timer, queue the reply, tell the events."""

import msgspec

from devices.messages import Press, PressKind, Reply
from hub.domain import presses, replies
from hub.domain.calls import Call, CallState
from hub.domain.events import Detail, EventType, NewEvent, PressSeen, of_call
from hub.domain.residents import Household
from hub.ports import NewPress, StoredPress, Transaction
from hub.services import reviewing, ringing
from hub.services.replying import queue_replies

ALARMS = frozenset({PressKind.SOS, PressKind.FALL})
ANSWERS = frozenset({PressKind.OK, PressKind.CALLBACK})


class PressArrived(msgspec.Struct, frozen=True, kw_only=True):
    """What an authenticated device published on its `call` topic or posted over the second path."""

    device: str
    press: Press
    received_at: int
    via: str = "mqtt"


class Ingested(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a press. `replies` are queued already; the second path answers with the last."""

    call: str | None
    replies: tuple[Reply, ...]
    copy: bool = False
    opened: bool = False


def ingest(tx: Transaction, arrived: PressArrived, now: int) -> Ingested:
    """One press, whatever number of copies come by whatever path, in any order, on any hub."""
    known = _known(tx, arrived)
    if known is not None and not _drowns(known, arrived.press):
        return _copy(tx, arrived, known, now)
    arrived = _with_free_key(tx, arrived, known)
    household = _household_then(tx, arrived)
    if arrived.press.kind in ALARMS:
        return _alarm(tx, arrived, household, now)
    if arrived.press.kind is PressKind.TEST:
        return _test(tx, arrived, household, now)
    return _remark(tx, arrived, household, now)


def _known(tx: Transaction, arrived: PressArrived) -> StoredPress | None:
    press, at = arrived.press, arrived.received_at
    if press.decoded:
        return tx.presses.find(arrived.device, press.id)
    # both ways: after a clock was set back, what stands ahead of it is no copy
    same_for = presses.UNDECODED_SAME_FOR_MS
    return tx.presses.find_undecoded(arrived.device, press.id, at - same_for, at + same_for)


def _drowns(known: StoredPress, press: Press) -> bool:
    """Whether an emergency came under the name of a quiet press: no copy of it, and it must ring."""
    return press.kind in ALARMS and known.kind not in ALARMS


def _with_free_key(tx: Transaction, arrived: PressArrived, known: StoredPress | None) -> PressArrived:
    """A new press under a name that is taken: a quiet press (`known`) gives way to an emergency, whose name the
    device waits for; unreadable bytes have no name anybody waits for and get another."""
    if arrived.press.decoded:
        if known is not None:
            tx.presses.forget(arrived.device, arrived.press.id)
        return arrived
    if tx.presses.find(arrived.device, arrived.press.id) is None:
        return arrived
    key = presses.fresh_key(arrived.press, arrived.received_at)
    return msgspec.structs.replace(arrived, press=msgspec.structs.replace(arrived.press, id=key))


def _household_then(tx: Transaction, arrived: PressArrived) -> Household:
    """Late presses ring where the device was when it was pressed; where it is now if that was nobody's home,
    for then the device's clock lies, and the caller's card is worth more than the doubt."""
    now = tx.register.household(arrived.device, arrived.received_at)
    if not presses.is_late(arrived.press, arrived.received_at):
        return now
    age = presses.age_ms(arrived.press, arrived.received_at)
    then = tx.register.household(arrived.device, arrived.received_at - age)
    return now if then.resident is None else then


def _copy(tx: Transaction, arrived: PressArrived, known: StoredPress, now: int) -> Ingested:
    """Nothing new: the device did not hear us, so it is told again."""
    call = None if known.call is None else tx.calls.get(known.call)
    told = replies.to_press(call, known.id, now) if call else (replies.bare_received(known.id, now),)
    queue_replies(tx, arrived.device, told)
    return Ingested(call=known.call, replies=told, copy=True)


def _alarm(tx: Transaction, arrived: PressArrived, household: Household, now: int) -> Ingested:
    subject = presses.subject(household.resident, arrived.device)
    standing = tx.calls.join(subject, now)
    if standing is None:
        return _open(tx, arrived, household, subject, now)
    _remember(tx, arrived, standing.id)
    tx.events.record(of_call(EventType.CALL_PRESSED, standing, now, detail=_detail(arrived)))
    told = replies.to_press(standing, arrived.press.id, now)
    queue_replies(tx, arrived.device, told)
    return Ingested(call=standing.id, replies=told)


def _open(tx: Transaction, arrived: PressArrived, household: Household, subject: str, now: int) -> Ingested:
    begun = ringing.begin(tx, _new_call(tx, arrived, household, subject, now), now)
    call = begun.call
    if not tx.calls.insert(call, subject, is_open=True):
        raise tx.collide()  # another hub opened it this instant: look again and join
    _remember(tx, arrived, call.id)
    tx.events.record(of_call(EventType.CALL_RAISED, call, now, detail=_detail(arrived)))
    begun.tell(tx)
    told = replies.to_press(call, arrived.press.id, now)
    queue_replies(tx, arrived.device, told)
    return Ingested(call=call.id, replies=told, opened=True)


def _new_call(tx: Transaction, arrived: PressArrived, household: Household, subject: str, now: int) -> Call:
    return Call(
        id=tx.new_id("c", now),
        kind=arrived.press.kind.value,
        state=CallState.RINGING,
        device=arrived.device,
        resident=household.resident,
        resident_name=household.resident_name,
        area=household.area,
        clinic=household.clinic,
        raised_at=arrived.received_at,
        pressed_at=arrived.received_at,
        decoded=arrived.press.decoded,
        late=presses.is_late(arrived.press, arrived.received_at),
        linked=tx.calls.unclosed_for(subject),
    )


def _test(tx: Transaction, arrived: PressArrived, household: Household, now: int) -> Ingested:
    """A test press goes the whole way and rings nobody."""
    subject = presses.subject(household.resident, arrived.device)
    opened = _new_call(tx, arrived, household, subject, now)
    call = msgspec.structs.replace(opened, state=CallState.CLOSED, test=True, closed_at=now, linked=None)
    tx.calls.insert(call, subject, is_open=False)
    _remember(tx, arrived, call.id)
    tx.events.record(of_call(EventType.CALL_TESTED, call, now, detail=_detail(arrived)))
    told = (replies.received(call, arrived.press.id, now),)
    queue_replies(tx, arrived.device, told)
    return Ingested(call=call.id, replies=told)


def _remark(tx: Transaction, arrived: PressArrived, household: Household, now: int) -> Ingested:
    """cancel, ok and callback never change an open call by themselves: they are recorded and shown."""
    subject = presses.subject(household.resident, arrived.device)
    call = tx.calls.open_for(subject)
    if call is not None and tx.calls.lock(call.id) != call:
        raise tx.collide()  # it changed this instant: what is noted must show it as it is
    asking = None if call is not None else reviewing.asking(tx, subject, arrived.device)
    if asking is not None and arrived.press.kind in ANSWERS:
        return _answer(tx, arrived, asking, now)
    _remember(tx, arrived, None if call is None else call.id)
    if call is not None and arrived.press.kind is PressKind.CANCEL:
        asked = msgspec.structs.replace(call, cancel_asked_at=now)
        if not tx.calls.swap(call, asked):
            raise tx.collide()
        tx.events.record(of_call(EventType.CALL_CANCEL_ASKED, asked, now, detail=_detail(arrived)))
    else:
        tx.events.record(
            NewEvent(
                type=EventType.PRESS_NOTED,
                at=now,
                call=call,
                area=household.area,
                clinic=household.clinic,
                detail=_detail(arrived),
            )
        )
    return _told(tx, arrived, call, now)


def _answer(tx: Transaction, arrived: PressArrived, asking: Call, now: int) -> Ingested:
    """The device asked what it was like, and the elder says so with a key that is for nothing else."""
    _remember(tx, arrived, asking.id)
    after = reviewing.pressed(tx, asking, _seen(arrived), now)
    return _told(tx, arrived, after, now)


def _told(tx: Transaction, arrived: PressArrived, call: Call | None, now: int) -> Ingested:
    press = arrived.press.id
    told = replies.to_press(call, press, now) if call else (replies.bare_received(press, now),)
    queue_replies(tx, arrived.device, told)
    return Ingested(call=None if call is None else call.id, replies=told)


def _remember(tx: Transaction, arrived: PressArrived, call: str | None) -> None:
    press = arrived.press
    added = tx.presses.add(
        NewPress(
            device=arrived.device,
            id=press.id,
            kind=press.kind.value,
            call=call,
            received_at=arrived.received_at,
            at=press.at,
            via=arrived.via,
            decoded=press.decoded,
            late=presses.is_late(press, arrived.received_at),
        )
    )
    if not added:
        raise tx.collide()  # its copy was stored by another hub this instant: look again


def _detail(arrived: PressArrived) -> Detail:
    return Detail(press=_seen(arrived))


def _seen(arrived: PressArrived) -> PressSeen:
    press = arrived.press
    return PressSeen(
        id=press.id,
        kind=press.kind.value,
        received_at=arrived.received_at,
        device=arrived.device,
        at=press.at,
        age_ms=press.age_ms,
        battery=press.battery,
        signal=press.signal,
        decoded=press.decoded,
        late=presses.is_late(press, arrived.received_at),
        via=arrived.via,
    )
