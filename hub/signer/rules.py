"""What the signer signs, and for whom: pure functions of an order and the time."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import msgspec

from devices.authority import signers_of
from devices.commands import (
    COMMAND,
    CacheCommand,
    Command,
    CommandType,
    LiveCommand,
    PlanCommand,
    PlayCommand,
    SetCommand,
    fault_of,
    max_life_s,
)
from devices.enrolment import is_emergency
from devices.errors import IdError
from devices.ids import AreaLevel, area_level, check_device_id, check_zone, names_many
from devices.keys import Use
from hub.domain.errors import Denied
from hub.domain.orders import Order

SIGNED_ON_ORDER: Final = frozenset(CommandType) - {CommandType.KEYS, CommandType.TIME}
"""Key lists and time are the signer's own word: nobody orders their content."""

USES: Final = (Use.STOP, Use.SET, Use.EMERGENCY, Use.ROUTINE)
"""Where several keys may sign, the first of these does."""


class Rate(msgspec.Struct, frozen=True):
    """At most so many a minute."""

    per_address: int
    in_all: int


STOPS: Final = "stop"
RATES: Final[Mapping[str, Rate]] = MappingProxyType(
    {
        "routine": Rate(per_address=10, in_all=3000),
        "emergency": Rate(per_address=10, in_all=3000),
        "other": Rate(per_address=30, in_all=3000),
    }
)
"""By kind. Emergencies are counted apart, so that no flood of routine can keep one back; stops not at all."""


class _Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """What must be known of a command before it can be completed."""

    type: str
    id: str | None = None
    for_: str | None = msgspec.field(name="for", default=None)
    start_at: int | None = None


_Claims = dict[str, msgspec.Raw]


def checked(order: Order, now: int) -> Command:
    """The command with its life, seq still 1. Denied says which rule it breaks; it will break it always."""
    wanted, claims = _read(order)
    if wanted.type not in SIGNED_ON_ORDER:
        raise Denied("signer-type", type=wanted.type)
    if wanted.id not in (None, order.id) or wanted.for_ not in (None, order.address):
        raise _unreadable("its id or address is another than the order's")
    _check_address(order)
    if order.until is not None and now > order.until:
        raise Denied("signer-too-late", order=order.id)
    command = _completed(order, wanted, claims, now)
    _check_life(command, order)
    if needs_two_people(command, order) and not has_two_people(order):
        raise Denied("signer-two-people")
    return command


def needs_two_people(command: Command, order: Order) -> bool:
    """Whether one person may not order this alone: emergencies, what the whole county hears, and settings of
    more than one loudspeaker."""
    county = not order.device and _is_county(order.address)
    match command:
        case PlayCommand() | LiveCommand():
            return county or is_emergency(command.priority)
        case CacheCommand():  # approved emergency audio
            return True
        case PlanCommand():
            return county
        case SetCommand():
            return not order.device
    return False


def has_two_people(order: Order) -> bool:
    """Whether two different users stand behind the order."""
    first, second = order.created_by.strip(), (order.approved_by or "").strip()
    return bool(first) and bool(second) and first != second


def use_of(command: Command) -> Use:
    """Which key signs it."""
    needed = signers_of(command)
    return next(use for use in USES if use in needed)


def kind_of(command: Command) -> str:
    """What its rate is counted by: a key of RATES, or STOPS."""
    match command:
        case PlayCommand() | LiveCommand():
            return "emergency" if is_emergency(command.priority) else "routine"
    return STOPS if command.type is CommandType.STOP else "other"


def _read(order: Order) -> tuple[_Wanted, _Claims]:
    try:
        wanted = msgspec.json.decode(order.command, type=_Wanted)
        return wanted, msgspec.json.decode(order.command, type=_Claims)
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        raise _unreadable(str(error)) from error


def _completed(order: Order, wanted: _Wanted, claims: _Claims, now: int) -> Command:
    begin = order.not_before or (wanted.start_at if wanted.type == CommandType.PLAY else None) or now
    complete: dict[str, object] = {
        **claims,
        "id": order.id,
        "for": order.address,
        "seq": 1,
        "iat": now // 1000,
        "exp": begin // 1000 + order.life_s,
    }
    if order.not_before is not None:
        complete["nbf"] = order.not_before // 1000
    try:
        return COMMAND.decode(msgspec.json.encode(complete))
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        raise _unreadable(str(error)) from error


def _check_life(command: Command, order: Order) -> None:
    if order.life_s < 1 or command.exp - command.iat > max_life_s(command):
        raise Denied("signer-life", seconds=order.life_s, limit=max_life_s(command))
    if command.exp <= command.iat:
        raise Denied("signer-too-late", order=order.id)
    fault = fault_of(command)
    if fault is not None:
        raise _unreadable(fault)


def _check_address(order: Order) -> None:
    """A device trusts `for` and no topic: an order for one device must not be good for a whole zone."""
    try:
        if not order.device:
            check_zone(order.address)
            return
        check_device_id(order.address)
    except IdError as error:
        raise _unreadable(error.reason) from error
    if names_many(order.address):
        raise _unreadable(f"{order.address!r} is the name of a zone as well, so no device can be told alone")


def _is_county(zone: str) -> bool:
    return not zone.startswith("g-") and area_level(zone) is AreaLevel.COUNTY


def _unreadable(reason: str) -> Denied:
    return Denied("signer-order-wrong", reason=reason)
