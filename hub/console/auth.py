"""Who asks, and whether they may: sessions in a cookie (with CSRF protection), tokens in Authorization."""

import hashlib
import hmac
import secrets
from typing import Annotated, Final
from urllib.parse import urlsplit

from fastapi import Depends, Request
from starlette.responses import Response

from hub.console.context import context_of
from hub.console.problems import HttpProblem, is_for_a_person
from hub.domain.errors import Denied
from hub.domain.people import Role, User
from hub.domain.sessions import SESSION_MS, Session, TokenScope

COOKIE: Final = "xiangyin_session"
SECURE_COOKIE: Final = "__Host-xiangyin_session"  # the prefix forbids Domain and demands Secure (RFC 6265bis)
CSRF_HEADER: Final = "x-csrf-token"
LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})
SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
CHALLENGE: Final = {"www-authenticate": 'Bearer realm="xiangyin"'}


def new_token() -> str:
    """256 random bits, URL-safe."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """What is stored of a token: whoever reads the database cannot sign in with it."""
    return hashlib.sha256(token.encode()).hexdigest()


def presented_token(request: Request) -> str | None:
    """The token that came with `request`; Authorization counts before the cookie."""
    scheme, _, bearer = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return bearer.strip()
    return request.cookies.get(cookie_name(request))


async def find_session(request: Request) -> Session | None:
    """The session that `request` belongs to; None when there is none or it has ended."""
    token = presented_token(request)
    if not token:
        return None
    context = context_of(request)
    hashed, now = token_hash(token), context.clock.now()
    found = await context.store.read(lambda read: read.session(hashed, now))
    if found is None:
        context.remembered.forget(hashed)
    else:
        context.remembered.remember(found)
    return found


async def current_session(request: Request) -> Session:
    """The session of `request`; 401 without one, 403 for a change that another site may have sent."""
    session = await find_session(request)
    if session is None:
        raise HttpProblem(401, "sign-in-needed", CHALLENGE)
    if request.method not in SAFE_METHODS:
        check_csrf(request, session)
    return session


async def current_user(session: Annotated[Session, Depends(current_session)]) -> User:
    """The user of `request`, under the same conditions."""
    return session.user


def check_csrf(request: Request, session: Session) -> None:
    """Denied unless the request proves that our own page, or a program with its token, sent it."""
    if not session.is_browser:
        return
    check_origin(request)
    sent = request.headers.get(CSRF_HEADER, "")
    if not hmac.compare_digest(sent.encode(), session.csrf.encode()):
        raise Denied("csrf-wrong" if is_for_a_person(request) else "csrf-missing")


def check_origin(request: Request) -> None:
    """Denied when the browser says that another site's page sent the request."""
    origin = request.headers.get("origin")
    if origin is not None and urlsplit(origin).netloc != request.headers.get("host"):
        raise Denied("csrf-wrong")
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise Denied("csrf-wrong")


def require_scope(session: Session, scope: TokenScope) -> None:
    """Denied when a token was not given `scope`; a signed-in person has all."""
    if scope not in session.scopes:
        raise Denied("token-scope", scope=scope.value)


async def _reader(session: Annotated[Session, Depends(current_session)]) -> User:
    require_scope(session, TokenScope.READ)
    return session.user


async def _handler(session: Annotated[Session, Depends(current_session)]) -> User:
    require_scope(session, TokenScope.CALLS)
    return session.user


async def _broadcaster(session: Annotated[Session, Depends(current_session)]) -> User:
    require_scope(session, TokenScope.BROADCASTS)
    return session.user


async def _admin(session: Annotated[Session, Depends(current_session)]) -> User:
    require_scope(session, TokenScope.ADMIN)
    if session.user.role is not Role.COUNTY_ADMIN:
        raise Denied("admins-only")
    return session.user


async def _keeper(session: Annotated[Session, Depends(current_session)]) -> User:
    """Who keeps something of the county's own data; what, the services decide."""
    require_scope(session, TokenScope.ADMIN)
    return session.user


async def _person(session: Annotated[Session, Depends(current_session)]) -> Session:
    """A person at a browser: what a token may never do, such as making more tokens."""
    if not session.is_browser:
        raise Denied("people-only")
    return session


CurrentSession = Annotated[Session, Depends(current_session)]
CurrentUser = Annotated[User, Depends(current_user)]
ReadingUser = Annotated[User, Depends(_reader)]
CallUser = Annotated[User, Depends(_handler)]
BroadcastUser = Annotated[User, Depends(_broadcaster)]
AdminUser = Annotated[User, Depends(_admin)]
KeepingUser = Annotated[User, Depends(_keeper)]
PersonSession = Annotated[Session, Depends(_person)]


def is_secure(request: Request) -> bool:
    """Whether cookies may say Secure: always, but for a plain request from this very machine."""
    if request.url.scheme == "https":
        return True
    return context_of(request).secure and request.url.hostname not in LOOPBACK


def cookie_name(request: Request) -> str:
    """The session cookie's name."""
    return SECURE_COOKIE if is_secure(request) else COOKIE


def set_cookie(response: Response, request: Request, token: str) -> None:
    """Give the browser its session: no script reads it, no other site's form sends it.

    Lax, not strict: a link in a message must open signed in; changes need the CSRF token besides.
    """
    response.set_cookie(
        cookie_name(request),
        token,
        max_age=SESSION_MS // 1000,
        path="/",
        secure=is_secure(request),
        httponly=True,
        samesite="lax",
    )


def clear_cookie(response: Response, request: Request) -> None:
    """Take the session cookie back."""
    response.delete_cookie(
        cookie_name(request), path="/", secure=is_secure(request), httponly=True, samesite="lax"
    )
