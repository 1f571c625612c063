"""Pages of the demo county: its sign-ins, and the notices that would have gone to people."""

import asyncio
from ipaddress import ip_address
from pathlib import Path

import msgspec
from fastapi import APIRouter, Request
from fastapi.responses import Response

from hub.console.auth import LOOPBACK
from hub.console.context import Context, context_of
from hub.console.pages.rendering import render
from hub.console.pages.route import PageRoute, PageSession
from hub.console.problems import HttpProblem
from hub.domain.people import Role
from hub.i18n.program import program

router = APIRouter(prefix="/demo", route_class=PageRoute)
NOTICES_SHOWN = 200


class Login(msgspec.Struct, frozen=True):
    """One account of the demo; `id` only for the button."""

    username: str
    password: str
    id: str = ""


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """A person's account on the page: `who` is their key in the file."""

    who: str
    username: str
    password: str


@router.get("")
async def sign_ins(request: Request, context: Context) -> Response:
    """Who can sign in to the demo county, for those who sit at this machine."""
    if context.demo_logins is None or not shows_demo(request):
        raise HttpProblem(404, "page-unknown")
    logins = await asyncio.to_thread(read_logins, context.demo_logins)
    device = logins.pop("device", None)
    people = [Shown(who=who, username=one.username, password=one.password) for who, one in logins.items()]
    return render(request, "demo.html", logins=people, device=device, program=program())


@router.get("/outbox")
async def outbox(request: Request, context: Context, session: PageSession) -> Response:
    """What would have gone to people outside."""
    is_county = session.user.role is Role.COUNTY_ADMIN
    if context.demo_logins is None or not (is_county or shows_demo(request)):
        raise HttpProblem(404, "page-unknown")  # the notices name residents of every town
    notices = await context.store.read(lambda read: read.notices(NOTICES_SHOWN))
    return render(request, "outbox.html", notices=notices, user=session.user)


def read_logins(file: Path) -> dict[str, Login]:
    """The file's entries by who they are for; none while the demo county is being made."""
    try:
        return msgspec.json.decode(file.read_bytes(), type=dict[str, Login])
    except FileNotFoundError:
        return {}


def shows_demo(request: Request) -> bool:
    """Whether there is a demo county and the asker sits at this machine: its sign-ins are shown nowhere else.

    A foreign name pointed at this machine (DNS rebinding) is another site's page asking.
    """
    if context_of(request).demo_logins is None or request.client is None:
        return False
    if request.url.hostname not in LOOPBACK:
        return False
    try:
        return ip_address(request.client.host).is_loopback
    except ValueError:
        return False
