"""Queue what devices are told; one place, so that every path says the same."""

from collections.abc import Sequence

from devices.messages import Reply
from hub.domain import replies
from hub.domain.calls import Call
from hub.domain.presses import subject
from hub.ports import Transaction

ANSWER_ONLINE_FOR_MS = (
    48 * 3_600_000
)  # two days: a clock that is a day ahead makes nobody forget the last one


def queue_replies(tx: Transaction, device: str, told: Sequence[Reply]) -> None:
    """Queue `told` for `device`, in order."""
    for reply in told:
        tx.outbox.reply(device, reply)


def tell_devices(tx: Transaction, call: Call, now: int) -> None:
    """The call changed: each device that pressed hears it, addressed to its newest press."""
    for device, press in tx.presses.newest_of_call(call.id):
        tx.outbox.reply(device, replies.current(call, press, now))


def tell_again(tx: Transaction, device: str, now: int) -> None:
    """The device is back online and keeps no session: repeat the newest truth of every call of its last two days.

    Of every one: it may have missed the end of an older call, and would show that call as open for ever. A call is of
    those days when it was pressed for in them or was still open: some last longer.
    """
    for call_id, press in tx.presses.calls_of_device(device, now - ANSWER_ONLINE_FOR_MS):
        call = tx.calls.get(call_id)
        if call is None or not call.is_real:
            continue
        for gone in _merged_of(tx, call, device, now):
            tx.outbox.reply(device, replies.current(gone, press, now))
        tx.outbox.reply(device, replies.current(call, press, now))


def _merged_of(tx: Transaction, call: Call, device: str, now: int) -> Sequence[Call]:
    """The calls by way of which the device's own household came into `call`: their end may not have been heard."""
    merged = {gone.id: gone for gone in tx.calls.merged(call.id)}
    if not merged:
        return ()
    home = subject(tx.register.household(device, now).resident, device)
    way: dict[str, Call] = {}
    for gone in merged.values():
        one: Call | None = gone if subject(gone.resident, gone.device) == home else None
        while one is not None:
            way[one.id] = one
            one = merged.get(one.merged_into or "")
    return tuple(way.values())
