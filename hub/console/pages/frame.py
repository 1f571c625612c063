"""The frame around every page that is no desk: whose place it is, and the ways to the other pages."""

from fastapi import Request
from fastapi.responses import Response

from hub.console.context import ConsoleContext, context_of
from hub.console.language import language_of
from hub.console.pages.reading import read_home
from hub.console.pages.rendering import render
from hub.domain.people import User
from hub.domain.sessions import Session


async def show_page(request: Request, session: Session, template: str, **values: object) -> Response:
    """`template`, which extends page.html, with `values`, for the one who is signed in.

    A mapping `data` among them becomes data-… of the body, for the page's script.
    """
    context, user = context_of(request), session.user
    home = await context.store.read(lambda read: read_home(read, user, read.area_names()))
    center = center_name(request, context, user, home)
    return render(request, template, values=values, user=user, csrf=session.csrf, center=center)


def center_name(request: Request, context: ConsoleContext, user: User, home: str) -> str:
    """What the user's place calls itself on the screen and on the telephone; `home`: its area by name."""
    return context.phrases.say(language_of(request), f"center-{user.role.value.replace('_', '-')}", area=home)
