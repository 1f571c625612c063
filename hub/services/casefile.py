"""What all use cases of a call have in common: who may open its file, and how a change is written and told."""

from hub.domain import cases
from hub.domain.calls import Call
from hub.domain.errors import Denied, Invalid, NotFound
from hub.domain.events import Detail, EventType, of_call
from hub.domain.people import User, call_scope, may_handle_calls
from hub.ports import Transaction
from hub.services.replying import tell_devices

NOTE_LIMIT = 2000
NOTHING_MORE = Detail()


def visible(tx: Transaction, call_id: str, by: User, *, lock: bool = False, guest: bool = False) -> Call:
    """The call, if `by` may work on it. NotFound for one of another area or clinic, Denied for other roles, and for
    those whose clinic was only asked to go, unless they may do this as a `guest`."""
    call = tx.calls.lock(call_id) if lock else tx.calls.get(call_id)
    if call is None or not call_scope(by).sees(call.area, call.clinic, call.guests):
        raise NotFound("call-unknown", call=call_id)
    if not may_handle_calls(by):
        raise Denied("calls-not-yours")
    if not guest and not may_work(by, call):
        raise Denied("call-asked-only")
    return call


def may_work(by: User, call: Call) -> bool:
    """Whether `by` could take the call at all."""
    return may_handle_calls(by) and not is_guest(by, call)


def is_guest(by: User, call: Call) -> bool:
    """Whether `by` sees the call, if at all, only because their clinic was asked to go."""
    return not call_scope(by).sees(call.area, call.clinic)


def write(tx: Transaction, before: Call, after: Call) -> None:
    """Write `after`, unless another hub was faster this instant: then the command looks again."""
    if after != before and not tx.calls.swap(before, after):
        raise tx.collide()


def tell(
    tx: Transaction, event: EventType, call: Call, by: User | None, now: int, detail: Detail = NOTHING_MORE
) -> None:
    """Put it into the timeline and the stream; `by` None: the hub itself."""
    by_id, by_name = (None, None) if by is None else (by.id, by.name)
    tx.events.record(of_call(event, call, now, by_id=by_id, by_name=by_name, detail=detail))


def tell_elder(tx: Transaction, before: Call, after: Call, now: int) -> None:
    """The household's devices hear how far it is, when that is something new."""
    if after.rev != before.rev:
        tell_devices(tx, after, now)


def prolonged(tx: Transaction, call: Call, by: User | None, now: int, *, by_anybody: bool = False) -> Call:
    """Its holder did something about the call, and keeps it for longer; what others do counts when `by_anybody`, what
    the hub does by itself (None) never."""
    if by is None or call.holder is None or not (by_anybody or call.holder.id == by.id):
        return call
    after = cases.prolong(call, now)
    write(tx, call, after)
    return after


def words(text: str, *, required: bool = False) -> str:
    """`text` as it is kept. Invalid: empty though `required`, or too long."""
    text = text.strip()
    if required and not text:
        raise Invalid("note-empty", field="note")
    if len(text) > NOTE_LIMIT:
        raise Invalid("note-long", field="note", limit=NOTE_LIMIT)
    return text
