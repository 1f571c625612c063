"""Who may sign in at the broker, and what each may publish and read.

User name and client id are one and the same for every account. The hub has one account per role, so that a
flood on one connection never fills another's queue, and so that no single password opens everything.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec

from broker_config.errors import BrokerConfigError
from broker_config.passwords import hash_password, new_password
from broker_config.storage import ensure_folder, replace_file
from devices import topics
from devices.errors import Kind
from devices.ids import DEVICE_ID_RE, RESERVED_PREFIX
from devices.topics import DeviceKind

ROLES_FILE = "roles.json"
FOREIGN_READER = "receipts"
"""The role that reads what gateways publish in their own trees."""

_READ: Mapping[str, tuple[str, ...]] = {
    "calls": (topics.ALL_CALLS, topics.ALL_ACKS),
    "receipts": (topics.ALL_RECEIPTS,),
    "status": (topics.ALL_STATUS, topics.ALL_TIMES),
    "telemetry": (topics.ALL_TELEMETRY, topics.ALL_STATUS),
}
_WRITE: Mapping[str, tuple[str, ...]] = {
    "calls": (topics.ALL_REPLIES, topics.ALL_COMMANDS, topics.ALL_ZONE_COMMANDS),
}
ROLES = tuple(_READ)


@dataclass(frozen=True, slots=True)
class DeviceAccount:
    """A device's account. `topics` are the filters of a gateway's own tree (`zigbee2mqtt/#`)."""

    id: str
    kind: DeviceKind
    password_hash: str
    topics: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RoleAccount:
    """One of the hub's own accounts; `lines` are its topic lines in mosquitto's ACL format."""

    name: str
    password_hash: str
    lines: tuple[str, ...]


class _StoredRole(msgspec.Struct, frozen=True):
    password: str
    password_hash: str


def role_name(role: str, hub: str = "1") -> str:
    """The user name and client id of a role: `hub.<hub>.<role>`."""
    name = f"{RESERVED_PREFIX}{hub}.{role}"
    if role not in ROLES or not DEVICE_ID_RE.fullmatch(name):
        raise BrokerConfigError(f"no broker account can be named {name!r}: roles are {', '.join(ROLES)}")
    return name


def role_lines(role: str, name: str) -> tuple[str, ...]:
    """The ACL lines of the account `name` in the role `role`."""
    return (
        *(f"topic read {pattern}" for pattern in _READ[role]),
        *(f"topic write {pattern}" for pattern in _WRITE.get(role, ())),
        # The pattern lines below speak of every user, the hub's own too; a role is no device.
        f"topic deny {topics.VERSION}/d/{name}/#",
    )


def ensure_roles(folder: Path, hub: str = "1") -> dict[str, str]:
    """Return the clear password of each role account of `hub` by user name, kept in `roles.json`."""
    stored = _load(folder)
    missing = [name for role in ROLES if (name := role_name(role, hub)) not in stored]
    for name in missing:
        password = new_password()
        stored[name] = _StoredRole(password, hash_password(password))
    if missing:
        text = msgspec.json.format(msgspec.json.encode(stored)).decode()
        replace_file(ensure_folder(folder) / ROLES_FILE, text + "\n")
    return {name: stored[name].password for role in ROLES if (name := role_name(role, hub))}


def role_accounts(folder: Path) -> tuple[RoleAccount, ...]:
    """The accounts of every hub that `ensure_roles` has met in this folder."""
    return tuple(
        RoleAccount(name, role.password_hash, role_lines(name.rsplit(".", 1)[1], name))
        for name, role in sorted(_load(folder).items())
    )


def _load(folder: Path) -> dict[str, _StoredRole]:
    path = folder / ROLES_FILE
    try:
        return msgspec.json.decode(path.read_bytes(), type=dict[str, _StoredRole])
    except FileNotFoundError:
        return {}
    except (OSError, msgspec.MsgspecError) as error:
        raise BrokerConfigError(
            f"{path} cannot be read ({error}); remove it to have new role passwords made", Kind.UNAVAILABLE
        ) from error


def foreign_filters(devices: Iterable[DeviceAccount]) -> tuple[str, ...]:
    """Every filter that a gateway may use, sorted, each once."""
    return tuple(sorted({pattern for device in devices for pattern in device.topics}))
