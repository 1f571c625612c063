"""Presses as rows: (device, id) is the key that makes one of many copies."""

from collections.abc import Sequence

import msgspec
from sqlalchemy import Connection, bindparam, delete, func, or_, select, update

from hub.db.prepared import Prepared, Row, Value
from hub.db.statements import prepared_insert_unless_there
from hub.db.tables import calls, presses
from hub.domain.presses import PressLine
from hub.ports import NewPress, StoredPress

_FIND = Prepared(
    select(presses.c.id, presses.c.call, presses.c.received_at, presses.c.kind).where(
        presses.c.device == bindparam("device_"), presses.c.id == bindparam("id_")
    )
)
_FIND_UNDECODED = Prepared(
    select(presses.c.id, presses.c.call, presses.c.received_at, presses.c.kind)
    .where(
        presses.c.device == bindparam("device_"),
        presses.c.digest == bindparam("digest_"),
        presses.c.received_at.between(bindparam("since_"), bindparam("until_")),
    )
    .order_by(presses.c.received_at.desc())
    .limit(1)
)
_OF_CALL = (
    select(presses.c.device, presses.c.id, presses.c.received_at)
    .where(presses.c.call == bindparam("call_"))
    .order_by(presses.c.received_at.desc(), presses.c.id.desc())
)
_IS_NEWS = or_(calls.c.closed_at.is_(None), calls.c.closed_at >= bindparam("since_"))
_CALLS_OF_DEVICE = Prepared(
    select(presses.c.call, presses.c.id)
    .join(calls, calls.c.id == presses.c.call)
    .where(
        presses.c.device == bindparam("device_"), or_(presses.c.received_at >= bindparam("since_"), _IS_NEWS)
    )
    .order_by(presses.c.received_at.desc(), presses.c.id.desc())
    .limit(200)
)
_FORGET = delete(presses).where(presses.c.device == bindparam("device_"), presses.c.id == bindparam("id_"))
_INSERT = prepared_insert_unless_there(presses, tuple(column.name for column in presses.columns))
LONG_MS = 7 * 86_400_000  # longer than a case lasts
DIGEST_LENGTH = 34  # "x-" and 32 hex digits, as devices.codec.read_press names unreadable bytes


class PressRows:
    """Implements hub.ports.Presses on one connection."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    def find(self, device: str, press: str) -> StoredPress | None:
        """The press that (device, id) names."""
        return _stored(_FIND.one(self._conn, {"device_": device, "id_": press}))

    def find_undecoded(self, device: str, digest: str, since: int, until: int) -> StoredPress | None:
        """The newest press of these very bytes received from `since` to `until` (Unix ms)."""
        named: dict[str, Value] = {"device_": device, "digest_": digest[:DIGEST_LENGTH]}
        named |= {"since_": since, "until_": until}
        return _stored(_FIND_UNDECODED.one(self._conn, named))

    def forget(self, device: str, press: str) -> None:
        """Let another press have this name; what it did stays told."""
        self._conn.execute(_FORGET, {"device_": device, "id_": press})

    def add(self, press: NewPress) -> bool:
        """False when its copy is there already."""
        row = {
            "device": press.device,
            "id": press.id,
            "digest": None if press.decoded else press.id[:DIGEST_LENGTH],
            "kind": press.kind,
            "call": press.call,
            "received_at": press.received_at,
            "at": press.at,
            "via": press.via,
            "decoded": press.decoded,
            "late": press.late,
        }
        return _INSERT.count(self._conn, row) == 1

    def newest_of_call(self, call: str) -> Sequence[tuple[str, str]]:
        """(device, newest press) for each device that pressed for `call`."""
        newest: dict[str, str] = {}
        for device, press, _at in self._conn.execute(_OF_CALL, {"call_": call}):
            newest.setdefault(device, press)
        return list(newest.items())

    def calls_of_device(self, device: str, since: int) -> Sequence[tuple[str, str]]:
        """(call, its newest press of this device) of each call that it pressed for since `since`, or that was not
        closed before `since`; the newest last."""
        newest: dict[str, str] = {}
        for call, press in _CALLS_OF_DEVICE.all(self._conn, {"device_": device, "since_": since}):
            newest.setdefault(str(call), str(press))
        return list(reversed(newest.items()))

    def follow(self, call: str, into: str) -> None:
        """The presses of `call` are now presses of `into`."""
        self._conn.execute(update(presses).where(presses.c.call == call).values(call=into))


def read_recent_devices(conn: Connection, since: int, now: int) -> dict[str, int]:
    """Device → its newest press since `since` (Unix ms); `now` for those whose call was not closed before `since`."""
    pressed = (
        select(presses.c.device, func.max(presses.c.received_at))
        .where(presses.c.received_at >= since)
        .group_by(presses.c.device)
    )
    waits = (
        select(presses.c.device)
        .distinct()
        .join(calls, calls.c.id == presses.c.call)
        .where(calls.c.raised_at >= since - LONG_MS, _IS_NEWS)
    )
    recent = {device: newest for device, newest in conn.execute(pressed).all()}  # noqa: C416 -- rows are no pairs
    return recent | dict.fromkeys(conn.execute(waits, {"since_": since}).scalars().all(), now)


def remove_old(conn: Connection, before: int) -> int:
    """Forget presses received before `before` (Unix ms); how many."""
    return conn.execute(delete(presses).where(presses.c.received_at < before)).rowcount


def count(conn: Connection) -> int:
    """How many presses are remembered."""
    return conn.execute(select(func.count()).select_from(presses)).scalar_one()


def _stored(row: Row | None) -> StoredPress | None:
    return None if row is None else msgspec.convert(row, StoredPress)


def read_newest(conn: Connection, device: str, limit: int) -> Sequence[PressLine]:
    """The device's newest presses, newest first."""
    columns = (presses.c.kind, presses.c.received_at, presses.c.via, presses.c.decoded, presses.c.late)
    query = (
        select(*columns, presses.c.call)
        .where(presses.c.device == device)
        .order_by(presses.c.received_at.desc())
        .limit(limit)
    )
    return [PressLine(**row) for row in conn.execute(query).mappings()]
