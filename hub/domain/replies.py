"""What the elder's device is told of its call; the sentence to speak is added where words are kept."""

from devices.messages import Reply, ReplyState
from hub.domain.calls import Call, reply_state


def current(call: Call, press: str, now: int) -> Reply:
    """The newest truth about `call`, addressed to one press."""
    return Reply(
        press=press,
        call=call.id,
        rev=call.rev,
        state=reply_state(call),
        by="" if call.holder is None else call.holder.spoken_name,
        say="",
        at=now,
        drill=call.drill,
        ask=None,
    )


def received(call: Call, press: str, now: int) -> Reply:
    """The first word to every press id: it reached the hub and is stored."""
    return bare_received(press, now, call=call.id, drill=call.drill)


def bare_received(press: str, now: int, *, call: str | None = None, drill: bool = False) -> Reply:
    """`received` for a press that belongs to no call."""
    return Reply(
        press=press,
        call=call,
        rev=1,
        state=ReplyState.RECEIVED,
        by="",
        say="",
        at=now,
        drill=drill,
        ask=None,
    )


def to_press(call: Call, press: str, now: int) -> tuple[Reply, ...]:
    """All that a press just stored is owed: its own `received`, then how far its call is by now."""
    first = received(call, press, now)
    return (first,) if call.rev == 1 else (first, current(call, press, now))
