"""A broker as a process: how it starts, ends, keeps what it was given, and speaks TLS."""

from __future__ import annotations

import datetime as dt
import os
import signal
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from paho.mqtt.enums import MQTTProtocolVersion

from broker_config.config import write_config
from broker_config.process import find_mosquitto, speaks_mqtt, start_command
from broker_config.reload import PID_FILE, reload
from broker_config.tls import RENEW_BEFORE, ensure_ca
from devices.topics import DeviceKind
from tests.broker_clients import PATIENCE_S, BrokerClient, RefusedError
from tests.brokers import HOST, RunningBroker, Wanted
from tests.ports import free_port

CALLS = "hub.1.calls"
DEVICE = "b-self"
CALL = f"v1/d/{DEVICE}/call"


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.01)


def certificate(broker: RunningBroker) -> str:
    return ssl.get_server_certificate((broker.host, broker.tls_port), timeout=PATIENCE_S)


def test_what_waits_for_the_hub_outlives_a_restart_of_mosquitto(mosquitto_broker: RunningBroker) -> None:
    mosquitto_broker.add_device(DEVICE)
    with BrokerClient(mosquitto_broker, CALLS, clean=False) as hub:
        hub.subscribe("v1/d/+/call")
    with BrokerClient(mosquitto_broker, DEVICE) as button:
        button.publish(CALL, b"help")
    assert mosquitto_broker.stop() == 0
    mosquitto_broker.start()
    with BrokerClient(mosquitto_broker, CALLS, clean=False) as hub:
        assert hub.next().payload == b"help"


def test_a_broker_that_is_asked_to_end_does_so_cleanly_with_clients_connected(broker: RunningBroker) -> None:
    with BrokerClient(broker, CALLS) as hub:
        assert broker.stop() == 0
        assert hub.closed.wait(PATIENCE_S)
    assert not (broker.folder / PID_FILE).exists()


def test_a_killed_broker_starts_again_on_the_same_folder(broker: RunningBroker) -> None:
    broker.add_device(DEVICE)
    broker.kill()
    broker.start()
    with BrokerClient(broker, DEVICE):
        pass


def test_a_broker_ends_when_its_supervisor_is_killed(broker: RunningBroker) -> None:
    broker.stop()
    command = start_command(broker.kind, broker.folder)
    supervisor = subprocess.Popen(
        [sys.executable, "-c", f"import subprocess; subprocess.Popen({command!r}).wait()"],
        stderr=subprocess.DEVNULL,
    )
    wait_until(lambda: speaks_mqtt(broker.host, broker.port))
    supervisor.kill()
    supervisor.wait()
    wait_until(lambda: not speaks_mqtt(broker.host, broker.port))


def test_a_port_that_is_taken_is_named_in_the_log_and_ends_the_broker(broker: RunningBroker) -> None:
    broker.stop()
    with socket.socket() as other:
        other.bind((HOST, broker.port))
        other.listen()
        process = subprocess.run(
            start_command(broker.kind, broker.folder),
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE_S,
        )
    assert process.returncode != 0
    assert str(broker.port) in process.stderr or "in use" in process.stderr


def test_a_device_from_elsewhere_speaks_tls_and_trusts_the_hubs_own_authority(broker: RunningBroker) -> None:
    broker.add_device(DEVICE)
    with (
        BrokerClient(broker, CALLS) as hub,
        BrokerClient(broker, DEVICE, ca=str(broker.tls.ca)) as button,
    ):
        hub.subscribe("v1/d/+/call")
        button.publish(CALL, b"help")
        assert hub.next().payload == b"help"


def test_a_device_that_trusts_another_authority_does_not_trust_this_broker(
    broker: RunningBroker, tmp_path: Path
) -> None:
    stranger = ssl.create_default_context(cafile=str(ensure_ca(tmp_path, []).ca))
    with (
        socket.create_connection((broker.host, broker.tls_port), PATIENCE_S) as connection,
        pytest.raises(ssl.SSLCertVerificationError),
    ):
        stranger.wrap_socket(connection, server_hostname=broker.host)


def test_a_renewed_certificate_is_shown_after_a_reload(broker: RunningBroker) -> None:
    before = certificate(broker)
    ensure_ca(broker.folder, [], dt.datetime.now(dt.UTC) + dt.timedelta(days=397) - RENEW_BEFORE / 2)
    assert reload(broker.folder)
    wait_until(lambda: certificate(broker) != before)


def test_mosquitto_speaks_mqtt_5_too(mosquitto_broker: RunningBroker) -> None:
    mosquitto_broker.add_device(DEVICE)
    with BrokerClient(mosquitto_broker, DEVICE, protocol=MQTTProtocolVersion.MQTTv5):
        pass


def test_the_built_in_broker_tells_an_mqtt_5_client_that_it_speaks_3_1_1_only(
    embedded_broker: RunningBroker,
) -> None:
    embedded_broker.add_device(DEVICE)
    with (
        pytest.raises(RefusedError, match="Unsupported protocol version"),
        BrokerClient(embedded_broker, DEVICE, protocol=MQTTProtocolVersion.MQTTv5),
    ):
        pass


def test_the_built_in_broker_says_that_it_is_for_trials(embedded_broker: RunningBroker) -> None:
    assert "for the demo and for trials" in embedded_broker.log


def test_the_built_in_broker_goes_on_with_what_it_has_when_a_file_is_spoilt(
    embedded_broker: RunningBroker,
) -> None:
    embedded_broker.add_device(DEVICE)
    (embedded_broker.folder / "acl").write_text("nonsense\n")
    assert reload(embedded_broker.folder)
    wait_until(lambda: "not reloaded" in embedded_broker.log)
    with BrokerClient(embedded_broker, DEVICE):
        pass


def test_a_client_that_reads_nothing_neither_fills_the_built_in_broker_nor_holds_up_others(
    embedded_broker: RunningBroker,
) -> None:
    tree = "zigbee2mqtt/bridge"
    embedded_broker.add_devices(
        Wanted("gw-fast", topics=("zigbee2mqtt/#",), kind=DeviceKind.GATEWAY),
        Wanted("gw-lazy", topics=("zigbee2mqtt/#",), kind=DeviceKind.GATEWAY),
    )
    chunk, count = os.urandom(1_000_000), 300
    lazy = BrokerClient(embedded_broker, "gw-lazy").__enter__()
    lazy.subscribe("zigbee2mqtt/#", qos=1)
    lazy.fall_silent()
    with (
        BrokerClient(embedded_broker, "gw-fast") as gateway,
        BrokerClient(embedded_broker, "hub.1.receipts") as hub,
    ):
        hub.subscribe("zigbee2mqtt/#", qos=1)
        for _ in range(count):
            gateway.publish(tree, chunk)
            assert len(hub.next().payload) == len(chunk)
    assert resident_bytes(embedded_broker.pid) < count * len(chunk) / 2
    lazy.vanish()


def test_a_number_left_behind_in_the_pid_file_signals_nobody(tmp_path: Path) -> None:
    with subprocess.Popen(["sleep", "60"]) as bystander:
        (tmp_path / PID_FILE).write_text(f"{bystander.pid}\n")
        assert reload(tmp_path) is False
        bystander.terminate()
        assert bystander.wait() == -signal.SIGTERM  # SIGHUP would have ended it first


def test_a_broker_that_is_only_starting_is_not_killed_by_a_reload(tmp_path: Path) -> None:
    late = "import signal, time; time.sleep(0.3); signal.signal(1, exit); signal.pause()"
    with subprocess.Popen([sys.executable, "-c", late, "mosquitto"]) as broker:
        (tmp_path / PID_FILE).write_text(f"{broker.pid}\n")
        assert reload(tmp_path)
        assert broker.wait(PATIENCE_S) == signal.SIGHUP


def test_a_folder_written_by_hand_makes_a_broker_that_starts(tmp_path: Path) -> None:
    port = free_port()
    arguments = [str(tmp_path / "broker"), "--port", str(port)]
    written = subprocess.run(
        [sys.executable, "-m", "broker_config", *arguments], capture_output=True, text=True, check=True
    )
    command = written.stdout.splitlines()[-1].split()
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as broker:
        wait_until(lambda: speaks_mqtt(HOST, port))
        broker.terminate()
        assert broker.wait(PATIENCE_S) == 0


def test_every_line_of_the_configuration_is_one_that_mosquitto_knows(tmp_path: Path) -> None:
    tls = ensure_ca(tmp_path, [])
    config = write_config(tmp_path, port=free_port(), tls_port=free_port(), tls=tls)
    (tmp_path / "passwd").touch(mode=0o600)
    (tmp_path / "acl").touch(mode=0o600)
    with subprocess.Popen(
        [str(find_mosquitto()), "-c", str(config)], stderr=subprocess.PIPE, text=True
    ) as broker:
        wait_until((tmp_path / PID_FILE).exists)
        broker.terminate()
        complaints = [line for line in broker.stderr or () if "Error" in line or "deprecated" in line]
    assert complaints == []


def resident_bytes(pid: int) -> int:
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")
