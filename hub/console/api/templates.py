"""Templates of broadcasts: warnings written beforehand, with blanks that `vars` of a broadcast fill in."""

from typing import Annotated

import msgspec
from fastapi import APIRouter, Path
from pydantic import Field
from starlette.responses import Response

from broadcast.domain.priorities import Category
from broadcast.domain.templates import Template
from hub.console.api.answers import answers, json_response
from hub.console.api.bodies import Body, Line, Text
from hub.console.api.doing import Does
from hub.console.auth import AdminUser, ReadingUser
from hub.console.context import Context
from hub.services import templates
from hub.services.templates import TemplateChange

router = APIRouter(prefix="/templates", tags=["broadcasts"])
TemplateId = Annotated[str, Path(max_length=40, pattern=r"^[A-Za-z0-9_-]+$")]


class TemplatePatch(Body):
    """What is to be different; what is left out stays."""

    name: Line | None = None
    category: Category | None = None
    text: Text | None = None


class TemplateBody(Body):
    """A template to be; its blanks stand in braces: `{place}`. Without `id` the hub gives one."""

    id: Annotated[str, Field(max_length=40)] | None = None
    name: Line
    category: Category
    text: Text


class TemplateView(msgspec.Struct, frozen=True, kw_only=True):
    """A template. `vars`: the names of its blanks, all of which a broadcast must fill in.

    `changed_at` 0: as every county begins with it.
    """

    id: str
    name: str
    category: Category
    text: str
    vars: tuple[str, ...]
    changed_at: int
    changed_by: str


class TemplateList(msgspec.Struct, frozen=True, kw_only=True):
    """The county's templates."""

    items: tuple[TemplateView, ...]


@router.get("", responses=answers(TemplateList, "The templates"), response_class=Response)
async def list_templates(context: Context, user: ReadingUser) -> Response:
    """All templates, those of one category together."""
    del user  # whoever reads broadcasts reads them
    found = await context.store.read(lambda read: read.broadcasts.templates())
    return json_response(TemplateList(items=tuple(map(view, found))))


@router.post("", responses=answers(TemplateView, "The new template", 201), response_class=Response)
async def add_template(body: TemplateBody, user: AdminUser, doing: Does) -> Response:
    """Write a template (county admins)."""
    new = Template(id=body.id or "", name=body.name, category=body.category, text=body.text)
    return await doing.do(lambda tx, now: view(templates.add_template(tx, new, user, now)), 201)


@router.patch(
    "/{template}", responses=answers(TemplateView, "The template as it is now"), response_class=Response
)
async def change_template(
    template: TemplateId, body: TemplatePatch, user: AdminUser, doing: Does
) -> Response:
    """Change what is said (county admins). Broadcasts that were written from it stay as they are."""
    change = TemplateChange(name=body.name, category=body.category, text=body.text)
    return await doing.do(lambda tx, now: view(templates.change_template(tx, template, change, user, now)))


@router.delete(
    "/{template}", responses=answers(None, "Removed", 204), response_class=Response, status_code=204
)
async def remove_template(template: TemplateId, user: AdminUser, doing: Does) -> Response:
    """Take a template away (county admins)."""
    return await doing.do(lambda tx, now: templates.remove_template(tx, template, user, now))


def view(template: Template) -> TemplateView:
    """The public shape of `template`."""
    return TemplateView(**msgspec.structs.asdict(template), vars=template.blanks)
