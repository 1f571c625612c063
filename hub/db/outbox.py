"""Messages to the world as rows, born with a lease of the hub that caused them; a sent one is deleted.

A hub sends what it has just committed without asking; when it dies, the lease runs out and any hub takes
over. So messages go out at least once.
"""

from collections.abc import Sequence

import msgspec
from sqlalchemy import Connection, bindparam, delete, func, or_, select, update

from devices.messages import Reply
from hub.db.prepared import Prepared, PreparedRows, Row, Value
from hub.db.tables import outbox
from hub.domain.orders import Order
from hub.ports import Outgoing

LEASE_MS = 15_000
FARTHEST_MS = 120_000  # no lease lies farther ahead (a message is put off by a minute at most)
_encoder = msgspec.json.Encoder()
_GIVEN_BACK = ("id", "kind", "address", "body")
_INSERT = PreparedRows(outbox, ("kind", "address", "body", "owner", "lease_until", "attempts"), _GIVEN_BACK)
# one that lies farther was given by a clock that has been set back since: it would bind for as long
_IS_OVER = or_(outbox.c.lease_until <= bindparam("now_"), outbox.c.lease_until > bindparam("farthest_"))
_EXPIRED = Prepared(select(outbox.c.id).where(_IS_OVER).order_by(outbox.c.id).limit(bindparam("limit_")))
_DONE = Prepared(delete(outbox).where(outbox.c.id == bindparam("id_")))
_LATER = (
    update(outbox)
    .where(outbox.c.id == bindparam("id_"))
    .values(lease_until=bindparam("until_"), attempts=outbox.c.attempts + 1)
)


class OutboxRows:
    """Implements hub.ports.Outbox: collects while the transaction runs, writes all at its end."""

    def __init__(self, owner: str) -> None:
        self._owner = owner
        self.waiting: list[tuple[str, str, bytes]] = []

    def reply(self, device: str, reply: Reply) -> None:
        """Tell `device` of its call; the sentence to speak is added when it is sent."""
        self.waiting.append(("reply", device, _encoder.encode(reply)))

    def notice(self, address: str, body: bytes) -> None:
        """Tell a person; `address` names the channel and the person."""
        self.waiting.append(("notice", address, body))

    def command(self, order: Order) -> None:
        """Have `order` signed and published."""
        self.waiting.append(("command", order.address, _encoder.encode(order)))

    def flush(self, conn: Connection, now: int) -> list[Outgoing]:
        """Write what has been collected; the rows come back in order."""
        if not self.waiting:
            return []
        rows = [(*message, self._owner, now + LEASE_MS, 0) for message in self.waiting]
        # ids grow with the rows of a statement, and from one statement to the next
        return [_queued(row) for row in sorted(_INSERT.all(conn, rows))]


def _queued(row: Row) -> Outgoing:
    return msgspec.convert({**dict(zip(_GIVEN_BACK, row, strict=True)), "attempts": 0}, Outgoing)


def has_expired(conn: Connection, now: int) -> bool:
    """Whether a message waits that nobody is sending."""
    return _EXPIRED.one(conn, _at(now) | {"limit_": 1}) is not None


def claim_expired(conn: Connection, owner: str, now: int, limit: int) -> Sequence[Outgoing]:
    """Take over messages whose sender is gone, or that failed and are due again."""
    ids = [row[0] for row in _EXPIRED.all(conn, _at(now) | {"limit_": limit})]
    if not ids:
        return []
    taken = conn.execute(
        update(outbox)
        .where(outbox.c.id.in_(ids), _IS_OVER)
        .values(owner=owner, lease_until=now + LEASE_MS, attempts=outbox.c.attempts + 1)
        .returning(outbox.c.id, outbox.c.kind, outbox.c.address, outbox.c.body, outbox.c.attempts),
        _at(now),
    )
    found = [Outgoing(id=r[0], kind=r[1], address=r[2], body=r[3], attempts=r[4]) for r in taken]
    return sorted(found, key=lambda message: message.id)


def _at(now: int) -> dict[str, Value]:
    return {"now_": now, "farthest_": now + FARTHEST_MS}


def mark_sent(conn: Connection, ids: Sequence[int]) -> None:
    """Forget what the world has."""
    _DONE.many(conn, [{"id_": row_id} for row_id in ids])


def put_off(conn: Connection, ids: Sequence[int], until: int) -> None:
    """Sending failed: it falls due again at `until`, for whichever hub is there."""
    conn.execute(_LATER, [{"id_": row_id, "until_": until} for row_id in ids])


def count_waiting(conn: Connection) -> int:
    """How many messages wait to be sent."""
    return conn.execute(select(func.count()).select_from(outbox)).scalar_one()
