"""Answering stops the asking, not the informing: the family hears who has the call, and when it is over.

So does that of every household whose own call became part of it.
"""

from collections.abc import Mapping, Sequence

import msgspec

from hub.domain.calls import Call
from hub.domain.notices import NoticeDraft
from hub.ports import Transaction

Household = tuple[str | None, str | None]  # id and name of a resident


def answered(tx: Transaction, call: Call, now: int) -> None:
    """The first contact hears who has the call; at once, and so within two minutes."""
    for whose in _households(tx, call):
        _tell_holder(tx, call, whose, now)


def joined(tx: Transaction, gone: Call, call: Call, now: int) -> None:
    """The household of `gone`, which became part of `call`, hears who has it now, unless it is who had it before."""
    had, has = gone.holder, call.holder
    if has is None or (had is not None and had.id == has.id):
        return
    before = {resident for resident, _ in _households(tx, call, but=gone.id)}
    for whose in _households(tx, gone):
        if whose[0] not in before:
            _tell_holder(tx, call, whose, now)


def closed(tx: Transaction, call: Call, now: int) -> None:
    """The first contact hears that the emergency is over, and how it ended."""
    outcome = "" if call.outcome is None else call.outcome.value
    for whose in _households(tx, call):
        _tell(tx, call, whose, "notice-call-closed", {"outcome": outcome}, now)


def _households(tx: Transaction, call: Call, *, but: str = "") -> Sequence[Household]:
    """Whose emergency it is: the caller's, and that of each call that became part of it, each once."""
    calls = [call, *(gone for gone in tx.calls.merged(call.id) if gone.id != but)]
    return list({one.resident: (one.resident, one.resident_name) for one in reversed(calls)}.values())


def _tell_holder(tx: Transaction, call: Call, whose: Household, now: int) -> None:
    holder = "" if call.holder is None else call.holder.spoken_name
    _tell(tx, call, whose, "notice-call-answered", {"holder": holder}, now)


def _tell(
    tx: Transaction, call: Call, whose: Household, message: str, params: Mapping[str, str], now: int
) -> None:
    resident, name = whose
    if resident is None or not call.is_real:
        return
    family = (one for one in tx.register.household_helpers(resident, None) if one.kind == "contact")
    first = next((one for one in family if one.phone), None)
    if first is None:
        return
    said = {"helper": first.name, "resident": name or "", **params}
    draft = NoticeDraft(message=message, params=said, key=f"{message}:{call.id}:{first.id}:{now}")
    tx.outbox.notice(f"sms:{first.phone}", msgspec.json.encode(draft))
