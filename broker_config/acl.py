"""The password file and the ACL file: text that mosquitto and the built-in broker both read.

mosquitto asks an account's own `topic` lines first and its `deny` lines before all others, then the
`pattern` lines, which speak of every account. So the rights that all devices share are patterns (one line
each, however many devices), loudspeakers have one line of their own, gateways are denied the contract's
tree, and so is each role where a pattern would make it a device.

What the broker cannot say here: who may publish *retained* messages. mosquitto has no such right, and its
switch `retain_available false` would cut off every device that retains its `status`. The hub therefore
ignores whatever arrives with the retain flag set, except `status`, which it never counts as seen.
"""

from collections.abc import Iterable, Iterator, Sequence

from broker_config.accounts import FOREIGN_READER, DeviceAccount, RoleAccount, foreign_filters
from broker_config.errors import BrokerConfigError
from devices.errors import IdError
from devices.ids import check_device_id
from devices.topics import DEVICE_SLOT, VERSION, DeviceKind, Direction, Right, rights

_VERBS = {Direction.UP: "write", Direction.DOWN: "read"}


def password_text(devices: Sequence[DeviceAccount], roles: Sequence[RoleAccount]) -> str:
    """One `name:hash` line per account."""
    for device in devices:
        _check(device)
    names = [(role.name, role.password_hash) for role in roles]
    names += sorted((device.id, device.password_hash) for device in devices)
    _check_unique(name for name, _ in names)
    return "".join(f"{name}:{hashed}\n" for name, hashed in names)


def acl_text(devices: Sequence[DeviceAccount], roles: Sequence[RoleAccount]) -> str:
    """The whole ACL file, each block under a line that says why it is there."""
    foreign = foreign_filters(devices)
    lines = ["# Written by the hub and replaced whenever an account changes: edits are lost.", ""]
    for role in roles:
        lines += ["# A role of the hub.", f"user {role.name}", *role.lines]
        if role.name.endswith(f".{FOREIGN_READER}"):
            lines += [f"topic read {pattern}" for pattern in foreign]
        lines.append("")
    for device in sorted(devices, key=lambda device: device.id):
        lines += _device_block(device)
    lines += ["# What every device shares. %u is the user name, which is the client id and the device id."]
    lines += _pattern_lines()
    return "\n".join(lines) + "\n"


def lines_for(device: DeviceAccount) -> tuple[str, ...]:
    """All ACL lines of one device, patterns spelled out: for a broker that the hub does not run."""
    _check(device)
    own = [f"topic {_VERBS[right.direction]} {right.for_device(device.id)}" for right in rights(device.kind)]
    return (f"user {device.id}", *own, *(f"topic readwrite {pattern}" for pattern in device.topics))


def _device_block(device: DeviceAccount) -> Iterator[str]:
    if device.kind == DeviceKind.GATEWAY:
        yield "# A gateway uses its own trees; of the contract's, nothing that the patterns below grant."
        yield f"user {device.id}"
        yield f"topic deny {VERSION}/#"
        yield from (f"topic readwrite {pattern}" for pattern in device.topics)
        yield ""
    elif own := [right for right in rights(device.kind) if right not in _shared()]:
        yield f"user {device.id}"
        yield from (f"topic {_VERBS[right.direction]} {right.for_device(device.id)}" for right in own)
        yield ""


def _pattern_lines() -> list[str]:
    return [f"pattern {_VERBS[right.direction]} {right.for_device('%u')}" for right in _shared()]


def _shared() -> tuple[Right, ...]:
    """The rights that name their own device: every kind but the gateway has all of them."""
    return tuple(right for right in rights(DeviceKind.BUTTON) if DEVICE_SLOT in right.pattern)


def _check(device: DeviceAccount) -> None:
    try:
        check_device_id(device.id)
    except IdError as error:
        raise BrokerConfigError(f"no broker account for {device.id!r}: {error.reason}") from error
    if not device.password_hash.startswith("$") or not device.password_hash.isprintable():
        raise BrokerConfigError(f"device {device.id}: its password hash is none; give it new credentials")
    if device.topics and device.kind != DeviceKind.GATEWAY:
        raise BrokerConfigError(f"device {device.id}: only a gateway has topics of its own")
    for pattern in device.topics:
        _check_foreign(device.id, pattern)


def _check_foreign(device: str, pattern: str) -> None:
    levels = pattern.split("/")
    top = levels[0]
    if not top or top == VERSION or top.startswith("$") or "+" in top or "#" in top:
        raise BrokerConfigError(
            f"gateway {device}: topic {pattern!r} must begin with a name of its own:"
            f" not with {VERSION!r}, '$' or a wildcard"
        )
    wild = [level for level in levels if ("+" in level or "#" in level) and level not in ("+", "#")]
    if wild or "#" in levels[:-1] or not pattern.isprintable() or pattern != pattern.strip():
        raise BrokerConfigError(f"gateway {device}: {pattern!r} is no MQTT topic filter")


def _check_unique(names: Iterable[str]) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise BrokerConfigError(f"two broker accounts are named {name!r}; each name is used once")
        seen.add(name)
