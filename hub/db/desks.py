"""Live screens as rows, so that every hub knows whether a center is awake."""

from collections.abc import Collection

from sqlalchemy import Connection, bindparam, delete, insert, select

from hub.db.prepared import Prepared
from hub.db.statements import insert_unless_there
from hub.db.tables import desk_targets, desks
from hub.domain.desks import Desk

_UPDATE = (
    desks.update()
    .where(desks.c.id == bindparam("id_"))
    .values(audible=bindparam("audible_"), expires_at=bindparam("expires_"))
)
_KEEP = _UPDATE.where(desks.c.user == bindparam("user_"))
_REMOVE_TARGETS = delete(desk_targets).where(desk_targets.c.desk == bindparam("id_"))
_REMOVE = delete(desks).where(desks.c.id == bindparam("id_"))
_IS_LIVE = Prepared(
    select(desks.c.id)
    .join(desk_targets, desk_targets.c.desk == desks.c.id)
    .where(
        desk_targets.c.target == bindparam("target_"), desks.c.audible, desks.c.expires_at > bindparam("now_")
    )
    .limit(1)
)
_INSERT_TARGETS = insert(desk_targets)


class DeskRows:
    """Implements hub.ports.Desks on one connection."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    def put(self, desk: Desk) -> None:
        """The desk is there until `expires_at`; called again and again while it is."""
        values = {"id_": desk.id, "audible_": desk.audible, "expires_": desk.expires_at}
        if self._conn.execute(_UPDATE, values).rowcount == 1:
            return
        row = {"id": desk.id, "user": desk.user, "audible": desk.audible, "expires_at": desk.expires_at}
        if self._conn.execute(insert_unless_there(self._conn, desks), row).rowcount == 1 and desk.targets:
            self._conn.execute(_INSERT_TARGETS, [{"target": t, "desk": desk.id} for t in desk.targets])

    def keep(self, desk_id: str, user: str, *, audible: bool, expires_at: int) -> bool:
        """The screen said itself that it is there, and whether it may sound; False: the user has no such desk."""
        values = {"id_": desk_id, "user_": user, "audible_": audible, "expires_": expires_at}
        return self._conn.execute(_KEEP, values).rowcount == 1

    def remove(self, desk_id: str) -> None:
        """The screen was closed."""
        self._conn.execute(_REMOVE_TARGETS, {"id_": desk_id})
        self._conn.execute(_REMOVE, {"id_": desk_id})

    def is_live(self, target: str, now: int) -> bool:
        """Whether a screen that may sound is open for `target`."""
        return _IS_LIVE.one(self._conn, {"target_": target, "now_": now}) is not None

    def present(self, users: Collection[str], now: int) -> frozenset[str]:
        """Those of `users` who sit at an open screen that may sound."""
        query = select(desks.c.user).where(desks.c.user.in_(users), desks.c.audible, desks.c.expires_at > now)
        return frozenset(row.user for row in self._conn.execute(query))


def read_sitting(conn: Connection, now: int) -> frozenset[str]:
    """Everybody at an open screen that may sound."""
    query = select(desks.c.user).where(desks.c.audible, desks.c.expires_at > now)
    return frozenset(row.user for row in conn.execute(query))


def remove_expired(conn: Connection, before: int) -> None:
    """Forget screens that went without a word."""
    gone = select(desks.c.id).where(desks.c.expires_at < before)
    conn.execute(delete(desk_targets).where(desk_targets.c.desk.in_(gone)))
    conn.execute(delete(desks).where(desks.c.expires_at < before))
