"""Tokens: the rights of a person, lent to a program for a time."""

import hashlib
import hmac
from typing import Annotated

import msgspec
from fastapi import APIRouter, Request
from pydantic import Field
from starlette.responses import Response

from hub.console.api.answers import answers, json_response
from hub.console.api.bodies import Body, Id, Line, Millis
from hub.console.api.doing import Does
from hub.console.auth import PersonSession, new_token, presented_token, token_hash
from hub.console.context import Context
from hub.domain.sessions import TOKEN_MS, ApiToken, TokenScope
from hub.ports import Transaction
from hub.services import accounts

router = APIRouter(prefix="/tokens", tags=["tokens"])


class TokenBody(Body):
    """A name to know it by. Without `scopes` it may all that its user may, without `expires_at` 90 days."""

    name: Annotated[Line, Field(min_length=1)]
    scopes: frozenset[TokenScope] = frozenset(TokenScope)
    expires_at: Millis | None = None


class Tokens(msgspec.Struct, frozen=True, kw_only=True):
    """The user's tokens, newest first."""

    items: tuple[ApiToken, ...]


class NewToken(ApiToken, frozen=True, kw_only=True):
    """A token, shown this once."""

    token: str


@router.get("", responses=answers(Tokens, "The user's tokens"), response_class=Response)
async def list_tokens(context: Context, session: PersonSession) -> Response:
    """Names, scopes and ends; never the tokens themselves."""
    found = await context.store.read(lambda read: read.tokens(session.user.id))
    return json_response(Tokens(items=tuple(found)))


@router.post("", responses=answers(NewToken, "The token, shown this once", 201), response_class=Response)
async def make_token(body: TokenBody, request: Request, session: PersonSession, doing: Does) -> Response:
    """Make a token; the bearer may do what the user may, within its scopes, until its end."""
    secret = _secret(request, doing.asked.key)
    scopes = tuple(sorted(body.scopes))

    def make(tx: Transaction, now: int) -> ApiToken:
        end = now + TOKEN_MS if body.expires_at is None else body.expires_at
        token = ApiToken(
            id=tx.new_id("t", now), name=body.name, scopes=scopes, created_at=now, expires_at=end
        )
        return accounts.make_token(tx, token, token_hash(secret), session.user, now)

    # the key belongs to this session, whose secret the token comes from
    kept = await doing.under(f"session:{session.token_hash}").keep(make, 201)
    token = msgspec.json.decode(kept.body, type=ApiToken)
    return json_response(NewToken(**msgspec.structs.asdict(token), token=secret), kept.status)


@router.delete("/{token_id}", responses=answers(None, "Ended", 204), response_class=Response, status_code=204)
async def end_token(token_id: Id, context: Context, session: PersonSession) -> Response:
    """Take a token back; what it has open ends."""
    now = context.clock.now()
    await context.store.run(lambda tx: accounts.end_token(tx, token_id, session.user, now))
    return Response(status_code=204)


def _secret(request: Request, key: str | None) -> str:
    """A new token. Under an Idempotency-Key it comes from the session's own secret and the key.

    So the same request gives the same token again, and still none is ever stored.
    """
    if key is None:
        return new_token()
    mine = presented_token(request) or ""
    return "k" + hmac.new(mine.encode(), f"token {key}".encode(), hashlib.sha256).hexdigest()
