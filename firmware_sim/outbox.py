"""Store and forward: what a device must still say when its link is back."""

from collections import OrderedDict

from firmware_sim.effects import Publish

ROOM = 256


class Outbox:
    """A bounded store of messages in order; beyond the bound the oldest goes, counted in `dropped`."""

    def __init__(self, room: int = ROOM) -> None:
        self._room = room
        self._messages: OrderedDict[int, Publish] = OrderedDict()
        self._next = 0
        self.dropped = 0

    def put(self, message: Publish) -> int:
        """Keep a message; returns the ticket to settle it by."""
        while len(self._messages) >= self._room:
            self._messages.popitem(last=False)
            self.dropped += 1
        self._next += 1
        self._messages[self._next] = message
        return self._next

    def settle(self, ticket: int) -> None:
        """The broker has it (QoS 1), or it is on its way (QoS 0)."""
        self._messages.pop(ticket, None)

    def waiting(self) -> list[tuple[int, Publish]]:
        """Return all that is not settled, oldest first."""
        return list(self._messages.items())
