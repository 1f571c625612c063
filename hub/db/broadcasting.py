"""One transaction as the use cases of broadcasts see it."""

from collections.abc import Callable

import msgspec
from sqlalchemy import Connection

from broadcast.rows import Order, Tale
from hub.db.broadcast_tables import commands
from hub.db.broadcasts import BroadcastRows
from hub.db.events import EventRows
from hub.db.loudspeakers import LoudspeakerRows
from hub.db.outbox import OutboxRows
from hub.db.runs import RunRows
from hub.db.statements import insert_unless_there
from hub.db.templates import TemplateRows
from hub.domain import orders
from hub.domain.broadcast_views import tale_view
from hub.domain.events import EventType, NewEvent

_encoder = msgspec.json.Encoder()


class BroadcastWork:
    """Implements broadcast.rows.Work."""

    def __init__(
        self,
        conn: Connection,
        events: EventRows,
        outbox: OutboxRows,
        new_id: Callable[[str, int], str],
        collide: Callable[[], Exception],
    ) -> None:
        self._conn = conn
        self._events = events
        self._outbox = outbox
        self.new_id = new_id
        self.collide = collide
        self.broadcasts = BroadcastRows(conn)
        self.runs = RunRows(conn)
        self.places = LoudspeakerRows(conn)
        self.templates = TemplateRows(conn)

    def tell(self, tale: Tale) -> None:
        """An event, once this transaction is committed."""
        self._events.record(
            NewEvent(
                type=EventType(tale.told.value),
                at=tale.at,
                call=None,
                area=tale.area,
                clinic=None,
                by_id=None if tale.by is None else tale.by.id,
                body=_encoder.encode(tale_view(tale)),
            )
        )

    def order(self, order: Order, now: int, *, sent: bool = False) -> bool:
        """Remember an order, and have it signed and sent unless it was `sent`; False when it is known already."""
        address = order.address
        row = {
            "id": order.id,
            "type": order.type,
            "address": address.name,
            "is_device": address.is_device,
            "area": address.area,
            "run": order.run,
            "created_at": now,
        }
        if self._conn.execute(insert_unless_there(self._conn, commands), row).rowcount == 0:
            return False
        if not sent:
            # a stop that waited for the signer must not void what was ordered long after it
            until = now + order.life_s * 1000 if order.type == "stop" else None
            self._outbox.command(msgspec.structs.replace(to_sign(order), until=until))
        return True


def to_sign(order: Order) -> orders.Order:
    """The order as the signer reads it."""
    return orders.Order(
        id=order.id,
        address=order.address.name,
        device=order.address.is_device,
        command=order.command,
        life_s=order.life_s,
        not_before=None,
        created_by=order.created_by,
        approved_by=order.approved_by,
    )
