"""The simulator as a process: how it connects, says good-bye, is alone, and ends."""

import json
import os
import signal
import socket
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from devices import codec, topics
from devices.messages import Status
from firmware_sim.control import CountOrder, CutOrder, PressOrder
from tests.broker_clients import BrokerClient
from tests.brokers import RunningBroker, Wanted
from tests.simulators import PATIENCE_S, Simulator

STATUS = "hub.1.status"


def next_status(hub: BrokerClient) -> Status:
    return codec.decode_status(hub.next().payload)


def test_it_says_online_and_good_bye_under_one_session(
    mosquitto_broker: RunningBroker, simulator: Simulator
) -> None:
    button = mosquitto_broker.add_device()
    simulator.write_fleet(mosquitto_broker, {"id": button, "every_s": 77, "model": "SOS-1"})
    with BrokerClient(mosquitto_broker, STATUS) as hub:
        hub.subscribe(topics.ALL_STATUS)
        simulator.start()
        online = next_status(hub)
        assert (online.online, online.every_s, online.model) == (True, 77, "SOS-1")
        assert simulator.stop() == 0
        assert next_status(hub) == Status(online=False, session=online.session)


def test_a_broken_connection_leaves_its_will_and_the_next_has_another_session(
    mosquitto_broker: RunningBroker, simulator: Simulator
) -> None:
    button = mosquitto_broker.add_device()
    simulator.write_fleet(mosquitto_broker, {"id": button})
    with BrokerClient(mosquitto_broker, STATUS) as hub:
        hub.subscribe(topics.ALL_STATUS)
        simulator.start()
        first = next_status(hub)
        simulator.until_connected(1)
        simulator.cut(button)
        assert next_status(hub) == Status(online=False, session=first.session)
        second = next_status(hub)
    assert second.online
    assert second.session != first.session


def test_telemetry_flows(mosquitto_broker: RunningBroker, simulator: Simulator) -> None:
    button = mosquitto_broker.add_device()
    simulator.write_fleet(mosquitto_broker, {"id": button, "every_s": 1})
    with BrokerClient(mosquitto_broker, "hub.1.telemetry") as hub:
        hub.subscribe(topics.ALL_TELEMETRY, qos=0)
        simulator.start()
        measured = codec.decode_telemetry(hub.next().payload)
    assert set(measured.metrics) == {"battery", "signal", "temperature", "uptime_s"}
    assert measured.at is not None


def test_it_connects_by_tls_to_a_broker_it_trusts(
    mosquitto_broker: RunningBroker, simulator: Simulator
) -> None:
    button = mosquitto_broker.add_device()
    simulator.write_fleet(mosquitto_broker, {"id": button}, ca=str(mosquitto_broker.tls.ca))
    simulator.start()
    simulator.until_connected(1)


def test_a_device_marked_hands_off_is_left_alone(
    mosquitto_broker: RunningBroker, simulator: Simulator
) -> None:
    ours, theirs = mosquitto_broker.add_device(), mosquitto_broker.add_device()
    simulator.write_fleet(mosquitto_broker, {"id": ours}, {"id": theirs, "hands_off": True})
    with BrokerClient(mosquitto_broker, STATUS) as hub:
        hub.subscribe(topics.ALL_STATUS)
        simulator.start()
        assert topics.parse(hub.next().topic).device == ours
        assert "hands off" in str(simulator.ask(PressOrder(theirs)).error)
        simulator.stop()
        assert topics.parse(hub.next().topic).device == ours


def test_an_unknown_device_is_named(mosquitto_broker: RunningBroker, simulator: Simulator) -> None:
    simulator.write_fleet(mosquitto_broker)
    simulator.start()
    assert "b-9999" in str(simulator.ask(PressOrder("b-9999")).error)
    assert "b-9999" in str(simulator.ask(CutOrder("b-9999")).error)


def test_two_simulators_do_not_share_a_state_folder(
    mosquitto_broker: RunningBroker, simulator: Simulator
) -> None:
    simulator.write_fleet(mosquitto_broker)
    simulator.start()
    second = subprocess.run(simulator.command(), capture_output=True, text=True, check=False)
    assert second.returncode == 2
    assert "another simulator" in second.stderr


def test_a_broken_fleet_file_is_one_clear_line(simulator: Simulator) -> None:
    simulator.fleet.write_text(json.dumps({"mqtt": {"host": "x", "port": "y"}, "http": "", "devices": []}))
    ended = subprocess.run(simulator.command(), capture_output=True, text=True, check=False)
    assert ended.returncode == 2
    assert "port" in ended.stderr
    assert len(ended.stderr.splitlines()) == 1


def test_pressing_alone_connects_as_that_device_only(
    mosquitto_broker: RunningBroker, simulator: Simulator
) -> None:
    ours, other = mosquitto_broker.add_device(), mosquitto_broker.add_device()
    simulator.write_fleet(mosquitto_broker, {"id": ours}, {"id": other})
    with BrokerClient(mosquitto_broker, "hub.1.calls") as hub:
        hub.subscribe(topics.ALL_CALLS)
        command = simulator.command("--press", ours, "--wait-s", "0.01", "--kind", "test")
        ended = subprocess.run(command, capture_output=True, text=True, check=False)
        assert ended.returncode == 1
        answer = json.loads(ended.stdout)
        assert (answer["device"], answer["outcome"]) == (ours, "timeout")


def test_it_dies_with_its_parent(mosquitto_broker: RunningBroker, simulator: Simulator) -> None:
    simulator.write_fleet(mosquitto_broker)
    parent_code = "import subprocess, sys; subprocess.Popen(sys.argv[1:]); sys.stdin.read()"
    parent = subprocess.Popen(
        [sys.executable, "-c", parent_code, *simulator.command("--quiet")], stdin=subprocess.PIPE
    )
    try:
        simulator.until((simulator.state / "control.sock").exists, "the simulator to take orders")
        child = int(Path(f"/proc/{parent.pid}/task/{parent.pid}/children").read_text().split()[0])
    finally:
        parent.kill()
        parent.communicate(timeout=PATIENCE_S)
    simulator.until(lambda: not _alive(child), "the simulator to end")


def _alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_hundreds_of_devices_share_a_handful_of_threads(
    mosquitto_broker: RunningBroker, simulator: Simulator
) -> None:
    names = [f"b-{number:04}" for number in range(300)]
    mosquitto_broker.add_devices(*(Wanted(name) for name in names))
    simulator.write_fleet(mosquitto_broker, *({"id": name} for name in names))
    simulator.start()
    simulator.until_connected(300)
    assert simulator.process is not None
    threads = list(Path(f"/proc/{simulator.process.pid}/task").iterdir())
    assert len(threads) < 10
    os.kill(simulator.process.pid, signal.SIGINT)
    assert simulator.process.wait(PATIENCE_S) == 0


def test_bad_luck_on_the_way_is_made_on_demand(mosquitto_broker: RunningBroker, simulator: Simulator) -> None:
    button = mosquitto_broker.add_device()
    simulator.write_fleet(mosquitto_broker, {"id": button})
    simulator.start("--faults", "double=1")
    simulator.until_connected(1)
    with BrokerClient(mosquitto_broker, "hub.1.calls") as hub:
        hub.subscribe(topics.ALL_CALLS)
        simulator.ask(PressOrder(button, wait_s=0.01))
        assert hub.next().payload == hub.next().payload


def test_what_is_no_order_is_answered_and_hurts_nobody(
    mosquitto_broker: RunningBroker, simulator: Simulator
) -> None:
    simulator.write_fleet(mosquitto_broker)
    simulator.start()
    for junk in (b"", b"\n", b"press it\n", b'{"do":"fly"}\n', b"x" * 100_000):
        with socket.socket(socket.AF_UNIX) as mouth:
            mouth.connect(str(simulator.state / "control.sock"))
            with suppress(BrokenPipeError, ConnectionResetError):
                mouth.sendall(junk)
                mouth.shutdown(socket.SHUT_WR)
                while mouth.recv(4_096):
                    pass
    assert simulator.ask(CountOrder()).devices == 0
