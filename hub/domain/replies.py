"""What the elder's device is told of its call. `say` names the sentence; its words come from the catalogue."""

import msgspec

from devices.messages import Reply, ReplyState
from hub.domain.calls import Call, reply_state

_SAY = {
    ReplyState.RECEIVED: "reply-received",
    ReplyState.ANSWERED: "reply-answered",
    ReplyState.COMING: "reply-coming",
    ReplyState.CLOSED: "reply-closed",
}


BY_LENGTH = 64  # what a device takes (docs/asyncapi.yaml); a longer name must not keep the reply from it


def current(call: Call, press: str, now: int) -> Reply:
    """The newest truth about `call`, addressed to one press."""
    return Reply(
        press=press,
        call=call.id,
        rev=call.rev,
        state=reply_state(call),
        by="" if call.holder is None else call.holder.spoken_name[:BY_LENGTH],
        say=_SAY[reply_state(call)],
        at=now,
        drill=call.drill,
        ask=None,
    )


def received(call: Call, press: str, now: int) -> Reply:
    """The first word to every press id: it reached the hub and is stored."""
    say = "reply-test" if call.test else _SAY[ReplyState.RECEIVED]
    return msgspec.structs.replace(bare_received(press, now), call=call.id, say=say, drill=call.drill)


def bare_received(press: str, now: int) -> Reply:
    """`received` for a press that belongs to no call: nobody was rung, so nothing is said of anybody coming."""
    return Reply(
        press=press,
        call=None,
        rev=1,
        state=ReplyState.RECEIVED,
        by="",
        say="reply-noted",
        at=now,
        drill=False,
        ask=None,
    )


def to_press(call: Call, press: str, now: int) -> tuple[Reply, ...]:
    """All that a press just stored is owed: its own `received`, then how far its call is by now."""
    first = received(call, press, now)
    return (first,) if call.rev == 1 else (first, current(call, press, now))
