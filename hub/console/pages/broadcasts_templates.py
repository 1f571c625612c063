"""The county's templates of broadcasts: seen by whoever writes broadcasts, kept by county admins."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from broadcast.domain.priorities import Category
from broadcast.domain.spoken import LONGEST_TEXT
from broadcast.domain.templates import NAME_LIMIT, Template
from broadcast.errors import BroadcastError
from hub.console.api.bodies import NO_NUL
from hub.console.auth import AdminUser
from hub.console.context import Context
from hub.console.pages.broadcasts_form import fault_of
from hub.console.pages.frame import show_page
from hub.console.pages.rendering import render
from hub.console.pages.route import PageRoute, PageSession
from hub.domain.broadcast_rights import author_of
from hub.domain.errors import Fault
from hub.domain.people import may_keep_register
from hub.services import templates
from hub.services.templates import TemplateChange

router = APIRouter(prefix="/broadcasts/templates", route_class=PageRoute)
NEW = Template(id="", name="", category=Category.NOTICE, text="")
Words = Annotated[str, Field(pattern=NO_NUL)]


class TemplateForm(BaseModel):
    """The fields as the browser sends them."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Words = ""
    category: Category = Category.NOTICE
    text: Words = ""


SentTemplate = Annotated[TemplateForm, Form()]


@router.get("")
async def templates_page(
    request: Request, context: Context, session: PageSession, saved: str = ""
) -> Response:
    """All templates; for county admins each is a form."""
    author_of(session.user)
    found = await context.store.read(lambda read: read.broadcasts.templates())
    return await show_page(
        request,
        session,
        "broadcasts/templates.html",
        found=found,
        keeper=may_keep_register(session.user),
        saved=saved,
        **_limits(NEW, ()),
    )


@router.post("/new")
async def add(request: Request, context: Context, user: AdminUser, form: SentTemplate) -> Response:
    """Keep a new one, or say on the form what is wrong with it."""
    now = context.clock.now()
    new = Template(id="", name=form.name, category=form.category, text=_lines(form.text))
    try:
        made = await context.store.run(lambda tx: templates.add_template(tx, new, user, now))
    except BroadcastError as error:
        return _wrong(request, new, error)
    return _back(made.id)


@router.post("/{template_id}")
async def change(
    template_id: str, request: Request, context: Context, user: AdminUser, form: SentTemplate
) -> Response:
    """Keep what it says now, or say on the form what is wrong with it."""
    now, text = context.clock.now(), _lines(form.text)
    said = TemplateChange(name=form.name, category=form.category, text=text)
    try:
        await context.store.run(lambda tx: templates.change_template(tx, template_id, said, user, now))
    except BroadcastError as error:
        typed = Template(id=template_id, name=form.name, category=form.category, text=text)
        return _wrong(request, typed, error)
    return _back(template_id)


@router.delete("/{template_id}")
async def remove(template_id: str, context: Context, user: AdminUser) -> Response:
    """Take it away."""
    now = context.clock.now()
    await context.store.run(lambda tx: templates.remove_template(tx, template_id, user, now))
    return _back("")


def _wrong(request: Request, typed: Template, error: BroadcastError) -> Response:
    values = _limits(typed, (fault_of(error),))
    return render(request, "broadcasts/template_form.html", status=422, values=values)


def _limits(one: Template, faults: Sequence[Fault]) -> dict[str, object]:
    return {
        "one": one,
        "faults": faults,
        "categories": [category.value for category in Category],
        "limits": {"name": NAME_LIMIT, "text": LONGEST_TEXT},
    }


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n")


def _back(saved: str) -> Response:
    return Response(status_code=204, headers={"hx-redirect": f"/broadcasts/templates?saved={saved}"})
