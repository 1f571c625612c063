"""Signing in and out, tokens, and what an administrator does with users. Passwords come here hashed."""

from collections.abc import Callable, Sequence

import msgspec

from hub.domain.accounts import Account, Kept
from hub.domain.areas import area_prefix
from hub.domain.errors import Conflict, Denied, Invalid, NotFound
from hub.domain.events import EventType, NewEvent
from hub.domain.people import Role, User
from hub.domain.sessions import SESSION_MS, TOKEN_MAX_MS, ApiToken, Session
from hub.ports import Transaction
from hub.services import handling

ANSWERS_KEPT_MS = 86_400_000


class NewUser(msgspec.Struct, frozen=True, kw_only=True):
    """A user to be. `clinic` belongs to the role clinic, and to no other."""

    username: str
    name: str
    spoken_name: str
    role: Role
    area: str
    clinic: str | None
    password_hash: str


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """A request that may come twice: whose, under which key (None: it says of itself that it does not), and
    the SHA-256 of what was asked."""

    owner: str
    key: str | None
    fingerprint: str


class UserChange(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be different; None leaves as it is, `clinic` "" takes the clinic away."""

    name: str | None = None
    spoken_name: str | None = None
    role: Role | None = None
    area: str | None = None
    clinic: str | None = None
    password_hash: str | None = None
    enabled: bool | None = None


def sign_in(tx: Transaction, user_id: str, token_hash: str, csrf: str, now: int) -> Session:
    """Open a session for a user whose password was right. Denied when they were disabled meanwhile."""
    account = tx.accounts.get(user_id)
    if account is None or account.disabled_at is not None:
        raise Denied("sign-in-wrong")
    session = Session(token_hash=token_hash, csrf=csrf, user=account.user, expires_at=now + SESSION_MS)
    tx.accounts.open_session(session, now)
    return session


def sign_out(tx: Transaction, session: Session, now: int) -> None:
    """End the session, and with it every live view that it opened."""
    if tx.accounts.end_session(session.token_hash):
        _rights_changed(tx, session.user, session.user, now)


def make_token(tx: Transaction, token: ApiToken, token_hash: str, by: User, now: int) -> ApiToken:
    """Give a program the rights of `by`, within the token's scopes and until its end."""
    if not token.scopes:
        raise Invalid("token-scopes-empty", field="scopes")
    if not now < token.expires_at <= now + TOKEN_MAX_MS:
        raise Invalid("token-end", field="expires_at")
    if not tx.accounts.add_token(token, token_hash, by.id):
        raise Conflict("token-taken")
    return token


def end_token(tx: Transaction, token_id: str, by: User, now: int) -> None:
    """Take a token back; NotFound when `by` has no such token."""
    if not tx.accounts.end_token(token_id, by.id):
        raise NotFound("token-unknown")
    _rights_changed(tx, by, by, now)


def add_user(tx: Transaction, new: NewUser, by: User, now: int) -> User:
    """A new user within the administrator's own area. Conflict when the name is taken."""
    user = User(
        id=tx.new_id("u", now),
        username=new.username,
        name=new.name,
        spoken_name=new.spoken_name,
        role=new.role,
        area=new.area,
        clinic=new.clinic,
    )
    _check_place(tx, user, by)
    if not tx.accounts.add(Account(user=user, password_hash=new.password_hash)):
        raise Conflict("username-taken", field="username")
    return user


def change_user(tx: Transaction, user_id: str, change: UserChange, by: User, now: int) -> Account:
    """Change a user. What they may do changed, or their password: every session and token of theirs ends.
    Calls that they hold and may no longer see ring again."""
    before = tx.accounts.get(user_id)
    if before is None or not before.user.area.startswith(area_prefix(by.area)):
        raise NotFound("user-unknown")
    after = _changed(before, change, now)
    if before.user.id == by.id and (after.disabled_at is not None or after.user.role is not by.role):
        raise Conflict("user-yourself")
    _check_place(tx, after.user, by)
    tx.accounts.update(after)
    if _rights(after) != _rights(before):
        tx.accounts.end_rights(user_id)
        _rights_changed(tx, before.user, by, now)
        handling.release_all(tx, before.user, after.user if after.disabled_at is None else None, by, now)
    return after


def once(tx: Transaction, asked: Asked, now: int, work: Callable[[], Kept]) -> Kept:
    """Do `work`, unless the same was asked under the same key within a day: then the answer of that time.

    The answer is stored in the transaction of its effect. Invalid when the key was used for something else.
    """
    if asked.key is None:
        return work()
    before = answered(tx, asked, now)
    if before is not None:
        return before
    made = work()
    if not tx.accounts.keep(asked.owner, asked.key, made, now):
        raise tx.collide()  # the same request reached another hub this instant: look again
    return made


def answered(tx: Transaction, asked: Asked, now: int) -> Kept | None:
    """The answer of a day ago or less to the same request under its key. Invalid when the key was used otherwise."""
    before = None if asked.key is None else tx.accounts.kept(asked.owner, asked.key, now - ANSWERS_KEPT_MS)
    if before is not None and before.fingerprint != asked.fingerprint:
        raise Invalid("idempotency-key-used", field="Idempotency-Key")
    return before


def _changed(before: Account, change: UserChange, now: int) -> Account:
    named = {
        name: value
        for name in ("name", "spoken_name", "role", "area", "clinic")
        if (value := getattr(change, name)) is not None
    }
    user = msgspec.structs.replace(before.user, **named)
    if not user.clinic:
        user = msgspec.structs.replace(user, clinic=None)
    disabled_at = before.disabled_at
    if change.enabled is not None:
        disabled_at = None if change.enabled else before.disabled_at or now
    return Account(
        user=user, password_hash=change.password_hash or before.password_hash, disabled_at=disabled_at
    )


def _rights(account: Account) -> Sequence[str | int | None]:
    user = account.user
    return (user.role, user.area, user.clinic, account.password_hash, account.disabled_at)


def _check_place(tx: Transaction, user: User, by: User) -> None:
    if not user.area.startswith(area_prefix(by.area)):
        raise Denied("area-not-yours")
    if (user.role is Role.CLINIC) != (user.clinic is not None):
        raise Invalid("user-clinic", field="clinic")
    if not tx.accounts.has_place(user.area, user.clinic):
        raise Invalid("user-place", field="area" if user.clinic is None else "clinic")


def _rights_changed(tx: Transaction, user: User, by: User, now: int) -> None:
    """Live views look at once whether they may go on."""
    tx.events.record(
        NewEvent(
            type=EventType.RIGHTS_CHANGED,
            at=now,
            call=None,
            area=user.area,
            clinic=user.clinic,
            by_id=by.id,
            by_name=by.name,
        )
    )
