"""Signing in and out."""

import math
from typing import Annotated, Final

import msgspec
from fastapi import APIRouter, Request
from pydantic import Field
from starlette.responses import Response

from hub.console.api.answers import answers, json_response
from hub.console.api.bodies import Body, Line
from hub.console.auth import (
    CurrentSession,
    PersonSession,
    check_origin,
    clear_cookie,
    is_secure,
    new_token,
    set_cookie,
    token_hash,
)
from hub.console.context import ConsoleContext, Context
from hub.console.problems import HttpProblem
from hub.domain.people import User
from hub.domain.sessions import Session
from hub.passwords import MAX_LENGTH
from hub.services import accounts

router = APIRouter(prefix="/session", tags=["session"])
BROWSER_COOKIE: Final = "xiangyin_browser"
BROWSER_COOKIE_S: Final = 180 * 86_400


class SignInBody(Body):
    """A user name and its password."""

    username: Line
    password: Annotated[str, Field(max_length=MAX_LENGTH)]


class SignedIn(msgspec.Struct, frozen=True, kw_only=True):
    """Send `csrf` as X-CSRF-Token with every change; empty for a token, which needs none."""

    csrf: str
    user: User
    expires_at: int


@router.post(
    "", responses=answers(SignedIn, "Signed in; the session is in the cookie"), response_class=Response
)
async def sign_in(body: SignInBody, request: Request, context: Context) -> Response:
    """Sign in. 401 when name or password is wrong, whichever; 429 when it was tried too often."""
    check_origin(request)
    session, token, browser = await open_session(context, request, body.username, body.password)
    response = json_response(_signed_in(session))
    set_cookies(response, request, token, browser)
    return response


@router.get("", responses=answers(SignedIn, "Who is signed in"), response_class=Response)
async def get_session(session: CurrentSession) -> Response:
    """Who asks, until when."""
    return json_response(_signed_in(session))


@router.delete("", responses=answers(None, "Signed out", 204), response_class=Response, status_code=204)
async def sign_out(request: Request, context: Context, session: PersonSession) -> Response:
    """Sign out; every live view of this session ends."""
    now = context.clock.now()
    await context.store.run(lambda tx: accounts.sign_out(tx, session, now))
    context.remembered.forget(session.token_hash)
    response = Response(status_code=204)
    clear_cookie(response, request)
    return response


async def open_session(
    context: ConsoleContext, request: Request, username: str, password: str
) -> tuple[Session, str, str]:
    """(session, its token, the cookie that makes this browser known) for a right password; also for pages.

    HttpProblem 401 sign-in-wrong, 429 sign-in-often.
    """
    address = "" if request.client is None else request.client.host
    browser = request.cookies.get(BROWSER_COOKIE)
    now = context.clock.now()
    wait_ms = context.throttle.admit(username, address, browser, now)
    if wait_ms:
        wait_s = math.ceil(wait_ms / 1000)
        raise HttpProblem(429, "sign-in-often", {"retry-after": str(wait_s)}, seconds=wait_s)
    account = await context.store.read(lambda read: read.account(username))
    usable = account if account is not None and account.disabled_at is None else None
    hashed = None if usable is None else usable.password_hash
    if not await context.passwords.verify(password, hashed) or usable is None:
        raise HttpProblem(401, "sign-in-wrong")
    token, csrf = new_token(), new_token()
    session = await context.store.run(
        lambda tx: accounts.sign_in(tx, usable.user.id, token_hash(token), csrf, now)
    )
    return session, token, context.throttle.succeeded(username, address, browser, now)


def set_cookies(response: Response, request: Request, token: str, browser: str) -> None:
    """The session, and the mark of a browser that its user has signed in with."""
    set_cookie(response, request, token)
    response.set_cookie(
        BROWSER_COOKIE,
        browser,
        max_age=BROWSER_COOKIE_S,
        path="/",
        secure=is_secure(request),
        httponly=True,
        samesite="lax",
    )


def _signed_in(session: Session) -> SignedIn:
    return SignedIn(csrf=session.csrf, user=session.user, expires_at=session.expires_at)
