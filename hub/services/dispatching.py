"""Who is sent: asked by the holder, or by the hub when nobody has accepted; each a line with its own state."""

from collections.abc import Sequence

import msgspec

from hub.domain import cases, responders
from hub.domain.calls import JOINABLE, Call
from hub.domain.cases import Deed
from hub.domain.errors import Conflict, Denied, Invalid, NotFound
from hub.domain.events import Detail, EventType, ResponderSeen
from hub.domain.notices import NoticeDraft
from hub.domain.people import Role, User
from hub.domain.residents import Contact
from hub.domain.responders import SENT, Responder, ResponderKind, ResponderState
from hub.domain.routing import clinic_target
from hub.ports import Transaction
from hub.services import informing
from hub.services.casefile import prolonged, tell, tell_elder, visible, words, write

DIALLED = frozenset({"120", "119", "110"})
KINDS = ("clinic", "person", "contact")  # what `to` may name, in the order in which a bare id is looked for
ASK, SCENE = "case.ask:", "case.scene"


class Dial(msgspec.Struct, frozen=True, kw_only=True):
    """A person dialled 120, 119 or 110; `promised_at` is when they said they would be there (Unix ms)."""

    number: str
    promised_at: int | None = None
    note: str = ""


class Sending(msgspec.Struct, frozen=True, kw_only=True):
    """Whom to send: "120", "119", "110", or the id of a clinic, a person or a contact of the household, also as
    `clinic:<id>`, `person:<id>`, `contact:<id>`; `promised_at` is when they said they would be there (Unix ms)."""

    to: str
    note: str = ""
    promised_at: int | None = None


def dispatch(tx: Transaction, call_id: str, by: User, sending: Sending, now: int) -> Call:
    """Ask somebody to go. Invalid: dispatch-nobody. Conflict: held, wrong state, responder-asked."""
    call = visible(tx, call_id, by, lock=True)
    cases.require_holder(call, by, Deed.DISPATCH)
    line = _line(tx, call, _named(tx, call, sending.to), now, words(sending.note))
    line = msgspec.structs.replace(line, promised_at=sending.promised_at)
    if line.state in SENT and tx.responders.get(line.id) is not None:
        raise Conflict("responder-asked", name=line.name)
    return _ask(tx, call, line, by, now, EventType.CALL_DISPATCHED)


def dialled(tx: Transaction, call_id: str, by: User, dial: Dial, now: int) -> Call:
    """Record that a person dialled an emergency number; the hub itself never does. While the emergency lasts the
    number has a line of its own; dialled again, the line has the newest promise."""
    if dial.number not in DIALLED:
        raise Invalid("dial-number", field="number")
    call = visible(tx, call_id, by, lock=True)
    cases.require(call, Deed.NOTE)
    note = words(dial.note)
    detail = Detail(number=dial.number, promised_at=dial.promised_at, note=note)
    if call.state not in cases.ALLOWED[Deed.CANCEL]:
        tell(tx, EventType.CALL_DIALLED, call, by, now, detail)
        return call
    line = _line(tx, call, _number(dial.number), now, note)
    line = msgspec.structs.replace(line, promised_at=dial.promised_at)
    return _ask(tx, call, line, by, now, EventType.CALL_DIALLED, detail)


def move(tx: Transaction, call_id: str, line_id: str, by: User, state: ResponderState, now: int) -> Call:
    """A responder is a step farther, as they or whoever spoke with them says. NotFound: no such line of this call."""
    call = visible(tx, call_id, by, lock=True, guest=True)
    cases.require(call, Deed.NOTE)
    before = tx.responders.get(line_id)
    if before is None or before.call != call_id:
        raise NotFound("responder-unknown", responder=line_id)
    if not _may_move(by, call, before):
        raise Denied("responder-not-yours")
    after = responders.move(before, state, now)
    if after is before:
        return call
    return _moved(tx, call, after, by, now)


def asked_in_vain(tx: Transaction, call: Call, line_id: str, now: int) -> bool:
    """Two minutes have gone since somebody was asked. False: they answered, or the call is over."""
    line = tx.responders.get(line_id)
    if line is None or line.state is not ResponderState.ASKED or call.state not in cases.ALLOWED[Deed.CANCEL]:
        return False
    if line.asked_at <= now < line.asked_at + responders.ASK_MS:  # asked again meanwhile
        return False
    _moved(tx, call, responders.move(line, ResponderState.NO_ANSWER, now), None, now)
    return True


def end_lines(tx: Transaction, call_id: str, now: int) -> Sequence[Responder]:
    """The case begins anew: whoever was still out for it is not any more. The lines as they were."""
    before = tx.responders.of_call(call_id)
    for line in before:
        tx.responders.put(responders.end(line, now))
    return before


def ask_again(tx: Transaction, call: Call, before: Sequence[Responder], now: int) -> Call:
    """The case began anew: who had come, or was about to, is asked once more; had nobody of them wanted or answered,
    the household's first."""
    for line in (one for one in before if responders.goes_again(one)):
        call = _ask(
            tx,
            call,
            msgspec.structs.replace(line, by_plan=True, promised_at=None),
            None,
            now,
            EventType.CALL_DISPATCHED,
        )
    in_vain = all(one.state in (ResponderState.DECLINED, ResponderState.NO_ANSWER) for one in before)
    return _ask_next(tx, call, now) if before and in_vain else call


def _moved(tx: Transaction, call: Call, line: Responder, by: User | None, now: int) -> Call:
    tx.responders.put(line)
    after = prolonged(tx, follow(tx, call, now), by, now, by_anybody=True)
    tell(tx, EventType.CALL_RESPONDER, after, by, now, Detail(responder=seen(line)))
    tell_elder(tx, call, after, now)
    if line.state in (ResponderState.DECLINED, ResponderState.NO_ANSWER):
        return _ask_next(tx, after, now)
    return after


def _ask_next(tx: Transaction, call: Call, now: int) -> Call:
    """Nobody comes and nobody thinks about it: the household's next is asked, as long as there is one."""
    sent = tx.responders.of_call(call.id)
    if not responders.is_wanted(sent) or call.state not in cases.ALLOWED[Deed.CANCEL]:
        return call
    household = tx.register.household_helpers(call.resident, call.clinic)
    following = responders.next_to_ask(household, sent)
    if following is None:
        tell(tx, EventType.CALL_UNMANNED, call, None, now)
        return call
    line = msgspec.structs.replace(_line(tx, call, following, now, ""), by_plan=True)
    return _ask(tx, call, line, None, now, EventType.CALL_DISPATCHED)


def _ask(
    tx: Transaction,
    call: Call,
    line: Responder,
    by: User | None,
    now: int,
    event: EventType,
    detail: Detail | None = None,
) -> Call:
    asked = responders.ask(line, now)
    tx.responders.put(asked)
    if asked.state is ResponderState.ASKED:
        tx.timers.arm(call.id, ASK + asked.id, now + responders.ASK_MS)
    after = prolonged(tx, follow(tx, call, now), by, now)
    targets = (clinic_target(asked.to),) if asked.kind is ResponderKind.CLINIC else ()
    told = Detail(note=line.note) if detail is None else detail
    told = msgspec.structs.replace(told, responder=seen(asked), targets=targets)
    tell(tx, event, after, by, now, told)
    tell_elder(tx, call, after, now)
    _notify(tx, after, asked, now)
    return after


def follow(tx: Transaction, before: Call, now: int) -> Call:
    """The call as its responders make it; somebody must be there in time from the first who was sent."""
    if before.state not in JOINABLE:
        return before
    sent = tx.responders.of_call(before.id)
    after = cases.follow(before, sent)
    guests = tuple(dict.fromkeys(one.to for one in sent if responders.is_guest(one, before)))
    after = msgspec.structs.replace(after, guests=guests)
    if any(responders.was_there(one) for one in sent):
        after = msgspec.structs.replace(after, scene_due_at=None)
        tx.timers.disarm(before.id, SCENE)
    elif after.scene_due_at is None and any(one.state in SENT for one in sent):
        resident = None if before.resident is None else tx.residents.get(before.resident)
        due = now + responders.scene_ms(before, "" if resident is None else resident.conditions)
        after = msgspec.structs.replace(after, scene_due_at=due)
        tx.timers.arm(before.id, SCENE, due)
    write(tx, before, after)
    return after


def _notify(tx: Transaction, call: Call, line: Responder, now: int) -> None:
    if not line.phone or not call.is_real or line.kind is ResponderKind.EMERGENCY:
        return
    params = {"helper": line.name, "note": line.note or "none", **informing.about(tx, call)}
    draft = NoticeDraft(message="notice-please-go", params=params, key=f"{call.id}:{line.id}:{now}")
    tx.outbox.notice(f"sms:{line.phone}", msgspec.json.encode(draft))


def _line(tx: Transaction, call: Call, whom: Contact, now: int, note: str) -> Responder:
    """The line of `whom`: the one there is, or a new one."""
    for line in tx.responders.of_call(call.id):
        if (line.kind.value, line.to) == (whom.kind, whom.id):
            return msgspec.structs.replace(line, note=note)
    return Responder(
        id=tx.new_id("q", now),
        call=call.id,
        kind=ResponderKind(whom.kind),
        to=whom.id,
        name=whom.name,
        phone=whom.phone,
        spoken=responders.spoken(whom),
        state=ResponderState.ASKED,
        asked_at=now,
        note=note,
    )


def _named(tx: Transaction, call: Call, to: str) -> Contact:
    if to in DIALLED:
        return _number(to)
    kind, colon, bare = to.partition(":")
    kinds, helper = ((kind,), bare) if colon else (KINDS, to)
    for each in kinds:
        found = tx.register.helper(each, helper, call)
        if found is not None:
            return found
    raise Invalid("dispatch-nobody", field="to")


def _number(number: str) -> Contact:
    return Contact(id=number, kind=ResponderKind.EMERGENCY.value, name=number, relation="", phone=number)


def _may_move(by: User, call: Call, line: Responder) -> bool:
    if call.holder is not None and call.holder.id == by.id:
        return True
    if by.role is Role.CLINIC:
        return line.kind is ResponderKind.CLINIC and line.to == by.clinic
    return True  # an operator who took the responder's telephone call


def seen(line: Responder) -> ResponderSeen:
    """The responder as an event tells of them."""
    return ResponderSeen(
        id=line.id,
        kind=line.kind.value,
        to=line.to,
        name=line.name,
        state=line.state.value,
        by_plan=line.by_plan,
    )
