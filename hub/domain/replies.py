"""What the elder's device is told of its call. `say` names the sentence; its words come from the catalogue."""

import msgspec

from devices.messages import Reply, ReplyState
from hub.domain.calls import WAITING, Call, Outcome, question, reply_state, spoken_by

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
        by=spoken_by(call)[:BY_LENGTH],
        say=_say(call),
        at=now,
        drill=call.drill,
        ask=question(call),
    )


def _say(call: Call) -> str:
    if call.merged_into is not None:
        return "reply-merged"
    if call.outcome is Outcome.CANCELLED:
        return "reply-cancelled"
    if question(call) is not None:
        return "reply-rate"
    if call.state in WAITING and call.coming is not None:
        return "reply-still-coming"  # the desk changes hands, and help is on its way all the same
    return _SAY[reply_state(call)]


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
