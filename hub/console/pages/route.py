"""How pages fail: a sentence on the desk, a page of its own, or the way back to signing in."""

from collections.abc import Callable, Coroutine, Mapping
from typing import Annotated
from urllib.parse import quote

from fastapi import Depends, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse, Response
from fastapi.routing import APIRoute

from broadcast.errors import BroadcastError
from hub.console.auth import current_session
from hub.console.context import context_of
from hub.console.language import language_of
from hub.console.pages.rendering import render
from hub.console.problems import STATUS, HttpProblem
from hub.domain.errors import HubError
from hub.domain.sessions import Session
from hub.i18n.phrases import Param

Handler = Callable[[Request], Coroutine[None, None, Response]]


class PageRoute(APIRoute):
    """Answers the hub's errors with HTML where the API answers with problem documents."""

    def get_route_handler(self) -> Handler:
        """The handler, wrapped."""
        inner = super().get_route_handler()

        async def handle(request: Request) -> Response:
            try:
                return await inner(request)
            except HttpProblem as problem:
                if problem.status == 401:
                    return _to_sign_in(request)
                return error_page(request, problem.status, problem.code, problem.params)
            except HubError as error:
                return error_page(request, STATUS[error.kind], error.code, error.params)
            except BroadcastError as error:
                return error_page(request, STATUS[error.kind.value], error.problem.value, error.values)
            except RequestValidationError as error:
                field = ".".join(str(step) for step in error.errors()[0]["loc"][1:])
                return error_page(request, STATUS["invalid"], "field-wrong", {"field": field})

        return handle


async def _page_session(session: Annotated[Session, Depends(current_session)]) -> Session:
    return session


PageSession = Annotated[Session, Depends(_page_session)]


def is_fragment(request: Request) -> bool:
    """Whether htmx asks, for a part of a page that is already there."""
    return "hx-request" in request.headers


def _to_sign_in(request: Request) -> Response:
    if is_fragment(request):
        return Response(status_code=401, headers={"hx-redirect": "/sign-in?ended=1"})
    return RedirectResponse(f"/sign-in?next={quote(request.url.path)}", 303)


def error_page(request: Request, status: int, code: str, params: Mapping[str, Param]) -> Response:
    """The sentence `code`: on the page that is there, when htmx asked; else on a page with a way back."""
    sentence = context_of(request).phrases.say(language_of(request), code, **params)
    if is_fragment(request):
        headers = {"hx-retarget": "#toast", "hx-reswap": "innerHTML"}
        return render(request, "fragments/toast.html", status=status, headers=headers, sentence=sentence)
    return render(
        request, "error.html", status=status, sentence=sentence, away=status == STATUS["unavailable"]
    )
