"""In front of every request: headers for browsers, a limit for bodies, the hosts we answer for."""

from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MAX_BODY_BYTES: Final = 1024 * 1024
# where files are sent: the end of the path → its limit
FILES: Final[Mapping[str, int]] = {
    "/broadcasts/recordings": 21 * 1024 * 1024,
    "/import": 24 * 1024 * 1024,
    "/import/check": 24 * 1024 * 1024,
}
LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "[::1]"})
CSP: Final = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "media-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS: Final = {
    "content-security-policy": CSP,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}
HSTS: Final = "max-age=31536000"


class SecurityHeaders:
    """Adds the headers above to every response, and keeps personal data out of caches."""

    def __init__(self, app: ASGIApp, *, secure: bool) -> None:
        self._app = app
        self._headers = HEADERS | ({"strict-transport-security": HSTS} if secure else {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
                headers.setdefault("cache-control", "no-store")
            await send(message)

        await self._app(scope, receive, send_with_headers)


class BodyLimit:
    """Refuses bodies of more than `limit` bytes (413), whether they announce their length or not.

    `files` are the paths, by their ends, that take more.
    """

    def __init__(
        self, app: ASGIApp, *, limit: int = MAX_BODY_BYTES, files: Mapping[str, int] = FILES
    ) -> None:
        self._app = app
        self._limit = limit
        self._files = files

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit = self._limit_of(scope["path"])
        announced = Headers(scope=scope).get("content-length", "0")
        if not announced.isdecimal() or int(announced) > limit:
            await refuse(send, 413, "body-too-long")
            return
        counted = _Counted(receive, send, limit)
        try:
            await self._app(scope, counted.receive, counted.send)
        except ClientDisconnect:
            if not counted.is_over:
                raise
        if counted.is_over:
            await refuse(send, 413, "body-too-long")

    def _limit_of(self, path: str) -> int:
        return next((limit for end, limit in self._files.items() if path.endswith(end)), self._limit)


class _Counted:
    """One request's body, counted; past the limit the application sees its client leave and is not heard."""

    def __init__(self, receive: Receive, send: Send, limit: int) -> None:
        self._receive = receive
        self._send = send
        self._left = limit

    @property
    def is_over(self) -> bool:
        return self._left < 0

    async def receive(self) -> Message:
        message = await self._receive()
        self._left -= len(message.get("body", b""))
        return {"type": "http.disconnect"} if self.is_over else message

    async def send(self, message: Message) -> None:
        if not self.is_over:
            await self._send(message)


class KnownHosts:
    """Answers for our own names alone: a foreign name pointed at us (DNS rebinding) reaches nothing."""

    def __init__(self, app: ASGIApp, *, public_url: str | None) -> None:
        self._app = app
        host = urlsplit(public_url).hostname if public_url else None
        self._names = LOOPBACK | {host} if host else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] == "http" and self._names is not None:
            host = Headers(scope=scope).get("host", "").lower()
            name = host if host.endswith("]") else host.rpartition(":")[0] or host
            if name not in self._names:
                await refuse(send, 421, "host-unknown")
                return
        await self._app(scope, receive, send)


async def refuse(send: Send, status: int, kind: str) -> None:
    """A bare problem document, before there is anybody to translate for."""
    body = b'{"type":"%b","status":%d}' % (kind.encode(), status)
    headers = [(b"content-type", b"application/problem+json"), (b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
