"""Answering stops the asking, not the informing: the family hears who has the call, and when it is over."""

from collections.abc import Iterable

import msgspec

from hub.domain import family
from hub.domain.calls import Call
from hub.domain.notices import NoticeDraft
from hub.ports import Transaction
from hub.services.casefile import write

INFORM = "case.inform"
BY_HAND = frozenset({"telephone", "in_person"})  # kinds of calls for which nobody pressed


def keep_up(tx: Transaction, call: Call, now: int) -> None:
    """The first contact of each household whose call this is hears what is new: at once, or when two minutes have gone
    since they heard something else (hub.domain.family)."""
    if not call.is_real:
        return
    tx.timers.disarm(call.id, INFORM)
    said, later = family.news(call), list[int]()
    for own in _households(tx, call) if said else ():
        due = family.due_at(own, said, now)
        if due is not None and due <= now:
            _tell(tx, call, own, said, now)
        elif due is not None:
            later.append(due)
    if later:
        tx.timers.arm(call.id, INFORM, min(later))


def about(tx: Transaction, call: Call) -> dict[str, str]:
    """What every notice says of the call: whose it is, or where when nobody knows whose, and how help was asked for."""
    area = None if call.resident_name else tx.places.area(call.area)
    return {
        "resident": call.resident_name or "none",
        "place": "" if area is None else area.name,
        "how": "asked" if call.kind in BY_HAND else "pressed",
    }


def asked_for_help(call: Call) -> Call:
    """The call after its plan told the first contact that nobody has it: whoever takes it now is news."""
    return msgspec.structs.replace(call, family_told="")


def _households(tx: Transaction, call: Call) -> Iterable[Call]:
    """The call of each household: this one, and those that became part of it; of several the one it last heard of."""
    newest = dict[str, Call]()
    for own in (call, *tx.calls.merged(call.id)):
        if own.resident is not None:
            newest[own.resident] = max(
                newest.get(own.resident, own), own, key=lambda one: one.family_told_at or 0
            )
    return newest.values()


def _tell(tx: Transaction, call: Call, own: Call, said: str, now: int) -> None:
    contacts = (one for one in tx.register.household_helpers(own.resident, None) if one.kind == "contact")
    first = next((one for one in contacts if one.phone), None)
    if first is None:
        return
    params = {"helper": first.name, "resident": own.resident_name or ""}
    if said.startswith(family.OVER):
        message, more = "notice-call-closed", {"outcome": said.removeprefix(family.OVER)}
    else:
        message, more = (
            "notice-call-answered",
            {"holder": "" if call.holder is None else call.holder.spoken_name},
        )
    draft = NoticeDraft(
        message=message, params=params | more, key=f"{message}:{call.id}:{own.resident}:{first.id}:{now}"
    )
    tx.outbox.notice(f"sms:{first.phone}", msgspec.json.encode(draft))
    write(tx, own, msgspec.structs.replace(own, family_told=said, family_told_at=now))
