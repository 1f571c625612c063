"""Whether what a connection was opened with still holds."""

import asyncio
import logging
from typing import Final

from hub.console.context import ConsoleContext
from hub.domain.errors import Unavailable
from hub.domain.people import User
from hub.domain.sessions import Session

PATIENCE_S: Final = 3.0
log = logging.getLogger(__name__)


class Rights:
    """A session, asked again and again."""

    def __init__(self, context: ConsoleContext, session: Session) -> None:
        self._context = context
        self._session = session

    @property
    def user(self) -> User:
        """Whose rights they are."""
        return self._session.user

    def remaining_s(self) -> float:
        """Seconds to the session's end."""
        return (self._session.expires_at - self._context.clock.now()) / 1000

    async def last(self) -> bool:
        """True while session and user are what they were.

        A database that cannot be asked, or says nothing for 3 s, ends nothing before its time: these screens are
        where a press shows that could not be stored.
        """
        now = self._context.clock.now()
        if now >= self._session.expires_at:
            return False
        try:
            async with asyncio.timeout(PATIENCE_S):
                found = await self._context.store.read(
                    lambda read: read.session(self._session.token_hash, now)
                )
        except (Unavailable, TimeoutError):
            log.warning("the rights of an open stream cannot be checked; it stays open")
            return True
        return found == self._session
