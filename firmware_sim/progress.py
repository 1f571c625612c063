"""What a button knows of its calls: of each, the reply with the highest `rev`."""

from collections import OrderedDict

from devices.messages import Reply, ReplyState
from firmware_sim.kept import KeptCall

ROOM = 16


class Progress:
    """The newest reply of each recent call, the last changed last."""

    def __init__(self, kept: tuple[KeptCall, ...]) -> None:
        self._calls = OrderedDict((call.call, call) for call in kept)

    def follow(self, reply: Reply) -> bool:
        """Take a reply; say whether it tells anything new. A lower or equal rev of a call never does."""
        if reply.call is None:
            return False
        known = self._calls.get(reply.call)
        if known is not None and reply.rev <= known.rev:
            return False
        self._calls[reply.call] = KeptCall(reply.call, reply.press, reply.rev, reply.state, reply.ask)
        self._calls.move_to_end(reply.call)
        while len(self._calls) > ROOM:
            self._calls.popitem(last=False)
        return True

    def is_current(self, reply: Reply) -> bool:
        """Whether nothing newer than this reply is known about its call."""
        known = self._calls.get(reply.call) if reply.call is not None else None
        return known is None or known.rev == reply.rev

    @property
    def open_call(self) -> KeptCall | None:
        """The call last heard of that is not closed."""
        return next((c for c in reversed(self._calls.values()) if c.state is not ReplyState.CLOSED), None)

    @property
    def question(self) -> str | None:
        """What the newest reply asks the elder; None for nothing."""
        newest = next(reversed(self._calls.values()), None)
        return None if newest is None else newest.ask

    def kept(self) -> tuple[KeptCall, ...]:
        """Return what must survive a restart."""
        return tuple(self._calls.values())
