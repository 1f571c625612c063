"""Changes of presence become events, each told once however many hubs saw it."""

from collections.abc import Sequence
from typing import Final

from hub.domain.events import Detail, EventType, NewEvent
from hub.domain.presence import Presence
from hub.domain.telemetry import Change
from hub.ports import Transaction

_EVENTS: Final = {
    Presence.ONLINE: EventType.DEVICE_ONLINE,
    Presence.LATE: EventType.DEVICE_LATE,
    Presence.LOST: EventType.DEVICE_LOST,
}


def note_changes(tx: Transaction, changes: Sequence[Change], now: int) -> int:
    """Take over what the telemetry role saw; how many changes were news. Devices out of service are passed over."""
    return sum(_note(tx, change, now) for change in changes)


def _note(tx: Transaction, change: Change, now: int) -> bool:
    if not tx.register.has_device(change.device):
        return False
    if not tx.presence.note(change.device, change.presence.value, change.since, now):
        return False
    household = tx.register.household(change.device, now)
    tx.events.record(
        NewEvent(
            type=_EVENTS[change.presence],
            at=change.since,
            call=None,
            area=household.area,
            clinic=household.clinic,
            detail=Detail(device=change.device, seen_at=change.seen_at),
        )
    )
    return True
