"""Answering stops the asking, not the informing: the family hears who has the call, and when it is over."""

from collections.abc import Mapping

import msgspec

from hub.domain.calls import Call
from hub.domain.notices import NoticeDraft
from hub.ports import Transaction


def answered(tx: Transaction, call: Call, now: int) -> None:
    """The first contact hears who has the call; at once, and so within two minutes."""
    answered_for(tx, call.resident, call.resident_name, call, now)


def answered_for(tx: Transaction, resident: str | None, name: str | None, call: Call, now: int) -> None:
    """As `answered`, for a household whose own call became part of `call`."""
    holder = "" if call.holder is None else call.holder.spoken_name
    _tell(tx, call, (resident, name), "notice-call-answered", {"holder": holder}, now)


def closed(tx: Transaction, call: Call, now: int) -> None:
    """The first contact hears that the emergency is over, and how it ended."""
    outcome = "" if call.outcome is None else call.outcome.value
    _tell(tx, call, (call.resident, call.resident_name), "notice-call-closed", {"outcome": outcome}, now)


def _tell(
    tx: Transaction,
    call: Call,
    whose: tuple[str | None, str | None],
    message: str,
    params: Mapping[str, str],
    now: int,
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
