"""Groups of loudspeakers (`g-…`), to be named among the `zones` of a broadcast."""

from typing import Annotated

import msgspec
from fastapi import APIRouter, Path
from pydantic import Field
from starlette.responses import Response

from broadcast.domain.zones import Group
from hub.console.api.answers import answers, json_response
from hub.console.api.bodies import Body, Line
from hub.console.api.broadcast_bodies import Zone
from hub.console.api.doing import Does
from hub.console.auth import BroadcastUser, ReadingUser
from hub.console.context import Context
from hub.domain.areas import area_prefix
from hub.services import groups
from hub.services.groups import GroupChange

router = APIRouter(prefix="/groups", tags=["broadcasts"])
Members = Annotated[tuple[Zone, ...], Field(max_length=500)]
GroupId = Annotated[str, Path(max_length=64, pattern=r"^g-[A-Za-z0-9._-]+$")]


class GroupPatch(Body):
    """What is to be different; what is left out stays."""

    name: Line | None = None
    area: Zone | None = None
    members: Members | None = None


class GroupBody(Body):
    """A group to be: loudspeakers within `area`. Without `id` the hub gives one."""

    id: Zone | None = None
    name: Line
    area: Zone
    members: Members = ()


class Groups(msgspec.Struct, frozen=True, kw_only=True):
    """Groups of the user's area, by id."""

    items: tuple[Group, ...]


@router.get("", responses=answers(Groups, "The groups"), response_class=Response)
async def list_groups(context: Context, user: ReadingUser) -> Response:
    """Groups of the user's own area and all below it."""
    prefix = area_prefix(user.area)
    found = await context.store.read(lambda read: read.broadcasts.groups(prefix))
    return json_response(Groups(items=tuple(found)))


@router.post("", responses=answers(Group, "The new group", 201), response_class=Response)
async def add_group(body: GroupBody, user: BroadcastUser, doing: Does) -> Response:
    """Make a group."""
    group = Group(id=body.id or "", name=body.name, area=body.area, members=body.members)
    return await doing.do(lambda tx, now: groups.add_group(tx, group, user, now), 201)


@router.patch("/{group}", responses=answers(Group, "The group as it is now"), response_class=Response)
async def change_group(group: GroupId, body: GroupPatch, user: BroadcastUser, doing: Does) -> Response:
    """Change what is said."""
    change = GroupChange(name=body.name, area=body.area, members=body.members)
    return await doing.do(lambda tx, now: groups.change_group(tx, group, change, user, now))


@router.delete("/{group}", responses=answers(None, "Removed", 204), response_class=Response, status_code=204)
async def remove_group(group: GroupId, user: BroadcastUser, doing: Does) -> Response:
    """Take a group away. A broadcast that names it reaches nobody by it."""
    return await doing.do(lambda tx, now: groups.remove_group(tx, group, user, now))
