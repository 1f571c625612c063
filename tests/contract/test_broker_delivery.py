"""What a session is given: everything once more until acknowledged, in order, and not without end."""

from __future__ import annotations

import os

import pytest

from devices.topics import DeviceKind
from tests.broker_clients import PATIENCE_S, BrokerClient, Received
from tests.brokers import RunningBroker, Wanted, signs_in

CALLS, STATUS = "hub.1.calls", "hub.1.status"
DEVICE, GATEWAY = "b-self", "gw-self"
CALL, REPLY = f"v1/d/{DEVICE}/call", f"v1/d/{DEVICE}/reply"
WINDOW = 1000


@pytest.fixture
def room(broker: RunningBroker) -> RunningBroker:
    """A broker with one button and one gateway."""
    broker.add_devices(Wanted(DEVICE), Wanted(GATEWAY, topics=("zigbee2mqtt/#",), kind=DeviceKind.GATEWAY))
    return broker


def durable_hub(broker: RunningBroker, *, acknowledge: bool = True) -> BrokerClient:
    return BrokerClient(broker, CALLS, clean=False, acknowledge=acknowledge)


def test_a_press_that_the_hub_has_not_acknowledged_comes_again_when_the_hub_is_back(
    room: RunningBroker,
) -> None:
    hub = durable_hub(room, acknowledge=False).__enter__()
    hub.subscribe("v1/d/+/call")
    with BrokerClient(room, DEVICE) as button:
        button.publish(CALL, b"first")
        button.publish(CALL, b"second")
    hub.acknowledge(hub.next())
    assert hub.next().payload == b"second"
    hub.vanish()
    with durable_hub(room) as again:
        assert again.next() == Received(CALL, b"second", qos=1, retain=False)


def test_presses_wait_in_order_for_a_hub_that_is_away(room: RunningBroker) -> None:
    with durable_hub(room) as hub:
        hub.subscribe("v1/d/+/call")
    sent = [str(number).encode() for number in range(2 * WINDOW)]
    with BrokerClient(room, DEVICE) as button:
        for payload in sent:
            button.publish(CALL, payload)
    with durable_hub(room) as hub:
        received = [hub.next() for _ in sent]
    assert [message.payload for message in received] == sent
    assert not any(message.retain for message in received)


def test_a_hub_may_leave_a_thousand_presses_unacknowledged_while_it_commits(room: RunningBroker) -> None:
    with durable_hub(room, acknowledge=False) as hub, BrokerClient(room, DEVICE) as button:
        hub.subscribe("v1/d/+/call")
        for number in range(WINDOW + 1):
            button.publish(CALL, str(number).encode())
        window = [hub.next() for _ in range(WINDOW)]
        assert window[-1].payload == str(WINDOW - 1).encode()
        hub.acknowledge(window[0])
        assert hub.next().payload == str(WINDOW).encode()


def test_a_device_that_was_away_is_not_given_replies_of_before(room: RunningBroker) -> None:
    with BrokerClient(room, DEVICE) as button:
        button.subscribe(REPLY)
    with BrokerClient(room, CALLS) as hub:
        hub.publish(REPLY, b"stale")
        with BrokerClient(room, DEVICE) as button:
            button.subscribe(REPLY)
            hub.publish(REPLY, b"fresh")
            assert button.next().payload == b"fresh"


def test_a_session_that_was_clean_becomes_durable_when_its_owner_asks(room: RunningBroker) -> None:
    with BrokerClient(room, CALLS, clean=True) as hub:
        hub.subscribe("v1/d/+/call")
    with durable_hub(room) as hub:
        hub.subscribe("v1/d/+/call")
    with BrokerClient(room, DEVICE) as button:
        button.publish(CALL, b"help")
    with durable_hub(room) as hub:
        assert hub.next().payload == b"help"


def test_the_weaker_of_two_qualities_of_service_is_the_one_delivered(room: RunningBroker) -> None:
    telemetry = f"v1/d/{DEVICE}/telemetry"
    with BrokerClient(room, "hub.1.telemetry") as hub, BrokerClient(room, DEVICE) as button:
        hub.subscribe(telemetry, qos=1)
        button.publish(telemetry, b"plain", qos=0)
        button.publish(telemetry, b"kept", qos=1)
        assert [hub.next().qos, hub.next().qos] == [0, 1]
        hub.subscribe(telemetry, qos=0)
        button.publish(telemetry, b"kept", qos=1)
        assert hub.next().qos == 0


def test_whose_connection_breaks_as_soon_as_it_stands_comes_in_again(room: RunningBroker) -> None:
    device = room.add_device()
    for _ in range(20):
        assert signs_in(room.host, room.port, device, room.passwords[device], politely=False)


def test_a_device_that_falls_silent_is_taken_for_gone(room: RunningBroker) -> None:
    status = f"v1/d/{DEVICE}/status"
    with BrokerClient(room, STATUS) as hub:
        hub.subscribe("v1/d/+/status")
        button = BrokerClient(room, DEVICE, will=(status, b"gone", True), keep_alive_s=1).__enter__()
        button.fall_silent()
        assert hub.next().payload == b"gone"
        button.vanish()


def test_a_gateway_may_publish_its_whole_network_at_once_but_not_without_end(room: RunningBroker) -> None:
    network = os.urandom(2_000_000)
    with BrokerClient(room, "hub.1.receipts") as hub, BrokerClient(room, GATEWAY) as gateway:
        hub.subscribe("zigbee2mqtt/#")
        gateway.publish("zigbee2mqtt/bridge/devices", network)
        assert hub.next().payload == network
        gateway.publish("zigbee2mqtt/bridge/devices", os.urandom(5_000_000), qos=0)
        assert gateway.closed.wait(PATIENCE_S)
