"""A call, and people, for tests of the domain."""

from __future__ import annotations

import msgspec

from hub.domain.calls import Call, CallState, Holder
from hub.domain.people import Role, User
from hub.domain.responders import Responder, ResponderKind, ResponderState

NOW = 1_790_000_000_000
ME = User(
    id="u-1", username="a", name="王芳", spoken_name="王值班员", role=Role.OPERATOR, area="990421101000"
)
OTHER = msgspec.structs.replace(ME, id="u-2", name="李强", spoken_name="李值班员")


def a_call(state: CallState, holder: User | None = None, call_id: str = "c-1") -> Call:
    """A call of the household r-1, held by `holder` since now."""
    held = None
    if holder is not None:
        held = Holder(id=holder.id, name=holder.name, spoken_name=holder.spoken_name, since=NOW)
    return Call(
        id=call_id,
        kind="sos",
        state=state,
        device="b-1",
        resident="r-1",
        resident_name="刘桂兰",
        area="990421101201",
        clinic="clinic-1",
        raised_at=NOW,
        holder=held,
    )


def sent(
    state: ResponderState,
    kind: ResponderKind = ResponderKind.CLINIC,
    to: str = "clinic-1",
    asked_at: int = NOW,
) -> Responder:
    """Somebody who was asked at `asked_at` and is in `state` since."""
    return Responder(
        id=f"q-{kind}-{to}",
        call="c-1",
        kind=kind,
        to=to,
        name=to,
        phone="13900000001",
        spoken=f"spoken {to}",
        state=state,
        asked_at=asked_at,
    )
