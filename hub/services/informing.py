"""Answering stops the asking, not the informing: the family hears who has the call, and when it is over."""

from collections.abc import Mapping

import msgspec

from hub.domain.calls import Call
from hub.domain.notices import NoticeDraft
from hub.ports import Transaction


def answered(tx: Transaction, call: Call, now: int) -> None:  # noqa: ARG001 -- told at once, within the two minutes
    """The first contact hears who has the call."""
    _tell(tx, call, "notice-call-answered", {"holder": "" if call.holder is None else call.holder.spoken_name})


def closed(tx: Transaction, call: Call, now: int) -> None:  # noqa: ARG001 -- told at once
    """The first contact hears that the emergency is over, and how it ended."""
    _tell(tx, call, "notice-call-closed", {"outcome": "" if call.outcome is None else call.outcome.value})


def _tell(tx: Transaction, call: Call, message: str, params: Mapping[str, str]) -> None:
    if call.resident is None or not call.is_real:
        return
    family = [helper for helper in tx.register.helpers(call.resident) if helper.kind == "contact"]
    for contact in family[:1]:
        said = {"helper": contact.name, "resident": call.resident_name or "", **params}
        draft = NoticeDraft(message=message, params=said)
        tx.outbox.notice(f"sms:{contact.phone}", msgspec.json.encode(draft))
