"""Sessions that this process has seen, for what must work without the database: silence, and the live stream."""

import logging
from collections.abc import AsyncIterator, Callable
from typing import Final, Protocol

from hub.domain.errors import Unavailable
from hub.domain.events import Event, EventType
from hub.domain.sessions import Session
from hub.ports import Reader, Store

MOST: Final = 5_000
log = logging.getLogger(__name__)


class Feed(Protocol):
    """`hub.live.feed.Feed`."""

    def follow_batches(self, sees: Callable[[Event], bool], after: int | None) -> AsyncIterator[list[Event]]:
        """All behind `after` that `sees` lets through."""
        ...


class RememberedSessions:
    """The newest sessions by the hash of their token. Looked up again whenever anybody's rights change."""

    def __init__(self) -> None:
        self._sessions: dict[str, Session] = {}

    def remember(self, session: Session) -> None:
        """This one was found in the database just now."""
        self._sessions.pop(session.token_hash, None)
        self._sessions[session.token_hash] = session
        if len(self._sessions) > MOST:
            del self._sessions[next(iter(self._sessions))]

    def forget(self, token_hash: str) -> None:
        """There is no such session any more."""
        self._sessions.pop(token_hash, None)

    def get(self, token_hash: str, now: int) -> Session | None:
        """The session, if it lasts at `now`."""
        found = self._sessions.get(token_hash)
        return found if found is not None and found.expires_at > now else None

    async def keep_true(self, feed: Feed, store: Store, now: Callable[[], int]) -> None:
        """Forget who may not any more, as soon as any hub has written so; until cancelled."""
        async for _ in feed.follow_batches(lambda event: event.type == EventType.RIGHTS_CHANGED, None):
            for token_hash in list(self._sessions):
                try:
                    found = await store.read(_lookup(token_hash, now()))
                except Unavailable:
                    log.warning("remembered sessions cannot be looked up; they are forgotten")
                    self._sessions.clear()
                    break
                if found is None:
                    self.forget(token_hash)
                else:
                    self._sessions[token_hash] = found


def _lookup(token_hash: str, now: int) -> Callable[[Reader], Session | None]:
    return lambda read: read.session(token_hash, now)
