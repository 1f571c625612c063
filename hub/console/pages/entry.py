"""The way in: the front door, signing in, and the choice of language."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from hub.console.api.session import open_session, set_cookies
from hub.console.auth import check_origin, find_session
from hub.console.context import Context
from hub.console.language import KNOWN, LANGUAGE_COOKIE, language_of
from hub.console.pages.demo import shows_demo
from hub.console.pages.rendering import render
from hub.console.pages.route import PageRoute, PageSession
from hub.console.problems import HttpProblem
from hub.domain.people import Role

router = APIRouter(route_class=PageRoute)
FRONT_DOOR = "/"
DESK = "/desk"
HOMES = {Role.VILLAGE_ADMIN: "/broadcasts"}
YEAR_S = 365 * 86_400


@router.get("/")
async def front_door(session: PageSession) -> Response:
    """Each comes to what they are here for: village admins to broadcasts, all others to the desk."""
    return RedirectResponse(HOMES.get(session.user.role, DESK), 303)


@router.get("/sign-in")
async def sign_in_page(request: Request, next: str = FRONT_DOOR, ended: bool = False) -> Response:  # noqa: A002
    """The sign-in page; straight on for those who are signed in."""
    if await find_session(request) is not None:
        return RedirectResponse(local(next), 303)
    return _page(request, local(next), ended=ended)


@router.post("/sign-in")
async def sign_in(
    request: Request,
    context: Context,
    username: Annotated[str, Form(max_length=64)],
    password: Annotated[str, Form(max_length=1024)],
    next: Annotated[str, Form()] = FRONT_DOOR,  # noqa: A002
) -> Response:
    """Sign in, or say why not, on the same page."""
    check_origin(request)
    try:
        _, token, browser = await open_session(context, request, username, password)
    except HttpProblem as problem:
        wrong = context.phrases.say(language_of(request), problem.code, **problem.params)
        return _page(request, local(next), username=username, wrong=wrong, status=problem.status)
    response = RedirectResponse(local(next), 303)
    set_cookies(response, request, token, browser)
    return response


@router.get("/language/{lang}")
async def choose_language(lang: str, context: Context, next: str = DESK) -> Response:  # noqa: A002
    """Keep the choice for a year, and go back."""
    response = RedirectResponse(local(next), 303)
    if lang in KNOWN:
        response.set_cookie(
            LANGUAGE_COOKIE, lang, max_age=YEAR_S, samesite="lax", httponly=True, secure=context.secure
        )
    return response


def local(path: str) -> str:
    """`path` when it is one of ours, else the desk: a link to us never leads elsewhere."""
    inside = path.startswith("/") and not path.startswith(("//", "/\\"))
    return path if inside and path.isprintable() else DESK


def _page(
    request: Request,
    onward: str,
    *,
    username: str = "",
    wrong: str = "",
    ended: bool = False,
    status: int = 200,
) -> Response:
    return render(
        request,
        "sign_in.html",
        status=status,
        onward=onward,
        username=username,
        wrong=wrong,
        ended=ended,
        demo=shows_demo(request),
    )
