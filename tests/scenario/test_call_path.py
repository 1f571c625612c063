"""A press becomes a call, whatever dies in between: real hub processes, both brokers, both databases."""

from __future__ import annotations

import contextlib
import json
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import select, update

from broker_config.process import BrokerKind
from hub.db.tables import calls, presses, timers
from hub.domain.people import Scope
from tests.benchmarks.plant import Plant, running_plant
from tests.broker_clients import BrokerClient
from tests.postgres import PostgresCluster, running_cluster

PATIENCE_S = 90.0  # against a hang; nothing is measured by it
EVERYTHING = Scope(area_prefix="99")


def until(condition: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < deadline, f"waited in vain for {what}"
        time.sleep(0.02)


class Screen:
    """A client of the event stream in a thread: what it was shown, and from where it resumes."""

    def __init__(self, plant: Plant) -> None:
        self._plant = plant
        self._last = 0
        self.seen: list[tuple[int, str, dict[str, Any]]] = []
        self._open, self._left = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._watch)

    def __enter__(self) -> Screen:
        self._thread.start()
        assert self._open.wait(PATIENCE_S)
        return self

    def __exit__(self, *_: object) -> None:
        """Ends its hub too, so that the stream ends; a thread that outlives its test disturbs another."""
        self._left.set()
        self._plant.kill()
        self._thread.join(PATIENCE_S)
        assert not self._thread.is_alive()

    def _watch(self) -> None:
        while not self._left.is_set():
            with contextlib.suppress(httpx.HTTPError):
                self._follow()
            self._left.wait(0.05)

    def _follow(self) -> None:
        url = f"{self._plant.address}/api/v1/events"
        headers = {"Last-Event-ID": str(self._last)}  # from the first event on, however late the stream opens
        quiet = httpx.Timeout(20, connect=5)  # a ping comes each 15 s
        with httpx.stream(
            "GET", url, headers=headers, cookies=self._plant.cookies, timeout=quiet
        ) as response:
            event_id, name = 0, ""
            for line in response.iter_lines():
                self._open.set()
                field, _, value = line.partition(": ")
                if field == "id":
                    event_id = int(value)
                elif field == "event":
                    name = value
                elif field == "data":
                    self.seen.append((event_id, name, json.loads(value)))
                    self._last, event_id = max(self._last, event_id), 0

    def of(self, name: str) -> list[dict[str, Any]]:
        return [data for _, event, data in self.seen if event == name]


def stored(plant: Plant) -> list[str]:
    store = plant.open_store()
    found = store.read_sync(lambda read: list(read.conn.execute(select(presses.c.id)).scalars()))
    store.close()
    return found


def count_calls(plant: Plant) -> int:
    store = plant.open_store()
    found = store.read_sync(lambda read: len(list(read.conn.execute(select(calls.c.id)))))
    store.close()
    return found


def press(plant: Plant, press_id: str, device: str | None = None) -> None:
    device = device or plant.devices[0]
    with BrokerClient(plant.broker, device) as button:
        button.publish(f"v1/d/{device}/call", _body(press_id), qos=1)


def _body(press_id: str) -> bytes:
    return json.dumps({"id": press_id, "kind": "sos", "at": None}).encode()


@pytest.fixture(params=list(BrokerKind), ids=str)
def plant(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Plant]:
    """A hub on each broker."""
    with running_plant(tmp_path / "hub", 40, request.param) as running:
        yield running


@pytest.fixture
def mosquitto_plant(tmp_path: Path) -> Iterator[Plant]:
    """A hub on mosquitto."""
    with running_plant(tmp_path / "hub", 3) as running:
        yield running


def test_presses_survive_a_hub_that_is_killed_again_and_again(plant: Plant) -> None:
    pressed = [f"press-{n:03}" for n in range(120)]

    def keep_pressing() -> None:
        for n, each in enumerate(pressed):
            press(plant, each, plant.devices[n % len(plant.devices)])

    pressing = threading.Thread(target=keep_pressing)
    with Screen(plant) as screen:
        pressing.start()
        for _ in range(4):
            before = len(stored(plant))
            until(lambda seen=before: len(stored(plant)) > seen or not pressing.is_alive(), "presses")  # type: ignore[misc]
            plant.kill()
            plant.start()
        pressing.join()
        until(lambda: len(stored(plant)) == len(pressed), "every press in the database")
        until(lambda: len(_presses_seen(screen)) >= len(pressed), "every press on the screen")

    assert sorted(stored(plant)) == pressed
    assert sorted(_presses_seen(screen)) == pressed
    assert count_calls(plant) == len(plant.devices)
    assert [event_id for event_id, _, _ in screen.seen] == sorted(
        {event_id for event_id, _, _ in screen.seen}
    )


def _presses_seen(screen: Screen) -> list[str]:
    return [data["press"]["id"] for data in (*screen.of("call.raised"), *screen.of("call.pressed"))]


def test_a_timer_armed_before_a_crash_rings_after_it(mosquitto_plant: Plant) -> None:
    plant = mosquitto_plant
    press(plant, "press-1")
    until(lambda: stored(plant) == ["press-1"], "the press")
    plant.kill()
    store = plant.open_store()
    store.run_sync(lambda tx: tx.conn.execute(update(timers).values(due_at=timers.c.due_at - 60_000)))
    store.close()

    plant.start()
    screen_events = _timeline_types(plant)
    until(
        lambda: _timeline_types(plant).count("call.rung") == 2, f"the second ring; there are {screen_events}"
    )


def _timeline_types(plant: Plant) -> list[str]:
    store = plant.open_store()
    events = store.read_sync(lambda read: [event.type for event in read.events_after(0, 1000)])
    store.close()
    return events


def test_a_press_by_both_paths_is_one_call_though_the_broker_was_gone(mosquitto_plant: Plant) -> None:
    plant, device = mosquitto_plant, mosquitto_plant.devices[0]
    plant.broker.kill()

    answer = httpx.post(
        f"{plant.address}/api/v1/device/calls",
        content=_body("press-1"),
        auth=(device, plant.broker.passwords[device]),
    )
    assert (answer.status_code, answer.json()["state"]) == (200, "received")

    plant.broker.start()
    with BrokerClient(plant.broker, device) as button:
        button.subscribe(f"v1/d/{device}/reply")
        until(lambda: _told_again(button, device), "the reply over the broker that came back")
    assert (stored(plant), count_calls(plant)) == (["press-1"], 1)


def _told_again(button: BrokerClient, device: str) -> bool:
    button.publish(f"v1/d/{device}/call", _body("press-1"), qos=1)
    return any(json.loads(message.payload)["press"] == "press-1" for message in button.waiting())


def test_two_hubs_on_one_database_make_one_call_and_both_show_it(
    tmp_path: Path, postgres_cluster: PostgresCluster
) -> None:
    with (
        postgres_cluster.database() as url,
        running_plant(tmp_path / "hub-1", 3, database=url) as first,
    ):
        second = first.second()
        second.start()
        with Screen(first) as one, Screen(second) as other:
            for n in range(20):
                press(first, f"press-{n:02}", first.devices[n % 3])
            until(
                lambda: all(len(_presses_seen(screen)) == 20 for screen in (one, other)), "20 presses on both"
            )
            first.kill()
            press(first, "press-20", first.devices[0])
            until(lambda: "press-20" in _presses_seen(other), "the press that only the second hub saw")
        assert count_calls(first) == 3
        assert len(stored(first)) == 21


def test_a_press_rings_while_postgresql_is_gone_and_is_recorded_once(tmp_path: Path) -> None:
    with running_cluster({}) as cluster:
        name = cluster.create()
        with (
            running_plant(tmp_path / "hub-1", 3, database=cluster.url(name)) as plant,
            Screen(plant) as screen,
        ):
            cluster.kill()
            press(plant, "press-1")
            until(lambda: len(screen.of("call.unrecorded")) == 1, "the press, marked as not recorded")
            cluster.start()
            until(lambda: _presses_seen(screen) == ["press-1"], "the press, recorded")

            assert len(screen.of("call.unrecorded")) == 1
            assert stored(plant) == ["press-1"]
