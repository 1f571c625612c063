"""What people do with a call: answer, release, note, dial, call back, resolve, close."""

from collections.abc import Callable

import msgspec

from hub.domain import calls
from hub.domain.calls import Call, Outcome
from hub.domain.errors import Denied, Invalid, NotFound
from hub.domain.events import Detail, EventType, of_call
from hub.domain.people import User, call_scope, may_handle_calls
from hub.ports import Transaction
from hub.services import ringing
from hub.services.replying import tell_devices

NOTE_LIMIT = 2000
DIALLED = frozenset({"120", "119", "110"})


class Dial(msgspec.Struct, frozen=True, kw_only=True):
    """A person dialled 120, 119 or 110; `promised_at` is when they said they would be there (Unix ms)."""

    number: str
    promised_at: int | None = None
    note: str = ""


def answer(tx: Transaction, call_id: str, by: User, now: int) -> Call:
    """Take the call. Conflict call-held (holder) when somebody was first, call-closed when it is over."""
    before = visible(tx, call_id, by)
    after = calls.answer(before, by, now)
    if after is before:
        return before
    _swap(tx, before, after)
    tx.timers.disarm(call_id)
    _changed(tx, EventType.CALL_ANSWERED, after, by, now)
    return after


def release(tx: Transaction, call_id: str, by: User, now: int) -> Call:
    """Give the call back: it rings again everywhere it has rung, and the county within 30 s."""
    return _give_back(tx, visible(tx, call_id, by), by, by, now)


def release_all(tx: Transaction, holder: User, stays: User | None, by: User, now: int) -> None:
    """`by` has changed `holder` into `stays` (None: they may no longer sign in): calls that they can work on no
    more ring again, for nobody else could take them."""
    for call in tx.calls.held_by(holder.id):
        if stays is None or not (may_handle_calls(stays) and call_scope(stays).sees(call.area, call.clinic)):
            _give_back(tx, call, holder, by, now)


def resolve(tx: Transaction, call_id: str, by: User, outcome: Outcome, note: str, now: int) -> Call:
    """The emergency is over. The elder hears that the call is closed; the follow-up remains."""
    before = visible(tx, call_id, by)
    after = calls.resolve(before, by, outcome, now)
    _swap(tx, before, after)
    tx.timers.disarm(call_id)
    _changed(
        tx,
        EventType.CALL_RESOLVED,
        after,
        by,
        now,
        Detail(outcome=outcome.value, note=_note(note, required=False)),
    )
    return after


def close(tx: Transaction, call_id: str, by: User, rating: int | None, note: str, now: int) -> Call:
    """The follow-up was made: the case is closed, with the elder's rating when there is one."""
    before = visible(tx, call_id, by)
    after = calls.close(before, rating, now)
    _swap(tx, before, after)
    tx.events.record(
        of_call(
            EventType.CALL_CLOSED,
            after,
            now,
            by_id=by.id,
            by_name=by.name,
            detail=Detail(rating=rating, note=_note(note, required=False)),
        )
    )
    return after


def note(tx: Transaction, call_id: str, by: User, text: str, now: int) -> Call:
    """Write a note (1-2,000 characters) into the timeline."""
    return _tell(tx, EventType.CALL_NOTED, call_id, by, now, lambda: Detail(note=_note(text, required=True)))


def dialled(tx: Transaction, call_id: str, by: User, dial: Dial, now: int) -> Call:
    """Record that a person dialled an emergency number; the hub itself never does."""
    if dial.number not in DIALLED:
        raise Invalid("dial-number", field="number")
    detail = Detail(number=dial.number, promised_at=dial.promised_at, note=_note(dial.note, required=False))
    return _tell(tx, EventType.CALL_DIALLED, call_id, by, now, lambda: detail)


def called_back(tx: Transaction, call_id: str, by: User, outcome: str, text: str, now: int) -> Call:
    """Record how calling the elder back went: spoke, no_answer, busy, wrong_number."""
    if outcome not in ("spoke", "no_answer", "busy", "wrong_number"):
        raise Invalid("callback-outcome", field="outcome")
    detail = Detail(callback=outcome, note=_note(text, required=False))
    return _tell(tx, EventType.CALL_CALLED_BACK, call_id, by, now, lambda: detail)


def visible(tx: Transaction, call_id: str, by: User) -> Call:
    """The call, if `by` may work on it. NotFound for one of another area or clinic, Denied for other roles."""
    call = tx.calls.get(call_id)
    if call is None or not call_scope(by).sees(call.area, call.clinic):
        raise NotFound("call-unknown", call=call_id)
    if not may_handle_calls(by):
        raise Denied("calls-not-yours")
    return call


def _tell(
    tx: Transaction, event: EventType, call_id: str, by: User, now: int, detail: Callable[[], Detail]
) -> Call:
    call = visible(tx, call_id, by)
    calls.require_open(call)
    tx.events.record(of_call(event, call, now, by_id=by.id, by_name=by.name, detail=detail()))
    return call


def _give_back(tx: Transaction, before: Call, holder: User, by: User, now: int) -> Call:
    begun = ringing.begin(tx, calls.release(before, holder), now)
    _swap(tx, before, begun.call)
    _changed(tx, EventType.CALL_RELEASED, begun.call, by, now)
    begun.tell(tx)
    return begun.call


def _swap(tx: Transaction, before: Call, after: Call) -> None:
    if not tx.calls.swap(before, after):
        raise tx.collide()  # somebody was faster this instant: the next look tells who


def _changed(
    tx: Transaction,
    event: EventType,
    call: Call,
    by: User,
    now: int,
    detail: Detail = Detail(),  # noqa: B008 -- frozen
) -> None:
    tx.events.record(of_call(event, call, now, by_id=by.id, by_name=by.name, detail=detail))
    tell_devices(tx, call, now)


def _note(text: str, *, required: bool) -> str:
    text = text.strip()
    if required and not text:
        raise Invalid("note-empty", field="note")
    if len(text) > NOTE_LIMIT:
        raise Invalid("note-long", field="note", limit=NOTE_LIMIT)
    return text
