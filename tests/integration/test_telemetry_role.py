"""The telemetry role on a real broker: what devices say is kept, whatever else they say, and whatever happens."""

from __future__ import annotations

import json
import sqlite3
import time
from contextlib import closing
from pathlib import Path

from hub.domain.presence import Presence
from hub.domain.telemetry import DAY_MS, Bucket, DeviceState, span
from hub.telemetry.embedded_reader import read_buckets
from hub.telemetry.spool import SampleSpool
from tests.broker_clients import BrokerClient
from tests.brokers import RunningBroker
from tests.disks import SmallDisk
from tests.telemetry_role import RunningTelemetry

DEVICE = "b-1"
TELEMETRY, STATUS = f"v1/d/{DEVICE}/telemetry", f"v1/d/{DEVICE}/status"


def now_ms() -> int:
    return int(time.time() * 1000)


def device(broker: RunningBroker, session: str = "s1") -> BrokerClient:
    """The button b-1 with its last will."""
    if DEVICE not in broker.passwords:
        broker.add_device(DEVICE)
    will = (STATUS, json.dumps({"online": False, "session": session}).encode(), True)
    return BrokerClient(broker, DEVICE, will=will)


def online(session: str = "s1", every_s: int = 3600) -> bytes:
    return json.dumps({"online": True, "session": session, "every_s": every_s, "fw": "1.2"}).encode()


def day(role: RunningTelemetry, metric: str) -> list[Bucket]:
    now = now_ms() + 1_000
    return list(read_buckets(role.file, DEVICE, metric, span(now - DAY_MS, now, now)))


def last_said(role: RunningTelemetry, metric: str, value: float) -> DeviceState:
    """The device's state once its newest `metric` is `value`."""

    def look() -> DeviceState | None:
        state = role.state(DEVICE)
        shown = state.metrics.get(metric) if state is not None else None
        return state if shown is not None and shown.value == value else None

    return role.until(look)


def test_what_a_device_measures_is_kept_and_shown(
    telemetry: RunningTelemetry, mosquitto_broker: RunningBroker
) -> None:
    telemetry.start()
    at = now_ms() - 60_000
    with device(mosquitto_broker) as button:
        button.publish(STATUS, online(), retain=True)
        button.publish(TELEMETRY, json.dumps({"at": at, "battery": 88, "signal": -71.5}).encode(), qos=0)
        state = last_said(telemetry, "battery", 88)

    assert state.presence is Presence.ONLINE
    assert (state.about.fw if state.about else None, state.heard.every_s) == ("1.2", 3600)
    assert state.metrics["signal"].at == at
    telemetry.until(lambda: day(telemetry, "signal"))
    assert [bucket.value for bucket in day(telemetry, "battery")] == [88.0]


def test_bad_telemetry_is_counted_and_kept_out_and_the_next_message_is_taken(
    telemetry: RunningTelemetry, mosquitto_broker: RunningBroker
) -> None:
    telemetry.start()
    at, a_year_ms = now_ms(), 366 * DAY_MS
    many = {f"m{n}": n for n in range(100)}
    with device(mosquitto_broker) as button:
        for payload in (
            b'{"at":null,"battery":NaN,"signal":-70}',
            b'{"at":null,"battery":"full","temperature":Infinity}',
            json.dumps({"at": at, **many}, separators=(",", ":")).encode(),
            json.dumps({"at": at - a_year_ms, "battery": 11}).encode(),
            json.dumps({"at": at + a_year_ms, "battery": 12}).encode(),
            b"\xff\xfe not json",
            b"[1,2]",
            b'{"at":null,' + b'"x":1,' * 1_000 + b'"y":1}',
        ):
            button.publish(TELEMETRY, payload, qos=0)
        button.publish(TELEMETRY, b'{"at":7,"battery":13}', qos=1, retain=True)
        button.publish(TELEMETRY, json.dumps({"at": at, "pressure": 1013}).encode(), qos=0)
        telemetry.until(lambda: day(telemetry, "m1"))
        counts = telemetry.reported().counts

    assert day(telemetry, "battery") == []
    assert len(day(telemetry, "signal")) == 1
    state = telemetry.until(lambda: telemetry.state(DEVICE))
    assert counts.clock_off == 3
    assert counts.undecodable == 3
    assert counts.values_rejected == 1 + 2 + 37 + 1  # NaN; text, Infinity; past 64; one more
    assert state.rejected == counts.values_rejected + counts.undecodable


def test_a_broken_connection_is_a_loss_and_a_new_one_ends_it(
    telemetry: RunningTelemetry, mosquitto_broker: RunningBroker
) -> None:
    telemetry.start()
    with device(mosquitto_broker) as button:
        button.publish(STATUS, online(), retain=True)
        telemetry.until(lambda: telemetry.state(DEVICE))
        button.vanish()
    telemetry.until(lambda: (s := telemetry.state(DEVICE)) and s.presence is Presence.LOST)

    with device(mosquitto_broker, "s2") as button:
        button.publish(STATUS, online("s2"), retain=True)
        telemetry.until(lambda: (s := telemetry.state(DEVICE)) and s.presence is Presence.ONLINE)


def test_the_brokers_memory_is_no_sign_of_life(
    telemetry: RunningTelemetry, mosquitto_broker: RunningBroker
) -> None:
    mosquitto_broker.add_device("b-2")
    with device(mosquitto_broker) as button:
        button.publish(STATUS, online(), retain=True)
    telemetry.start()
    with BrokerClient(mosquitto_broker, "b-2") as other:
        other.publish("v1/d/b-2/status", online(), retain=True)
        telemetry.until(lambda: telemetry.state("b-2"))

    assert telemetry.state(DEVICE) is None


def test_killed_in_a_flood_it_keeps_all_that_had_reached_the_disk(
    telemetry: RunningTelemetry, mosquitto_broker: RunningBroker
) -> None:
    begin = now_ms() - 3_600_000
    with device(mosquitto_broker) as button:
        for life in range(2):
            kept = killed_in_a_flood(telemetry, button, begin + life * 2_000)
            telemetry.start()
            telemetry.until(lambda: telemetry.reported().waiting == 0)
            assert stored(telemetry) >= kept
            telemetry.kill()

    assert stored(telemetry)


def killed_in_a_flood(role: RunningTelemetry, button: BrokerClient, first: int) -> set[int]:
    """The times of all values on the disk at its sudden end."""
    role.start()
    before = taken(role)
    for at in range(first, first + 2_000):
        button.publish(TELEMETRY, json.dumps({"at": at, "n": 1}).encode(), qos=0)
    role.until(lambda: taken(role) > before)
    role.kill()
    return on_disk(role)


def taken(role: RunningTelemetry) -> int:
    """How many samples have reached the disk, by its own count."""
    report = role.reported()
    return report.counts.stored + report.waiting


def stored(role: RunningTelemetry) -> set[int]:
    """The times of all values in the store, whose file must be whole."""
    with closing(sqlite3.connect(role.file)) as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return {at for (at,) in db.execute("SELECT at FROM recent UNION SELECT at FROM fine")}


def on_disk(role: RunningTelemetry) -> set[int]:
    """The same, with what waits in the spool."""
    waiting = SampleSpool(role.spool, 1 << 20).oldest(1_000_000)
    return stored(role) | {sample.at for sample in (waiting.samples if waiting else ())}


def test_it_ends_when_it_is_told_and_leaves_nothing_waiting(
    telemetry: RunningTelemetry, mosquitto_broker: RunningBroker
) -> None:
    telemetry.start()
    with device(mosquitto_broker) as button:
        for n in range(500):
            button.publish(TELEMETRY, json.dumps({"at": None, "n": n}).encode(), qos=0)
        last_said(telemetry, "n", 499)
    assert telemetry.stop() == 0

    assert list(telemetry.spool.iterdir()) == []
    assert sum(bucket.n for bucket in day(telemetry, "n")) > 0


def test_the_built_in_broker_will_do(data_folder: Path, embedded_broker: RunningBroker) -> None:
    role = RunningTelemetry(data_folder, embedded_broker)
    role.start()
    try:
        with device(embedded_broker) as button:
            button.publish(STATUS, online(), retain=True)
            button.publish(TELEMETRY, b'{"at":null,"battery":88}', qos=0)
            last_said(role, "battery", 88)
            role.until(lambda: day(role, "battery"))
            button.vanish()
        role.until(lambda: (s := role.state(DEVICE)) and s.presence is Presence.LOST)
    finally:
        role.kill()


def test_a_full_disk_costs_values_which_are_counted_and_nothing_else(
    small_disk: SmallDisk, mosquitto_broker: RunningBroker
) -> None:
    role = RunningTelemetry(small_disk.folder, mosquitto_broker)
    role.start()
    try:
        with device(mosquitto_broker) as button:
            button.publish(TELEMETRY, b'{"at":null,"battery":1}', qos=0)
            role.until(lambda: role.reported().counts.stored == 1)
            small_disk.fill()
            for n in range(20_000):
                button.publish(TELEMETRY, b'{"at":null,"n":%d}' % n, qos=0)
            role.until(lambda: role.reported().counts.dropped > 0)
            small_disk.make_room()
            role.until(lambda: role.reported().waiting == 0)
            button.publish(TELEMETRY, b'{"at":null,"battery":2}', qos=0)
            last_said(role, "battery", 2)
            role.until(lambda: day(role, "battery")[-1].max == 2)
    finally:
        role.kill()
