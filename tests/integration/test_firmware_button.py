"""A simulated button against a real broker; the test itself answers as a hub would."""

import subprocess
import threading
from base64 import b64decode
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from devices import codec, topics
from devices.messages import Press, PressKind, Reply, ReplyState
from firmware_sim.__main__ import SLEEPS_S
from hub.domain.presence import Presence, came_online, presence
from tests.broker_clients import BrokerClient
from tests.brokers import RunningBroker
from tests.simulators import Simulator

CALLS = "hub.1.calls"
STATUS = "hub.1.status"


def reply_to(press: str) -> bytes:
    """What a hub says when it has stored a press."""
    return codec.encode(
        Reply(press=press, call="call-1", rev=1, state=ReplyState.RECEIVED, by="值班室", say="已收到",
              at=1, drill=False, ask=None)
    )  # fmt: skip


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    """A thread for the press that waits while the test plays the hub."""
    with ThreadPoolExecutor(1) as threads:
        yield threads


def next_press(hub: BrokerClient) -> tuple[str, Press, bytes]:
    """The next call that the hub hears: device, press, bytes."""
    message = hub.next()
    device = topics.parse(message.topic).device
    assert device is not None
    return device, codec.decode_press_strict(message.payload), message.payload


def test_a_press_is_received(broker: RunningBroker, simulator: Simulator, pool: ThreadPoolExecutor) -> None:
    button = broker.add_device()
    simulator.write_fleet(broker, {"id": button})
    simulator.start()
    with BrokerClient(broker, CALLS) as hub:
        hub.subscribe(topics.ALL_CALLS)
        pressed = pool.submit(simulator.press, button, PressKind.FALL)
        device, press, _ = next_press(hub)
        assert (device, press.kind) == (button, PressKind.FALL)
        hub.publish(topics.reply(button), reply_to(press.id))
        answer = pressed.result()
    assert (answer.outcome, answer.press) == ("received", press.id)
    assert answer.reply is not None
    assert answer.reply.say == "已收到"


def test_without_an_answer_the_same_bytes_come_again(
    mosquitto_broker: RunningBroker, simulator: Simulator, pool: ThreadPoolExecutor
) -> None:
    button = mosquitto_broker.add_device()
    simulator.write_fleet(mosquitto_broker, {"id": button})
    simulator.start()
    with BrokerClient(mosquitto_broker, CALLS) as hub:
        hub.subscribe(topics.ALL_CALLS)
        pressed = pool.submit(simulator.press, button)
        _, press, first = next_press(hub)
        _, _, second = next_press(hub)
        hub.publish(topics.reply(button), reply_to(press.id))
        assert pressed.result().outcome == "received"
    assert first == second


def test_a_press_made_while_the_broker_is_away_outlives_a_kill(
    mosquitto_broker: RunningBroker, simulator: Simulator
) -> None:
    button = mosquitto_broker.add_device()
    simulator.write_fleet(mosquitto_broker, {"id": button})
    simulator.start()
    simulator.until_connected(1)
    mosquitto_broker.stop()
    made = simulator.press(button, wait_s=0.01)
    assert made.outcome == "timeout"
    simulator.kill()
    mosquitto_broker.start()
    with BrokerClient(mosquitto_broker, CALLS) as hub:
        hub.subscribe(topics.ALL_CALLS)
        simulator.start()
        _, press, _ = next_press(hub)
    assert press.id == made.press


def test_a_button_that_runs_for_one_press_alone_sleeps_afterwards_and_is_not_gone(
    mosquitto_broker: RunningBroker, simulator: Simulator, pool: ThreadPoolExecutor
) -> None:
    button = mosquitto_broker.add_device()
    simulator.write_fleet(mosquitto_broker, {"id": button})
    with BrokerClient(mosquitto_broker, CALLS) as hub:
        hub.subscribe(topics.ALL_CALLS)
        command = simulator.command("--press", button, "--wait-s", "60")
        pressing = pool.submit(subprocess.run, command, capture_output=True, check=False)
        _, press, _ = next_press(hub)
        hub.publish(topics.reply(button), reply_to(press.id))
        assert pressing.result().returncode == 0
    with BrokerClient(mosquitto_broker, STATUS) as hub:
        hub.subscribe(topics.ALL_STATUS)
        status = codec.decode_status(hub.next().payload)

    assert (status.online, status.every_s) == (True, SLEEPS_S)
    heard = came_online(None, status.session, status.every_s, 0)
    assert presence(heard, 7 * 86_400_000, 0) is Presence.ONLINE


class StandInHub(HTTPServer):
    """The HTTP half of a hub: takes a press and answers it, or says what it is told to say first."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), SecondPathHandler)
        self.first_answers: list[int] = []
        self.taken: list[tuple[str, bytes]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class SecondPathHandler(BaseHTTPRequestHandler):
    server: StandInHub

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        if self.server.first_answers:
            self.send_response(self.server.first_answers.pop(0))
            self.send_header("content-length", "0")
            self.end_headers()
            return
        credentials = b64decode(self.headers["authorization"].removeprefix("Basic ")).decode()
        self.server.taken.append((f"{self.path} {credentials}", body))
        answer = reply_to(codec.decode_press_strict(body).id)
        self.send_response(200)
        self.send_header("content-length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing."""


@pytest.fixture
def hub_http() -> Iterator[StandInHub]:
    server = StandInHub()
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def test_with_the_broker_gone_the_press_comes_by_the_second_path(
    mosquitto_broker: RunningBroker, simulator: Simulator, hub_http: StandInHub
) -> None:
    button = mosquitto_broker.add_device()
    simulator.write_fleet(mosquitto_broker, {"id": button}, http=hub_http.url)
    mosquitto_broker.stop()
    hub_http.first_answers = [503]
    simulator.start()
    answer = simulator.press(button)
    assert answer.outcome == "received"
    (where, body), *more = hub_http.taken
    assert not more
    assert where == f"/api/v1/device/calls {button}:{mosquitto_broker.passwords[button]}"
    assert codec.decode_press_strict(body).id == answer.press
