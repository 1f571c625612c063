"""Who asks for silence: known from the database, or, while that is away, from what this process has seen."""

import asyncio
import contextlib
from typing import Annotated, Final

from fastapi import Depends, Request

from hub.console.auth import (
    CHALLENGE,
    SAFE_METHODS,
    check_csrf,
    find_session,
    presented_token,
    require_scope,
    token_hash,
)
from hub.console.context import context_of
from hub.console.problems import HttpProblem
from hub.domain.errors import Unavailable
from hub.domain.people import User
from hub.domain.sessions import Session, TokenScope

PATIENCE_S: Final = 0.5


async def _stopping_session(request: Request) -> Session:
    session = await _session(request)
    if session is None:
        raise HttpProblem(401, "sign-in-needed", CHALLENGE)
    if request.method not in SAFE_METHODS:
        check_csrf(request, session)
    require_scope(session, TokenScope.BROADCASTS)
    return session


async def _session(request: Request) -> Session | None:
    """Unavailable: the database is away, and this process has never seen them."""
    context, token = context_of(request), presented_token(request)
    if not token:
        return None
    with contextlib.suppress(Unavailable, TimeoutError):
        async with asyncio.timeout(PATIENCE_S):
            return await find_session(request)
    known = context.remembered.get(token_hash(token), context.clock.now())
    if known is None:
        raise Unavailable("store-away")
    return known


StoppingSession = Annotated[Session, Depends(_stopping_session)]


async def _stopping_user(session: StoppingSession) -> User:
    return session.user


StoppingUser = Annotated[User, Depends(_stopping_user)]
