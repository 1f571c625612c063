"""Who gets in. Every story holds on mosquitto and on the built-in broker."""

import pytest

from tests.broker_clients import PATIENCE_S, BrokerClient, RefusedError
from tests.brokers import RunningBroker

CALLS = "hub.1.calls"
ALL_CALLS = "v1/d/+/call"


def test_a_client_without_a_name_is_refused(broker: RunningBroker) -> None:
    with pytest.raises(RefusedError), BrokerClient(broker, "", client_id="b-0001"):
        pass


@pytest.mark.parametrize("password", ["", "wrong"])
def test_a_wrong_password_is_refused(broker: RunningBroker, password: str) -> None:
    device = broker.add_device()
    with pytest.raises(RefusedError), BrokerClient(broker, device, password=password):
        pass


def test_a_name_without_an_account_is_refused(broker: RunningBroker) -> None:
    with pytest.raises(RefusedError), BrokerClient(broker, "b-unknown", password="x"):
        pass


def test_each_role_of_the_hub_has_an_account_of_its_own(broker: RunningBroker) -> None:
    assert set(broker.roles) == {CALLS, "hub.1.receipts", "hub.1.status", "hub.1.telemetry"}
    for role in broker.roles:
        with BrokerClient(broker, role):
            pass


def test_a_stranger_who_bears_the_hubs_client_id_does_not_disturb_it(broker: RunningBroker) -> None:
    device = broker.add_device()
    with BrokerClient(broker, CALLS, clean=False) as hub:
        hub.subscribe(ALL_CALLS)
        with pytest.raises(RefusedError), BrokerClient(broker, CALLS, password="wrong"):
            pass
        with BrokerClient(broker, device) as button:
            button.publish(f"v1/d/{device}/call", b"help")
        assert hub.next().payload == b"help"


def test_a_device_under_the_hubs_client_id_neither_ends_its_session_nor_empties_its_queue(
    broker: RunningBroker,
) -> None:
    device, thief = broker.add_device(), broker.add_device()
    with BrokerClient(broker, CALLS, clean=False) as hub:
        hub.subscribe(ALL_CALLS)
    with BrokerClient(broker, device) as button:
        button.publish(f"v1/d/{device}/call", b"help")
    with BrokerClient(broker, thief, client_id=CALLS, clean=True):
        pass
    with BrokerClient(broker, CALLS, clean=False) as hub:
        assert hub.next().payload == b"help"


def test_a_device_that_connects_again_takes_the_place_of_its_own_dead_connection(
    broker: RunningBroker,
) -> None:
    device = broker.add_device()
    with BrokerClient(broker, device) as first, BrokerClient(broker, device, client_id="other") as second:
        assert first.closed.wait(PATIENCE_S)
        second.subscribe(f"v1/d/{device}/reply")
        with BrokerClient(broker, CALLS) as hub:
            hub.publish(f"v1/d/{device}/reply", b"received")
        assert second.next().payload == b"received"


def test_a_new_device_is_let_in_without_a_restart_and_nobody_else_is_cut_off(broker: RunningBroker) -> None:
    with BrokerClient(broker, CALLS) as hub:
        hub.subscribe(ALL_CALLS)
        device = broker.add_device()
        with BrokerClient(broker, device) as button:
            button.publish(f"v1/d/{device}/call", b"help")
        assert hub.next().payload == b"help"
        assert not hub.closed.is_set()


def test_a_device_whose_account_is_taken_away_is_cut_off_and_never_let_in_again(
    broker: RunningBroker,
) -> None:
    device = broker.add_device()
    with BrokerClient(broker, device) as button:
        broker.remove_device(device)
        assert button.closed.wait(PATIENCE_S)
    with pytest.raises(RefusedError), BrokerClient(broker, device):
        pass


def test_a_device_with_new_credentials_is_refused_with_the_old(broker: RunningBroker) -> None:
    device = broker.add_device()
    old = broker.passwords[device]
    with BrokerClient(broker, device) as button:
        broker.add_device(device)
        assert button.closed.wait(PATIENCE_S)
    with BrokerClient(broker, device):
        pass
    with pytest.raises(RefusedError), BrokerClient(broker, device, password=old):
        pass
