"""From a device's heartbeat to the county's screen, with InfluxDB gone in the middle: calls go on all the while.

Broker, calls role, telemetry role and InfluxDB are processes of their own; nothing is faked.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import pytest

from tests.benchmarks.plant import Plant, running_plant
from tests.broker_clients import BrokerClient
from tests.influx import RunningInflux
from tests.telemetry_role import RunningTelemetry

PATIENCE_S = 30.0


class County(NamedTuple):
    """A hub with two buttons, its telemetry in InfluxDB."""

    plant: Plant
    role: RunningTelemetry
    influx: RunningInflux

    def get(self, path: str) -> Any:
        answer = httpx.get(f"{self.plant.address}/api/v1{path}", cookies=self.plant.cookies)
        assert answer.is_success, answer.text
        return answer.json()

    def line(self) -> str:
        """What /readyz says of telemetry; the hub is ready whatever that is."""
        answer = httpx.get(f"{self.plant.address}/readyz")
        assert answer.status_code == 200, answer.text
        return next(line for line in answer.text.splitlines() if line.startswith("telemetry"))

    def until_line(self, part: str) -> str:
        return self.role.until(lambda: line if part in (line := self.line()) else None)

    def events(self, *names: str) -> list[tuple[str, str]]:
        """Committed events of these names with their device."""
        store = self.plant.open_store()
        try:
            found = store.read_sync(lambda read: read.events_after(0, 1_000))
        finally:
            store.close()
        return [(event.type, json.loads(event.data)["device"]) for event in found if event.type in names]


@pytest.fixture
def county(tmp_path: Path, influx: RunningInflux) -> Iterator[County]:
    with running_plant(tmp_path / "hub", 2) as plant:
        plant.stop()
        role = RunningTelemetry(plant.folder, plant.broker, influx.access)
        plant.environment = role.influx_environment
        plant.start()
        try:
            yield County(plant, role, influx)
        finally:
            role.kill()


def button(county: County, session: str) -> BrokerClient:
    device = county.plant.devices[0]
    will = (f"v1/d/{device}/status", json.dumps({"online": False, "session": session}).encode(), True)
    return BrokerClient(county.plant.broker, device, will=will)


def test_presence_charts_and_a_store_that_goes_and_comes_back(county: County) -> None:
    device = county.plant.devices[0]
    topic = f"v1/d/{device}"
    assert county.line() == "telemetry down the telemetry role does not run; calls go on"
    county.role.start()
    county.until_line("telemetry ok InfluxDB")

    with button(county, "s1") as client:
        client.publish(f"{topic}/status", b'{"online":true,"session":"s1","every_s":3600}', retain=True)
        client.publish(f"{topic}/telemetry", b'{"at":null,"battery":88}', qos=0)
        county.role.until(lambda: county.get(f"/devices/{device}/telemetry?metric=battery")["items"])
        county.role.until(lambda: county.events("device.online"))

        county.influx.cut_off()
        client.publish(f"{topic}/telemetry", b'{"at":null,"battery":87}', qos=0)
        down = county.until_line("telemetry down")
        assert down.startswith(f"telemetry down InfluxDB {county.influx.access.url} is not reached: ")
        assert "; waiting on disk: 1, lost so far: 0; calls go on" in down
        assert press_is_heard(county, client)
        shown = county.get(f"/devices/{device}")["now"]
        assert (shown["presence"], shown["metrics"]["battery"]["value"]) == ("online", 87.0)

        county.influx.bring_back()
        county.until_line("telemetry ok")
        chart = county.get(f"/devices/{device}/telemetry?metric=battery")["items"]
        assert sum(bucket["n"] for bucket in chart) == 2
        client.vanish()

    county.role.until(lambda: county.events("device.lost"))
    assert county.events("device.online", "device.lost") == [
        ("device.online", device),
        ("device.lost", device),
    ]


def press_is_heard(county: County, client: BrokerClient) -> bool:
    """Press; whether the hub says that it has the call."""
    device = county.plant.devices[0]
    client.subscribe(f"v1/d/{device}/reply")
    client.publish(f"v1/d/{device}/call", b'{"id":"press-0001","kind":"sos","at":null}')
    reply = json.loads(client.next().payload)
    return (reply["press"], reply["state"]) == ("press-0001", "received")
