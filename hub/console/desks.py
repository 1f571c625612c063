"""A live screen's presence: put when its stream opens, kept by the answers of its page, removed at its end.

An open connection proves only that a kernel answers. The page itself must say that it is there: the stream asks
it each 8 s, it answers with `POST /desks/{id}`, and what has been silent for 25 s is a dark desk.
"""

import logging
import secrets

from hub.console.context import ConsoleContext
from hub.domain.desks import TTL_MS, Desk
from hub.domain.errors import Unavailable
from hub.domain.people import User, ring_targets

log = logging.getLogger(__name__)


class DeskLine:
    """The desk behind one stream. Whether it may sound stands in its row: any hub may be told."""

    def __init__(self, context: ConsoleContext, user: User, *, audible: bool) -> None:
        self.id = "k" + secrets.token_hex(12)
        self._context = context
        self._user = user
        self._audible = audible

    async def open(self) -> None:
        """On duty until the page answers or does not. A database that is away takes no screen off the wall."""
        desk = Desk(
            id=self.id,
            user=self._user.id,
            targets=tuple(sorted(ring_targets(self._user))),
            audible=self._audible,
            expires_at=self._context.clock.now() + TTL_MS,
        )
        try:
            await self._context.store.run(lambda tx: tx.desks.put(desk))
        except Unavailable:
            log.warning("the presence of a desk could not be stored; its page will open another stream")

    async def leave(self) -> None:
        """Go off duty now."""
        try:
            await self._context.store.run(lambda tx: tx.desks.remove(self.id))
        except Unavailable:
            log.warning("a desk that has gone counts as live until its time is over")
