"""Users, their sessions and tokens, and the answers kept for repeated requests."""

from collections.abc import Sequence

import msgspec
from sqlalchemy import Connection, Row, RowMapping, bindparam, delete, insert, select, update

from hub.db.statements import insert_unless_there
from hub.db.tables import areas, clinics, desk_targets, desks, idempotency, sessions, tokens, users
from hub.domain.accounts import Account, Kept
from hub.domain.areas import Area
from hub.domain.people import Role, User
from hub.domain.sessions import ALL_SCOPES, ApiToken, Session, TokenScope

_PLAIN = ("id", "username", "name", "spoken_name", "area", "clinic")
_SESSION = (
    select(users, sessions.c.csrf, sessions.c.expires_at)
    .join(users, users.c.id == sessions.c.user)
    .where(
        sessions.c.token_hash == bindparam("hash_"),
        sessions.c.expires_at > bindparam("now_"),
        users.c.disabled_at.is_(None),
    )
)
_TOKEN = (
    select(users, tokens.c.scopes, tokens.c.expires_at)
    .join(users, users.c.id == tokens.c.user)
    .where(
        tokens.c.token_hash == bindparam("hash_"),
        tokens.c.expires_at > bindparam("now_"),
        users.c.disabled_at.is_(None),
    )
)
_USER = select(users).where(users.c.id == bindparam("id_"))
_NAMED = select(users).where(users.c.username == bindparam("username_"))
_INSERT_SESSION = insert(sessions)
_END_SESSION = delete(sessions).where(sessions.c.token_hash == bindparam("hash_"))


class AccountRows:
    """Implements hub.ports.Accounts on one connection."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    def get(self, user_id: str) -> Account | None:
        """The account, disabled or not."""
        return _account(self._conn.execute(_USER, {"id_": user_id}).mappings().first())

    def add(self, account: Account) -> bool:
        """False when the user name is taken."""
        return self._conn.execute(insert_unless_there(self._conn, users), _row(account)).rowcount == 1

    def update(self, account: Account) -> None:
        """Write all of `account` but its id and user name."""
        row = _row(account)
        del row["id"], row["username"]
        self._conn.execute(update(users).where(users.c.id == account.user.id).values(**row))

    def has_place(self, area: str, clinic: str | None) -> bool:
        """Whether a user can belong there: the area and, when named, the clinic exist."""
        if self._conn.execute(select(areas.c.code).where(areas.c.code == area)).first() is None:
            return False
        query = select(clinics.c.id).where(clinics.c.id == clinic)
        return clinic is None or self._conn.execute(query).first() is not None

    def open_session(self, session: Session, now: int) -> None:
        """The browser that holds the token behind `session.token_hash` is signed in."""
        row = {
            "token_hash": session.token_hash,
            "user": session.user.id,
            "csrf": session.csrf,
            "created_at": now,
            "expires_at": session.expires_at,
        }
        self._conn.execute(_INSERT_SESSION, row)

    def end_session(self, token_hash: str) -> bool:
        """False when it had ended before."""
        return self._conn.execute(_END_SESSION, {"hash_": token_hash}).rowcount == 1

    def end_rights(self, user_id: str) -> None:
        """End every session and token of the user, and take their desks off duty."""
        theirs = select(desks.c.id).where(desks.c.user == user_id)
        self._conn.execute(delete(desk_targets).where(desk_targets.c.desk.in_(theirs)))
        self._conn.execute(delete(desks).where(desks.c.user == user_id))
        self._conn.execute(delete(sessions).where(sessions.c.user == user_id))
        self._conn.execute(delete(tokens).where(tokens.c.user == user_id))

    def add_token(self, token: ApiToken, token_hash: str, user_id: str) -> bool:
        """False when the very token is there already."""
        row = {
            "id": token.id,
            "token_hash": token_hash,
            "user": user_id,
            "name": token.name,
            "scopes": " ".join(token.scopes),
            "created_at": token.created_at,
            "expires_at": token.expires_at,
        }
        return self._conn.execute(insert_unless_there(self._conn, tokens), row).rowcount == 1

    def end_token(self, token_id: str, user_id: str) -> bool:
        """False when the user has no such token."""
        theirs = delete(tokens).where(tokens.c.id == token_id, tokens.c.user == user_id)
        return self._conn.execute(theirs).rowcount == 1

    def kept(self, owner: str, key: str, since: int) -> Kept | None:
        """What `owner` was answered under `key` since `since` (Unix ms); an older answer is forgotten."""
        here = (idempotency.c.owner == owner) & (idempotency.c.key == key)
        row = self._conn.execute(select(idempotency).where(here)).first()
        if row is not None and row.at < since:
            self._conn.execute(delete(idempotency).where(here))
            return None
        return None if row is None else Kept(fingerprint=row.fingerprint, status=row.status, body=row.body)

    def keep(self, owner: str, key: str, kept: Kept, now: int) -> bool:
        """False when another hub has answered under `key` this instant."""
        row = {"owner": owner, "key": key, "at": now} | msgspec.structs.asdict(kept)
        return self._conn.execute(insert_unless_there(self._conn, idempotency), row).rowcount == 1


def read_user(conn: Connection, user_id: str) -> User | None:
    """The user, unless disabled."""
    account = AccountRows(conn).get(user_id)
    return None if account is None or account.disabled_at is not None else account.user


def read_account(conn: Connection, username: str) -> Account | None:
    """The account that signs in as `username`, disabled or not."""
    return _account(conn.execute(_NAMED, {"username_": username}).mappings().first())


def read_accounts(conn: Connection) -> Sequence[Account]:
    """Every account, by user name."""
    rows = conn.execute(select(users).order_by(users.c.username)).mappings()
    return [account for row in rows if (account := _account(row)) is not None]


def read_session(conn: Connection, token_hash: str, now: int) -> Session | None:
    """The session, or else the token, that lasts at `now`, of a user not disabled."""
    asked = {"hash_": token_hash, "now_": now}
    row = conn.execute(_SESSION, asked).mappings().first()
    if row is not None:
        return _session(row, token_hash, row["csrf"], ALL_SCOPES)
    row = conn.execute(_TOKEN, asked).mappings().first()
    return None if row is None else _session(row, token_hash, "", frozenset(_scopes(row["scopes"])))


def read_tokens(conn: Connection, user_id: str) -> Sequence[ApiToken]:
    """The user's tokens, newest first, those included whose time is over."""
    query = select(tokens).where(tokens.c.user == user_id).order_by(tokens.c.created_at.desc(), tokens.c.id)
    return [_token(row) for row in conn.execute(query)]


def read_areas(conn: Connection, prefix: str) -> Sequence[Area]:
    """The areas whose code begins with `prefix`, by code."""
    query = select(areas).where(areas.c.code.startswith(prefix, autoescape=True)).order_by(areas.c.code)
    return [
        Area(code=row.code, name=row.name, level=row.level, parent=row.parent, lat=row.lat, lon=row.lon)
        for row in conn.execute(query)
    ]


def remove_old(conn: Connection, now: int, answers_before: int) -> None:
    """Forget sessions and tokens that ended before `now`, and answers kept since before `answers_before`."""
    conn.execute(delete(sessions).where(sessions.c.expires_at <= now))
    conn.execute(delete(tokens).where(tokens.c.expires_at <= now))
    conn.execute(delete(idempotency).where(idempotency.c.at < answers_before))


def _row(account: Account) -> dict[str, str | int | None]:
    row: dict[str, str | int | None] = {name: getattr(account.user, name) for name in _PLAIN}
    return row | {
        "role": account.user.role.value,
        "password_hash": account.password_hash,
        "disabled_at": account.disabled_at,
    }


def user_of(row: RowMapping) -> User:
    return User(**{name: row[name] for name in _PLAIN}, role=Role(row["role"]))


def _account(row: RowMapping | None) -> Account | None:
    if row is None:
        return None
    return Account(user=user_of(row), password_hash=row["password_hash"], disabled_at=row["disabled_at"])


def _session(row: RowMapping, token_hash: str, csrf: str, scopes: frozenset[TokenScope]) -> Session:
    return Session(
        token_hash=token_hash, csrf=csrf, user=user_of(row), expires_at=row["expires_at"], scopes=scopes
    )


def _token(row: Row[tuple[object, ...]]) -> ApiToken:
    return ApiToken(
        id=row.id,
        name=row.name,
        scopes=_scopes(row.scopes),
        created_at=row.created_at,
        expires_at=row.expires_at,
    )


def _scopes(stored: str) -> tuple[TokenScope, ...]:
    return tuple(TokenScope(name) for name in stored.split())
