"""Sessions that are remembered for silence: until their end, or until somebody's rights change."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import TypeVar, cast

import pytest

from hub.console.remembered import RememberedSessions
from hub.domain.errors import Unavailable
from hub.domain.events import Event, EventType
from hub.domain.sessions import Session
from hub.ports import Reader, Store
from tests.stores import OPERATOR, VILLAGE_ADMIN

T = TypeVar("T")
ONE = Session(token_hash="one", csrf="c", user=OPERATOR, expires_at=100)
OTHER = Session(token_hash="other", csrf="c", user=VILLAGE_ADMIN, expires_at=100)
CHANGE = Event(
    id=1, type=EventType.RIGHTS_CHANGED.value, at=1, call_id=None, area="", clinic=None, data=b"{}"
)


class Rights:
    """A feed of one change, and a table of sessions."""

    def __init__(self, *sessions: Session) -> None:
        self.sessions = {session.token_hash: session for session in sessions}
        self.away = False

    async def follow_batches(
        self, sees: Callable[[Event], bool], after: int | None
    ) -> AsyncIterator[list[Event]]:
        assert sees(CHANGE)
        assert after is None
        yield [CHANGE]

    async def read(self, query: Callable[[Reader], T]) -> T:
        if self.away:
            raise Unavailable("store-away")
        return query(cast("Reader", self))

    def session(self, token_hash: str, _now: int) -> Session | None:
        return self.sessions.get(token_hash)


@pytest.fixture
def remembered() -> RememberedSessions:
    made = RememberedSessions()
    made.remember(ONE)
    made.remember(OTHER)
    return made


def test_a_session_is_known_until_its_end(remembered: RememberedSessions) -> None:
    assert remembered.get("one", 99) == ONE
    assert remembered.get("one", 100) is None
    remembered.forget("other")
    assert remembered.get("other", 1) is None


async def test_when_rights_change_each_is_looked_up_again(remembered: RememberedSessions) -> None:
    rights = Rights(ONE)
    await remembered.keep_true(rights, cast("Store", rights), lambda: 1)
    assert remembered.get("one", 1) == ONE
    assert remembered.get("other", 1) is None


async def test_in_doubt_nobody_is_remembered(remembered: RememberedSessions) -> None:
    rights = Rights(ONE, OTHER)
    rights.away = True
    await asyncio.wait_for(remembered.keep_true(rights, cast("Store", rights), lambda: 1), 10)
    assert remembered.get("one", 1) is None
