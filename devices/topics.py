"""Topics: how each is built, read back, and who may use it in which direction."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from devices.errors import IdError, TopicError
from devices.ids import check_device_id, check_zone

VERSION = "v1"
DEVICE_SLOT = "{device}"
"""Stands in a right's pattern where the device's own id belongs (mosquitto: `%u`)."""


class Leaf(StrEnum):
    """The last level of a topic: which message it carries."""

    CALL = "call"
    STATUS = "status"
    TELEMETRY = "telemetry"
    RECEIPT = "receipt"
    ACK = "ack"
    TIME = "time"
    REPLY = "reply"
    COMMAND = "command"


class Direction(StrEnum):
    """Seen from the device: up is what it publishes, down is what it reads."""

    UP = "up"
    DOWN = "down"


class DeviceKind(StrEnum):
    """What a device is; it decides what its account may do."""

    BUTTON = "button"
    LOUDSPEAKER = "loudspeaker"
    GATEWAY = "gateway"


class Right(NamedTuple):
    """One line of a device's rights; `pattern` may hold DEVICE_SLOT and MQTT wildcards."""

    direction: Direction
    pattern: str

    def for_device(self, device: str) -> str:
        """Return the topic filter with the device's id in its place."""
        return self.pattern.replace(DEVICE_SLOT, device)


@dataclass(frozen=True, slots=True)
class ParsedTopic:
    """A topic read back: exactly one of `device` and `zone` is set."""

    leaf: Leaf
    device: str | None = None
    zone: str | None = None


class Delivery(NamedTuple):
    """How a leaf's messages are published. Nothing but `status` is ever retained."""

    qos: int
    retained: bool


DELIVERY = {
    Leaf.CALL: Delivery(qos=1, retained=False),
    Leaf.STATUS: Delivery(qos=1, retained=True),
    Leaf.TELEMETRY: Delivery(qos=0, retained=False),
    Leaf.RECEIPT: Delivery(qos=1, retained=False),
    Leaf.ACK: Delivery(qos=1, retained=False),
    Leaf.TIME: Delivery(qos=0, retained=False),
    Leaf.REPLY: Delivery(qos=1, retained=False),
    Leaf.COMMAND: Delivery(qos=1, retained=False),
}

UP_LEAVES = (Leaf.CALL, Leaf.STATUS, Leaf.TELEMETRY, Leaf.RECEIPT, Leaf.ACK, Leaf.TIME)
DOWN_LEAVES = (Leaf.REPLY, Leaf.COMMAND)

ALL_CALLS = f"{VERSION}/d/+/call"
ALL_STATUS = f"{VERSION}/d/+/status"
ALL_TELEMETRY = f"{VERSION}/d/+/telemetry"
ALL_RECEIPTS = f"{VERSION}/d/+/receipt"
ALL_ACKS = f"{VERSION}/d/+/ack"
ALL_TIMES = f"{VERSION}/d/+/time"
ALL_REPLIES = f"{VERSION}/d/+/reply"
ALL_COMMANDS = f"{VERSION}/d/+/command"
ALL_ZONE_COMMANDS = f"{VERSION}/z/+/command"


def of_device(device: str, leaf: Leaf) -> str:
    """Return the topic of one device's `leaf`; IdError when `device` cannot name a device."""
    return f"{VERSION}/d/{check_device_id(device)}/{leaf}"


def call(device: str) -> str:
    """A press, upward."""
    return of_device(device, Leaf.CALL)


def status(device: str) -> str:
    """Signs of life and the last will, upward."""
    return of_device(device, Leaf.STATUS)


def telemetry(device: str) -> str:
    """Measured values, upward."""
    return of_device(device, Leaf.TELEMETRY)


def receipt(device: str) -> str:
    """What a loudspeaker did with a run, upward."""
    return of_device(device, Leaf.RECEIPT)


def ack(device: str) -> str:
    """The answer to a command, upward."""
    return of_device(device, Leaf.ACK)


def time(device: str) -> str:
    """A question for signed time, upward."""
    return of_device(device, Leaf.TIME)


def reply(device: str) -> str:
    """Progress of the device's call, downward."""
    return of_device(device, Leaf.REPLY)


def command(device: str) -> str:
    """Signed commands to one device, downward."""
    return of_device(device, Leaf.COMMAND)


def zone_command(zone: str) -> str:
    """Signed commands to a zone, downward; IdError when `zone` is neither an area nor a group."""
    return f"{VERSION}/z/{check_zone(zone)}/command"


def parse(topic: str) -> ParsedTopic:
    """Read a topic back; TopicError when it is none of the contract's."""
    levels = topic.split("/")
    try:
        match levels:
            case ["v1", "d", device, leaf]:
                return ParsedTopic(Leaf(leaf), device=check_device_id(device))
            case ["v1", "z", zone, "command"]:
                return ParsedTopic(Leaf.COMMAND, zone=check_zone(zone))
    except (IdError, ValueError) as error:
        raise TopicError(f"topic {topic!r}: {error}") from error
    raise TopicError(f"topic {topic!r}: expected v1/d/<device>/<leaf> or v1/z/<zone>/command")


_OWN = (
    *(Right(Direction.UP, f"{VERSION}/d/{DEVICE_SLOT}/{leaf}") for leaf in UP_LEAVES),
    *(Right(Direction.DOWN, f"{VERSION}/d/{DEVICE_SLOT}/{leaf}") for leaf in DOWN_LEAVES),
)
_RIGHTS = {
    DeviceKind.BUTTON: _OWN,
    DeviceKind.LOUDSPEAKER: (*_OWN, Right(Direction.DOWN, ALL_ZONE_COMMANDS)),
    # A gateway carries foreign trees, named one by one at its enrolment, and nothing else.
    DeviceKind.GATEWAY: (),
}


def rights(kind: DeviceKind) -> tuple[Right, ...]:
    """Return all that an account of this kind may publish (up) and read (down)."""
    return _RIGHTS[DeviceKind(kind)]
