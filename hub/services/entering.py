"""Help asked for by telephone or in person: entered by hand, it is a call like any other."""

from enum import StrEnum

import msgspec

from hub.domain.areas import area_prefix
from hub.domain.calls import Call, CallState
from hub.domain.entries import PHONE_RE
from hub.domain.errors import Conflict, Denied, Invalid
from hub.domain.events import Detail, EventType
from hub.domain.people import User, call_scope, may_handle_calls
from hub.domain.presses import subject
from hub.domain.residents import ResidentRecord
from hub.ports import Transaction
from hub.services import ringing
from hub.services.casefile import tell, words

NOWHERE = "-"  # no code of an area begins so


class Asked(StrEnum):
    """How somebody asked for help; the `kind` of the call."""

    TELEPHONE = "telephone"
    IN_PERSON = "in_person"


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """What is known: a resident of the register, or the area where help is needed and whom to ask for."""

    kind: Asked
    resident: str | None = None
    area: str | None = None
    name: str = ""
    phone: str = ""
    note: str = ""
    drill: bool = False


def enter(tx: Transaction, entry: Entry, by: User, now: int) -> Call:
    """Raise the call; it rings as a press would. Invalid: entry-place,
    entry-place-clinic, entry-phone; Conflict call-there: the resident
    has an open call, to which a note can be written."""
    if not may_handle_calls(by):
        raise Denied("calls-not-yours")
    note = words(entry.note)
    if entry.phone and not PHONE_RE.fullmatch(entry.phone):
        raise Invalid("entry-phone", field="phone", value=entry.phone)
    resident = _resident(tx, entry, by)
    call = _call(tx, entry, resident, by, now)
    whose = f"c:{call.id}" if resident is None else subject(resident.id, "")
    _require_none_open(tx, whose, real=not entry.drill)
    begun = ringing.begin(tx, call, now)
    if not tx.calls.insert(begun.call, whose, is_open=not entry.drill):
        raise tx.collide()  # the resident pressed this instant: look again
    tell(tx, EventType.CALL_RAISED, begun.call, by, now, Detail(note=note, number=entry.phone))
    begun.tell(tx)
    return begun.call


def _resident(tx: Transaction, entry: Entry, by: User) -> ResidentRecord | None:
    if entry.resident is None:
        return None
    found = tx.residents.get(entry.resident)
    if found is None or not call_scope(by).sees(found.area, found.clinic):
        raise Invalid("resident-unknown", field="resident", resident=entry.resident)
    return found


def _call(tx: Transaction, entry: Entry, resident: ResidentRecord | None, by: User, now: int) -> Call:
    area = entry.area if resident is None else resident.area
    clinic = by.clinic if resident is None else resident.clinic
    if area is None or tx.places.area(area) is None or not call_scope(by).sees(area, clinic):
        raise Invalid("entry-place", field="area")
    if resident is None and by.clinic is not None and not area.startswith(_own_prefix(tx, by.clinic)):
        raise Invalid("entry-place-clinic", field="area")
    name = entry.name.strip() or None
    return Call(
        id=tx.new_id("c", now),
        kind=entry.kind.value,
        state=CallState.RINGING,
        device="",
        resident=None if resident is None else resident.id,
        resident_name=name if resident is None else resident.name,
        area=area,
        clinic=clinic,
        raised_at=now,
        pressed_at=now,
        presses=0,
        drill=entry.drill,
        linked=None if resident is None else tx.calls.unclosed_for(subject(resident.id, "")),
    )


def _own_prefix(tx: Transaction, clinic: str) -> str:
    """A clinic enters calls of its own area and, by name, of its residents elsewhere."""
    found = tx.places.clinic(clinic)
    return NOWHERE if found is None else area_prefix(found.area)


def _require_none_open(tx: Transaction, whose: str, *, real: bool) -> None:
    standing = tx.calls.open_for(whose) if real else None
    if standing is not None:
        raise Conflict("call-there", call=standing.id)
