"""Errors as RFC 9457 problem documents: kind → status here and nowhere else, sentences from the catalogue."""

import asyncio
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Final, Protocol

import msgspec
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from broadcast.errors import BroadcastError
from hub.console.context import context_of
from hub.console.language import language_of
from hub.domain.errors import Fault, Faulty, HubError, Kind
from hub.i18n.phrases import Param
from hub.services.importing import ImportWrong

MEDIA_TYPE: Final = "application/problem+json"
STATUS: Final[Mapping[Kind, int]] = {
    "invalid": 422,
    "denied": 403,
    "not_found": 404,
    "conflict": 409,
    "unavailable": 503,
}
# the contract's names, where they differ from the sentence's id
TYPES: Final = {
    "call-held": "held",
    "call-closed": "closed",
    "call-wrong-state": "wrong-state",
    "csrf-missing": "csrf-wrong",
}
RETRY_AFTER_S: Final = 2
# of validation errors, by pydantic's type; all others read "field-wrong"
PROGRAMS: Final = ("/api/", "/a/", "/static/")
FIELD_SENTENCES: Final = {"missing": "field-missing", "extra_forbidden": "field-unknown"}


class HttpProblem(Exception):
    """A refusal that is HTTP's own business: 401, 413, 421, 429. `code` is the id of its sentence."""

    def __init__(
        self, status: int, code: str, headers: Mapping[str, str] | None = None, **params: str | int
    ) -> None:
        super().__init__(f"{status} {code} {params}")
        self.status = status
        self.code = code
        self.headers = dict(headers or {})
        self.params = params


class FieldProblem(msgspec.Struct, frozen=True, omit_defaults=True):
    """One field of a request that is wrong: where, and why; `line` in a file. No field: the whole line."""

    field: str
    reason: str
    line: int | None = None


def problem(
    request: Request,
    status: int,
    code: str,
    params: Mapping[str, str | int | float] | None = None,
    *,
    headers: Mapping[str, str] | None = None,
    errors: tuple[FieldProblem, ...] = (),
) -> Response:
    """`{"type","title","status", …params, "errors"?}`: `type` a stable word, `title` a sentence to show."""
    named = dict(params or {})
    title = context_of(request).phrases.say(language_of(request), code, **named)
    body: dict[str, object] = {"type": TYPES.get(code, code), "title": title, "status": status, **named}
    if errors:
        body["errors"] = errors
    return Response(msgspec.json.encode(body), status, headers=headers, media_type=MEDIA_TYPE)


class ShowError(Protocol):
    """How an error looks to a person (`hub.console.pages.route.error_page`)."""

    def __call__(
        self, request: Request, status: int, code: str, params: Mapping[str, Param], /
    ) -> Response: ...


def install(app: FastAPI, show: ShowError | None = None) -> None:
    """Answer every error of `app` with a problem document; where a person looks at pages, by `show`."""
    app.add_exception_handler(HubError, _hub_error)
    app.add_exception_handler(BroadcastError, _broadcast_error)
    app.add_exception_handler(HttpProblem, _http_problem)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, partial(_http_exception, show))
    app.add_exception_handler(Exception, partial(_unexpected, show))


async def _hub_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HubError)  # noqa: S101 -- as registered
    headers = {"retry-after": str(RETRY_AFTER_S)} if error.kind == "unavailable" else None
    errors: tuple[FieldProblem, ...] = ()
    if isinstance(error, Faulty):
        errors = _told(request, [(fault, None) for fault in error.faults])
    elif isinstance(error, ImportWrong):
        # a file may have twenty thousand wrong lines, and their sentences take a second
        errors = await asyncio.to_thread(_told, request, [(one.fault, one.line) for one in error.faults])
    return problem(request, STATUS[error.kind], error.code, error.params, headers=headers, errors=errors)


def _told(request: Request, faults: Sequence[tuple[Fault, int | None]]) -> tuple[FieldProblem, ...]:
    say, lang = context_of(request).phrases.say, language_of(request)
    return tuple(FieldProblem(one.field, say(lang, one.code, **one.params), line) for one, line in faults)


async def _broadcast_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, BroadcastError)  # noqa: S101 -- as registered
    kind: Kind = error.kind.value
    headers = {"retry-after": str(RETRY_AFTER_S)} if kind == "unavailable" else None
    return problem(request, STATUS[kind], error.problem.value, error.values, headers=headers)


async def _http_problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, HttpProblem)  # noqa: S101 -- as registered
    return problem(request, error.status, error.code, error.params, headers=error.headers)


async def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101 -- as registered
    say, lang = context_of(request).phrases.say, language_of(request)
    found = []
    for fault in error.errors():
        sentence = FIELD_SENTENCES.get(fault["type"], "field-wrong")
        field = ".".join(str(step) for step in fault["loc"][1:]) or str(fault["loc"][0])
        found.append(FieldProblem(field, say(lang, sentence, field=field)))
    return problem(request, STATUS["invalid"], "request-invalid", errors=tuple(found))


async def _http_exception(show: ShowError | None, request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 -- as registered
    code = {404: "page-unknown", 405: "method-unknown"}.get(error.status_code, "request-refused")
    if show is not None and is_for_a_person(request):
        return show(request, error.status_code, code, {})
    return problem(request, error.status_code, code, headers=error.headers)


async def _unexpected(show: ShowError | None, request: Request, _error: Exception) -> Response:
    """A fault of ours; the server logs it."""
    if show is not None and is_for_a_person(request):
        return show(request, 500, "internal-error", {})
    return problem(request, 500, "internal-error")


def is_for_a_person(request: Request) -> bool:
    """Whether a browser shows the answer to somebody: it asks for HTML, and for no path of programs."""
    path = request.url.path
    if path.startswith(PROGRAMS):
        return False
    return "hx-request" in request.headers or "text/html" in request.headers.get("accept", "")
