"""POSTs: one command in one transaction; sent twice under one Idempotency-Key, it is done once."""

import hashlib
from collections.abc import Callable
from typing import Annotated, Final

import msgspec
from fastapi import Depends, Header, Request
from starlette.responses import Response

from hub.console.api.answers import encode, raw_response
from hub.console.auth import CurrentSession
from hub.console.context import ConsoleContext, context_of
from hub.domain.accounts import Kept
from hub.ports import Transaction
from hub.services.accounts import Asked, answered, once

KEY_PATTERN: Final = r"^[\x21-\x7e]{1,128}$"
IdempotencyKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        pattern=KEY_PATTERN,
        description="Any words of your own; the same request under the same key within 24 h is done once.",
    ),
]


class Doing:
    """Runs the one command of a request and answers with its value."""

    def __init__(self, context: ConsoleContext, asked: Asked) -> None:
        self.context = context
        self.asked = asked
        self.now = context.clock.now()

    def under(self, owner: str) -> "Doing":
        """The same, its key belonging to `owner` instead of to the user."""
        return Doing(self.context, msgspec.structs.replace(self.asked, owner=owner))

    async def do(self, command: Callable[[Transaction, int], object], status: int = 200) -> Response:
        """The JSON of what `command` returns, once it is committed; of None: no body."""
        kept = await self.keep(command, status)
        return raw_response(kept.body, kept.status)

    async def before(self) -> Response | None:
        """The answer that this request got when it came first; for work that must not even be tried twice."""
        kept = await self.kept()
        return None if kept is None else raw_response(kept.body, kept.status)

    async def kept(self) -> Kept | None:
        """As `before`; the answer as it is kept."""
        asked = self.asked
        if asked.key is None:
            return None
        return await self.context.store.run(lambda tx: answered(tx, asked, self.now))

    async def keep(self, command: Callable[[Transaction, int], object], status: int) -> Kept:
        """As `do`; the answer as it is kept."""

        def work(tx: Transaction) -> Kept:
            value = command(tx, self.now)
            body = b"" if value is None else encode(value)
            status_now = 204 if value is None else status
            return Kept(fingerprint=self.asked.fingerprint, status=status_now, body=body)

        return await self.context.store.run(lambda tx: once(tx, self.asked, self.now, lambda: work(tx)))


async def _doing(request: Request, session: CurrentSession, key: IdempotencyKey = None) -> Doing:
    seen = hashlib.sha256(f"{request.method} {request.url.path}\n".encode())
    seen.update(await request.body())
    asked = Asked(owner=session.user.id, key=key, fingerprint=seen.hexdigest())
    return Doing(context_of(request), asked)


Does = Annotated[Doing, Depends(_doing)]
