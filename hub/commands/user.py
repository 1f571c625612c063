"""`xiangyin user …`: who signs in."""

import click

from hub.commands.terminal import say, tell
from hub.domain.accounts import Account
from hub.domain.errors import NotFound
from hub.domain.people import Role
from hub.services.accounts import NewUser, UserChange, add_user, change_user
from hub.settings import load_settings


@click.group("user", help="Users: list, add, password, disable, enable.")
def command() -> None:
    """The user group."""


@command.command("list", help="Print every user: name, role, area, clinic, person, and whether disabled.")
def list_users() -> None:
    """One line each, tabs between."""
    from hub.commands.stored import opened

    with opened(load_settings()) as (store, _):
        for account in store.read_sync(lambda read: read.accounts()):
            user = account.user
            state = "-" if account.disabled_at is None else "disabled"
            words = [user.username, user.role.value, user.area, user.clinic or "-", user.name, state]
            tell("\t".join(words))


@command.command("add", help="Add a user; print a random password, which is shown once.")
@click.argument("username")
@click.option("--role", type=click.Choice([role.value for role in Role]), required=True)
@click.option("--area", required=True, help="12-digit code of the user's county, town or village.")
@click.option("--name", required=True, help="Name of the person.")
@click.option("--spoken-name", help="How an elder hears of them; the name when it is not given.")
@click.option("--clinic", help="Id of the clinic, for the role clinic.")
def add(
    *, username: str, role: str, area: str, name: str, spoken_name: str | None, clinic: str | None
) -> None:
    """Good at once."""
    from broker_config.passwords import new_password
    from hub.commands.stored import opened, owner_of_machine
    from hub.passwords import hash_password

    password = new_password()
    new = NewUser(
        username=username,
        name=name,
        spoken_name=spoken_name or name,
        role=Role(role),
        area=area,
        clinic=clinic,
        password_hash=hash_password(password),
    )
    with opened(load_settings()) as (store, clock):
        by = owner_of_machine(store)
        store.run_sync(lambda tx: add_user(tx, new, by, clock.now()))
    tell(say("user-password", username=username, password=password))


@command.command(
    "password", help="Give a user a new random password, shown once; every session of theirs ends."
)
@click.argument("username")
def password(*, username: str) -> None:
    """Good at once."""
    from broker_config.passwords import new_password
    from hub.passwords import hash_password

    word = new_password()
    _change(username, UserChange(password_hash=hash_password(word)))
    tell(say("user-password", username=username, password=word))


@command.command("disable", help="Let a user sign in no more; every session of theirs ends.")
@click.argument("username")
def disable(*, username: str) -> None:
    """Their screens end within the second."""
    _change(username, UserChange(enabled=False))
    tell(say("user-disabled", username=username))


@command.command("enable", help="Let a disabled user sign in again.")
@click.argument("username")
def enable(*, username: str) -> None:
    """With the password they had."""
    _change(username, UserChange(enabled=True))
    tell(say("user-enabled", username=username))


def _change(username: str, change: UserChange) -> Account:
    from hub.commands.stored import opened, owner_of_machine

    with opened(load_settings()) as (store, clock):
        account = store.read_sync(lambda read: read.account(username))
        if account is None:
            raise NotFound("user-unknown")
        user_id, by = account.user.id, owner_of_machine(store)
        return store.run_sync(lambda tx: change_user(tx, user_id, change, by, clock.now()))
