"""Who asks for what must work without the database: known from it, or, while it is away, from what we have seen.

Two things must: silence, and the stream on which a press shows that cannot be recorded.
"""

import asyncio
import contextlib
from typing import Annotated, Final

from fastapi import Depends, Request

from hub.console.auth import CHALLENGE, SAFE_METHODS, check_csrf, find_session, presented_token, token_hash
from hub.console.context import context_of
from hub.console.problems import HttpProblem
from hub.domain.errors import Unavailable
from hub.domain.sessions import Session

PATIENCE_S: Final = 0.5


async def patient_session(request: Request) -> Session:
    """As `current_session`. Unavailable: the database is away, and this process has never seen them."""
    session = await _session(request)
    if session is None:
        raise HttpProblem(401, "sign-in-needed", CHALLENGE)
    if request.method not in SAFE_METHODS:
        check_csrf(request, session)
    return session


async def _session(request: Request) -> Session | None:
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


PatientSession = Annotated[Session, Depends(patient_session)]
