"""The small parts: pauses, what waits while offline, bad luck, drifting sensors, who presses what."""

from itertools import pairwise
from pathlib import Path
from random import Random

import pytest

from devices import topics
from devices.messages import PressKind
from firmware_sim.backoff import CAP_S, Backoff
from firmware_sim.effects import Moment, Publish
from firmware_sim.errors import FirmwareError
from firmware_sim.faults import FaultProfile, FaultyWay
from firmware_sim.gauge import Gauge
from firmware_sim.outbox import Outbox
from firmware_sim.presser import Presser
from firmware_sim.shelf import Shelf
from tests.unit.firmware_sim.bench import QUIET_S, START, vitals


def message(n: int) -> Publish:
    return Publish("t", str(n).encode(), qos=1, keep=True)


def test_pauses_grow_are_spread_from_zero_and_stay_below_the_cap() -> None:
    backoff = Backoff(Random(7))
    first = [Backoff(Random(seed)).pause_s(0) for seed in range(200)]
    assert min(first) < 0.1
    assert max(first) <= 2
    later = [backoff.pause_s(0) for _ in range(200)]
    assert max(later) > 30
    assert max(later) <= CAP_S


def test_only_a_connection_that_held_shortens_the_pauses() -> None:
    backoff = Backoff(Random(7))
    for _ in range(20):
        backoff.pause_s(lasted_s=1)
    assert max(backoff.pause_s(lasted_s=1) for _ in range(50)) > 30
    assert backoff.pause_s(lasted_s=3_600) <= 1


def test_the_outbox_drops_the_oldest_and_counts_them() -> None:
    outbox = Outbox(room=3)
    tickets = [outbox.put(message(n)) for n in range(5)]
    assert [kept.payload for _, kept in outbox.waiting()] == [b"2", b"3", b"4"]
    assert outbox.dropped == 2
    outbox.settle(tickets[3])
    outbox.settle(tickets[0])
    assert [kept.payload for _, kept in outbox.waiting()] == [b"2", b"4"]


def test_without_faults_a_message_goes_through_as_it_is() -> None:
    way = FaultyWay(FaultProfile(), Random(1))
    for n in range(100):
        (arrival,) = way.carry(b"hello")
        assert (arrival.after_s, arrival.payload) == (0, b"hello"), n


def test_each_fault_does_what_its_name_says() -> None:
    def fate(profile: FaultProfile) -> list[int]:
        way = FaultyWay(profile, Random(1))
        return [len(way.carry(b"hello")) for _ in range(100)]

    assert set(fate(FaultProfile(drop=1))) == {0}
    assert set(fate(FaultProfile(double=1))) == {2}
    assert set(fate(FaultProfile(drop=0.5))) == {0, 1}
    mangled = FaultyWay(FaultProfile(mangle=1), Random(1))
    assert all(mangled.carry(b"hello")[0].payload != b"hello" for _ in range(100))
    assert mangled.carry(b"")[0].payload == b""
    late = FaultyWay(FaultProfile(delay_s=2, reorder=1), Random(1))
    delays = [late.carry(b"x")[0].after_s for _ in range(50)]
    assert delays != sorted(delays)


@pytest.mark.parametrize("text", ["drop", "drop=x", "dorp=1", "drop=0.1,=2"])
def test_a_mistyped_fault_is_named(text: str) -> None:
    with pytest.raises(FirmwareError, match="fault"):
        FaultProfile.parse(text)


def test_faults_are_read_from_one_line() -> None:
    assert FaultProfile.parse("drop=0.1, clock_off_s=90") == FaultProfile(drop=0.1, clock_off_s=90)
    assert FaultProfile.parse("") == FaultProfile()


def test_a_battery_drains_over_months_and_is_changed_before_it_is_flat() -> None:
    now = Moment(0, 0)
    gauge = Gauge("b-1", Random(1), now, mains=False)
    days = [gauge.battery(now.later(day * 86_400_000)) or 0.0 for day in range(400)]
    assert min(days) >= 4
    assert max(days) == 100
    change, *losses = sorted(before - after for before, after in pairwise(days))
    assert change < -90
    assert 0.1 < min(losses) <= max(losses) < 0.4


def test_a_place_keeps_its_signal_over_a_restart() -> None:
    def mean(device: str, seed: int) -> float:
        gauge = Gauge(device, Random(seed), Moment(0, 0), mains=True)
        return sum(gauge.signal() for _ in range(500)) / 500

    assert abs(mean("b-1", 1) - mean("b-1", 2)) < 2
    assert abs(mean("b-1", 1) - mean("b-2", 1)) > 2


def test_metrics_are_those_of_the_kind_of_device() -> None:
    now = Moment(60_000, 1_767_225_600_000)
    assert set(Gauge("b", Random(1), now, mains=False).read(now)) == {
        "battery", "signal", "temperature", "uptime_s",
    }  # fmt: skip
    assert set(Gauge("l", Random(1), now, mains=True).read(now)) == {
        "supply_v", "signal", "temperature", "uptime_s",
    }  # fmt: skip


def test_telemetry_comes_each_interval_and_a_long_sleep_is_not_made_up_for() -> None:
    beat = vitals(every_s=60)
    assert beat.tick(START.later(59_999)) == []
    (sent,) = beat.tick(START.later(60_000))
    assert sent.topic == topics.telemetry("b-0001")
    assert len(beat.tick(START.later(3_600_000))) == 1
    assert beat.next_ms() == START.mono_ms + 3_660_000
    assert QUIET_S > 60


class Asked:
    def __init__(self, question: str | None) -> None:
        self.question = question


def test_who_is_asked_answers_and_nobody_else_answers() -> None:
    presser = Presser(Random(3), mean_s=10)
    quiet, asked = Asked(None), Asked("rate")
    for _ in range(300):
        who, kind = presser.choose([quiet, asked])
        if kind in (PressKind.OK, PressKind.CALLBACK):
            assert who is asked
    kinds = {presser.choose([quiet])[1] for _ in range(300)}
    assert kinds == {PressKind.SOS, PressKind.FALL, PressKind.TEST}


def test_presses_come_with_the_mean_that_was_asked_for() -> None:
    presser = Presser(Random(3), mean_s=10)
    assert 9 < sum(presser.pause_s() for _ in range(5_000)) / 5_000 < 11


def test_the_shelf_keeps_each_devices_newest_state(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    assert shelf.read("b-1", "state") is None
    shelf.write("b-1", "state", b"1")
    shelf.write("b-1", "state", b"2")
    shelf.write("b-2", "state", b"3")
    assert Shelf(tmp_path).read("b-1", "state") == b"2"
    assert sorted(path.name for path in (tmp_path / "b-1").iterdir()) == ["state"]
