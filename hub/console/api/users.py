"""Users, as a county's administrator keeps them."""

from typing import Annotated

import msgspec
from fastapi import APIRouter
from pydantic import Field
from starlette.responses import Response

from hub.console.api.answers import answers, json_response
from hub.console.api.bodies import Body, Id, Line
from hub.console.api.doing import Does
from hub.console.auth import AdminUser
from hub.console.context import Context
from hub.domain.accounts import Account
from hub.domain.areas import area_prefix
from hub.domain.people import Role
from hub.passwords import MAX_LENGTH, MIN_LENGTH
from hub.services import accounts
from hub.services.accounts import NewUser, UserChange

router = APIRouter(prefix="/users", tags=["users"])

Name = Annotated[Line, Field(min_length=1)]
Username = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9._-]{0,63}$")]
Password = Annotated[str, Field(min_length=MIN_LENGTH, max_length=MAX_LENGTH)]
Code = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,40}$")]


class UserBody(Body):
    """A user to be. `spoken_name` is what an elder hears; without it, the name."""

    username: Username
    password: Password
    name: Name
    spoken_name: Name | None = None
    role: Role
    area: Code
    clinic: Code | None = None


class UserPatch(Body):
    """What is to be different; what is left out stays. An empty `clinic` takes the clinic away."""

    name: Name | None = None
    spoken_name: Name | None = None
    role: Role | None = None
    area: Code | None = None
    clinic: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{0,40}$")] | None = None
    password: Password | None = None
    enabled: Annotated[bool, Field(strict=True)] | None = None


class UserView(msgspec.Struct, frozen=True, kw_only=True):
    """A user, without what only they know."""

    id: str
    username: str
    name: str
    spoken_name: str
    role: Role
    area: str
    clinic: str | None
    enabled: bool


class Users(msgspec.Struct, frozen=True, kw_only=True):
    """Users of the administrator's area, by user name."""

    items: tuple[UserView, ...]


@router.get("", responses=answers(Users, "The users"), response_class=Response)
async def list_users(context: Context, admin: AdminUser) -> Response:
    """All users of the administrator's area."""
    found = await context.store.read(lambda read: read.accounts())
    prefix = area_prefix(admin.area)
    mine = [account for account in found if account.user.area.startswith(prefix)]
    return json_response(Users(items=tuple(map(_view, mine))))


@router.post("", responses=answers(UserView, "The new user", 201), response_class=Response)
async def add_user(body: UserBody, context: Context, admin: AdminUser, doing: Does) -> Response:
    """A new user."""
    hashed = await context.passwords.hash(body.password)
    new = NewUser(
        username=body.username,
        name=body.name,
        spoken_name=body.spoken_name or body.name,
        role=body.role,
        area=body.area,
        clinic=body.clinic,
        password_hash=hashed,
    )
    return await doing.do(
        lambda tx, now: _view(Account(user=accounts.add_user(tx, new, admin, now), password_hash="")), 201
    )


@router.patch("/{user_id}", responses=answers(UserView, "The user as it is now"), response_class=Response)
async def change_user(
    user_id: Id, body: UserPatch, context: Context, admin: AdminUser, doing: Does
) -> Response:
    """Change a user. Another role, area, clinic or password, or disabling them, ends all their sessions."""
    hashed = None if body.password is None else await context.passwords.hash(body.password)
    change = UserChange(
        name=body.name,
        spoken_name=body.spoken_name,
        role=body.role,
        area=body.area,
        clinic=body.clinic,
        password_hash=hashed,
        enabled=body.enabled,
    )
    return await doing.do(lambda tx, now: _view(accounts.change_user(tx, user_id, change, admin, now)))


def _view(account: Account) -> UserView:
    user = account.user
    return UserView(
        id=user.id,
        username=user.username,
        name=user.name,
        spoken_name=user.spoken_name,
        role=user.role,
        area=user.area,
        clinic=user.clinic,
        enabled=account.disabled_at is None,
    )
