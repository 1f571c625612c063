"""A live screen's presence: put when its stream opens, refreshed while it lasts, removed at its end."""

import logging
import secrets

from hub.console.context import ConsoleContext
from hub.domain.desks import TTL_MS, Desk
from hub.domain.errors import Unavailable
from hub.domain.people import User, ring_targets
from hub.ports import Transaction

log = logging.getLogger(__name__)


class DeskLine:
    """The desk behind one stream. Whether it may sound stands in its row: any hub may be told."""

    def __init__(self, context: ConsoleContext, user: User, *, audible: bool) -> None:
        self.id = "k" + secrets.token_hex(12)
        self._context = context
        self._user = user
        self._audible = audible

    async def refresh(self) -> None:
        """Stay on duty for another 25 s. A database that is away takes no screen off the wall."""
        try:
            self._audible = await self._context.store.run(self._put)
        except Unavailable:
            log.warning("the presence of a desk could not be stored")

    async def leave(self) -> None:
        """Go off duty now."""
        try:
            await self._context.store.run(lambda tx: tx.desks.remove(self.id))
        except Unavailable:
            log.warning("a desk that has gone counts as live until its time is over")

    def _put(self, tx: Transaction) -> bool:
        expires_at = self._context.clock.now() + TTL_MS
        audible = tx.desks.refresh(self.id, expires_at)
        if audible is None:
            audible = self._audible
            targets = tuple(sorted(ring_targets(self._user)))
            tx.desks.put(
                Desk(id=self.id, user=self._user.id, targets=targets, audible=audible, expires_at=expires_at)
            )
        return audible
