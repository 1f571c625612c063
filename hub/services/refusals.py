"""What was ordered and not done is told: by the device that refused, or by our own signer."""

import msgspec

from broadcast.rows import Address
from broadcast.service import reporting
from devices.commands import CommandType
from devices.messages import Ack
from hub.domain.events import Detail, EventType, NewEvent
from hub.domain.orders import Order
from hub.ports import Transaction


def device_refused(tx: Transaction, device: str, ack: Ack, now: int) -> None:
    """A device refused a command or failed at it; those who see its area are told."""
    detail = Detail(
        device=device,
        command=ack.id or "",
        outcome=ack.state.value,
        reason=ack.reason or "",
        digest=ack.digest or "",
    )
    area = tx.register.household(device, now).area
    tx.events.record(
        NewEvent(
            type=EventType.DEVICE_REFUSED_COMMAND, at=now, call=None, area=area, clinic=None, detail=detail
        )
    )


class _Play(msgspec.Struct, frozen=True):
    """As much of an order's command as says which run it makes sound."""

    type: str
    run: str | None = None


def order_refused(tx: Transaction, order: Order, reason: str, now: int) -> None:
    """The signer will never sign `order`; those who see the area of who gave it are told, and the coverage of
    its run says so."""
    play = msgspec.json.decode(order.command, type=_Play)
    if play.type == CommandType.PLAY and play.run is not None:
        address = Address(order.address, order.address, order.device)
        reporting.unsent(tx.broadcasting, play.run, address, reason, now)
    account = tx.accounts.get(order.created_by)
    area = order.address if account is None else account.user.area
    detail = Detail(device=order.address if order.device else "", command=order.id, reason=reason)
    tx.events.record(
        NewEvent(
            type=EventType.ORDER_REFUSED,
            at=now,
            call=None,
            area=area,
            clinic=None,
            by_id=None if account is None else account.user.id,
            by_name=None if account is None else account.user.name,
            detail=detail,
        )
    )
