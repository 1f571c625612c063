"""What each account may publish and read: the whole matrix, on mosquitto and on the built-in broker.

Everyone here listens to everything, so whatever the broker lets through is seen by somebody.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest

from devices import topics
from devices.topics import DeviceKind, Direction, Leaf
from tests.broker_clients import BrokerClient
from tests.brokers import RunningBroker, Wanted

DEVICE, OTHER, SPEAKER, GATEWAY = "b-self", "b-other", "ls-listening", "gw-listening"
ZONE = topics.zone_command("g-square")
TREE = "zigbee2mqtt"
CALLS, RECEIPTS = "hub.1.calls", "hub.1.receipts"
FENCE = b"fence"
READS = {
    CALLS: {Leaf.CALL, Leaf.ACK},
    RECEIPTS: {Leaf.RECEIPT},
    "hub.1.status": {Leaf.STATUS, Leaf.TIME},
    "hub.1.telemetry": {Leaf.TELEMETRY, Leaf.STATUS},
}


def leaves(device: str) -> list[str]:
    """Every topic of a device, spelled out so that the hub's own names can stand there too."""
    return [f"v1/d/{device}/{leaf}" for leaf in Leaf]


EVERY_TOPIC = [
    *leaves(DEVICE),
    *leaves(OTHER),
    *leaves(CALLS),
    ZONE,
    f"{TREE}/b/action",
    "$SYS/broker/uptime",
    "x",
]


class Room:
    """A broker with a device of some kind, others of each kind, and the hub, all listening to everything."""

    def __init__(self, broker: RunningBroker, kind: DeviceKind, stack: ExitStack) -> None:
        own = (f"{TREE}-self/#",) if kind is DeviceKind.GATEWAY else ()
        broker.add_devices(
            Wanted(DEVICE, kind, own),
            Wanted(OTHER),
            Wanted(SPEAKER, DeviceKind.LOUDSPEAKER),
            Wanted(GATEWAY, DeviceKind.GATEWAY, (f"{TREE}/#",)),
        )
        names = (DEVICE, OTHER, SPEAKER, GATEWAY, *READS)
        self.clients = {name: stack.enter_context(BrokerClient(broker, name)) for name in names}
        for client in self.clients.values():
            client.subscribe("#", "$SYS/#")

    def publish_everywhere(self, name: str) -> None:
        """Have `name` publish on every topic there is; each message says where it was meant to go."""
        for topic in EVERY_TOPIC:
            self.clients[name].publish(topic, topic.encode())

    def seen(self) -> dict[str, set[str]]:
        """By listener, the topics on which anything arrived since the last time."""
        other, gateway = self.clients[OTHER], self.clients[GATEWAY]
        for leaf in topics.UP_LEAVES:
            other.publish(topics.of_device(OTHER, leaf), FENCE)
        for device in (DEVICE, OTHER, SPEAKER):
            self.clients[CALLS].publish(topics.reply(device), FENCE)
        gateway.publish(f"{TREE}/fence", FENCE)
        self.clients[DEVICE].publish(f"{TREE}-self/fence", FENCE)
        fences = {role: topics.of_device(OTHER, min(read)) for role, read in READS.items()}
        fences |= {device: topics.reply(device) for device in (DEVICE, OTHER, SPEAKER)}
        fences[GATEWAY] = f"{TREE}/fence"
        return {
            name: {
                message.topic
                for message in self.clients[name].until(topic, FENCE)
                if message.payload != FENCE
            }
            for name, topic in fences.items()
        }


@contextmanager
def room(broker: RunningBroker, kind: DeviceKind) -> Iterator[Room]:
    with ExitStack() as stack:
        yield Room(broker, kind, stack)


def allowed(kind: DeviceKind, direction: Direction) -> set[str]:
    return {right.for_device(DEVICE) for right in topics.rights(kind) if right.direction is direction}


@pytest.mark.parametrize("kind", [DeviceKind.BUTTON, DeviceKind.LOUDSPEAKER])
def test_a_device_publishes_on_its_own_upward_topics_and_on_nothing_else(
    broker: RunningBroker, kind: DeviceKind
) -> None:
    with room(broker, kind) as here:
        here.publish_everywhere(DEVICE)
        seen = here.seen()
    assert set().union(*seen.values()) == allowed(kind, Direction.UP)
    assert {role: seen[role] for role in READS} == {
        role: {topics.of_device(DEVICE, leaf) for leaf in read} for role, read in READS.items()
    }


@pytest.mark.parametrize("kind", [DeviceKind.BUTTON, DeviceKind.LOUDSPEAKER])
def test_a_device_reads_its_own_downward_topics_and_a_loudspeaker_its_zones(
    broker: RunningBroker, kind: DeviceKind
) -> None:
    with room(broker, kind) as here:
        for name in (CALLS, OTHER, SPEAKER, GATEWAY):
            here.publish_everywhere(name)
        read = here.seen()[DEVICE]
    expected = {topics.reply(DEVICE), topics.command(DEVICE)}
    assert read == expected | ({ZONE} if kind is DeviceKind.LOUDSPEAKER else set())


def test_a_device_may_also_name_its_topics_one_by_one(broker: RunningBroker) -> None:
    broker.add_devices(Wanted(DEVICE, DeviceKind.LOUDSPEAKER))
    with BrokerClient(broker, DEVICE) as device, BrokerClient(broker, CALLS) as hub:
        device.subscribe(topics.reply(DEVICE), topics.command(DEVICE), ZONE)
        for topic in (topics.reply(DEVICE), topics.command(DEVICE), ZONE):
            hub.publish(topic, b"down")
            assert device.next().topic == topic


def test_the_calls_role_speaks_to_devices_and_zones_and_nobody_else_of_the_hub_does(
    broker: RunningBroker,
) -> None:
    with room(broker, DeviceKind.LOUDSPEAKER) as here:
        for role in READS:
            if role != CALLS:
                here.publish_everywhere(role)
        assert set().union(*here.seen().values()) == set()
        here.publish_everywhere(CALLS)
        assert here.seen()[DEVICE] == {topics.reply(DEVICE), topics.command(DEVICE), ZONE}


def test_no_role_can_press_as_a_device_not_even_under_its_own_name(broker: RunningBroker) -> None:
    with room(broker, DeviceKind.BUTTON) as here:
        for role in READS:
            here.publish_everywhere(role)
        seen = here.seen()
    assert {role: seen[role] for role in READS} == {role: set() for role in READS}


def test_a_gateway_has_its_own_tree_both_ways_and_nothing_of_the_contract(broker: RunningBroker) -> None:
    broker.add_devices(
        Wanted("gw-1", DeviceKind.GATEWAY, ("zigbee2mqtt/#",)),
        Wanted("gw-2", DeviceKind.GATEWAY, ("shellies/#", "tele/+/STATE")),
    )
    with (
        BrokerClient(broker, "gw-1") as first,
        BrokerClient(broker, "gw-2") as second,
        BrokerClient(broker, CALLS) as calls,
        BrokerClient(broker, RECEIPTS) as foreign,
    ):
        for client in (first, second, calls, foreign):
            client.subscribe("#")
        for topic in ("v1/d/gw-1/call", "v1/d/gw-1/status", "shellies/b/event", "zigbee2mqtt/b/action"):
            first.publish(topic, b"from the first")
        for topic in ("zigbee2mqtt/b/set", "shellies/b/event", "tele/b/STATE", "tele/b/c/STATE"):
            second.publish(topic, b"from the second")
        calls.publish("v1/d/gw-1/command", b"for the first")
        first.publish("zigbee2mqtt/fence", FENCE)
        second.publish("shellies/fence", FENCE)
        assert [m.topic for m in first.until("zigbee2mqtt/fence", FENCE)] == ["zigbee2mqtt/b/action"]
        assert [m.topic for m in second.until("shellies/fence", FENCE)] == [
            "shellies/b/event",
            "tele/b/STATE",
        ]
        assert [m.topic for m in foreign.until("shellies/fence", FENCE)] == [
            *("zigbee2mqtt/b/action", "shellies/b/event", "tele/b/STATE", "zigbee2mqtt/fence")
        ]


def test_a_will_is_sent_when_the_device_dies_and_only_where_it_may_publish(broker: RunningBroker) -> None:
    broker.add_devices(Wanted(DEVICE), Wanted(OTHER))
    with BrokerClient(broker, "hub.1.status") as hub:
        hub.subscribe("#")
        forged = BrokerClient(broker, DEVICE, will=(topics.status(OTHER), b"forged", False)).__enter__()
        forged.vanish()
        honest = BrokerClient(broker, OTHER, will=(topics.status(OTHER), b"honest", True)).__enter__()
        with BrokerClient(
            broker, DEVICE
        ):  # takes the place of the forger, whose will is due at the latest now
            honest.vanish()
            assert hub.next().payload == b"honest"


def test_what_is_retained_reaches_nobody_who_may_not_read_it(broker: RunningBroker) -> None:
    broker.add_devices(Wanted(DEVICE), Wanted(OTHER))
    with BrokerClient(broker, DEVICE) as device:
        for leaf in topics.UP_LEAVES:
            device.publish(topics.of_device(DEVICE, leaf), b"kept", retain=True)
    with BrokerClient(broker, OTHER) as other, BrokerClient(broker, CALLS) as hub:
        other.subscribe("#", "v1/d/+/status", topics.status(DEVICE))
        hub.publish(topics.reply(OTHER), FENCE)
        assert other.until(topics.reply(OTHER), FENCE) == []
