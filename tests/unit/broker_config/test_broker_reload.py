"""Telling the broker: at most once a second, and each change with a signal after it."""

import threading
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import pytest

from broker_config import reload as module
from broker_config.process import BrokerKind, find_mosquitto, start_command
from broker_config.reload import Reloader


class Clock:
    """Monotonic time that moves only when somebody sleeps."""

    def __init__(self) -> None:
        self.now_s = 100.0

    def monotonic(self) -> float:
        self.now_s += 0.001
        return self.now_s

    def sleep(self, seconds: float) -> None:
        self.now_s += seconds


@dataclass
class Signals:
    """Every signal that was sent, by the clock that the reloader sees."""

    clock: Clock = field(default_factory=Clock)
    sent_s: list[float] = field(default_factory=list)

    def send(self, _: Path) -> bool:
        self.sent_s.append(self.clock.now_s)
        return True


@pytest.fixture
def signals(monkeypatch: pytest.MonkeyPatch) -> Signals:
    seen = Signals()
    monkeypatch.setattr(module, "time", seen.clock)
    monkeypatch.setattr(module, "_hang_up", seen.send)
    return seen


def test_signals_are_a_second_apart(tmp_path: Path, signals: Signals) -> None:
    reloader = Reloader(tmp_path)
    for _ in range(4):
        assert reloader.reload()
    assert len(signals.sent_s) == 4
    assert all(later - earlier >= 1 for earlier, later in pairwise(signals.sent_s))


def test_the_first_signal_does_not_wait(tmp_path: Path, signals: Signals) -> None:
    Reloader(tmp_path).reload()
    assert signals.sent_s[0] < 101


def test_those_who_ask_while_another_waits_are_served_by_one_signal(
    tmp_path: Path, signals: Signals, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ten threads ask during the second in which the first of them waits: one signal answers them all."""
    reloader, asked = Reloader(tmp_path), threading.Semaphore(0)
    reloader.reload()
    clock = signals.clock
    real_sleep, real_monotonic = clock.sleep, clock.monotonic

    def monotonic() -> float:
        asked.release()
        return real_monotonic()

    def sleep(seconds: float) -> None:
        for _ in range(10 + 1):  # ten have asked, and one of them has looked once more before sleeping
            assert asked.acquire(timeout=10)
        real_sleep(seconds)

    monkeypatch.setattr(clock, "monotonic", monotonic)
    monkeypatch.setattr(clock, "sleep", sleep)
    threads = [threading.Thread(target=reloader.reload) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert len(signals.sent_s) == 2


@pytest.mark.parametrize("content", [None, "", "not a number\n", "999999999\n"])
def test_where_no_broker_runs_nobody_is_signalled(tmp_path: Path, content: str | None) -> None:
    if content is not None:
        (tmp_path / module.PID_FILE).write_text(content)
    assert Reloader(tmp_path).reload() is False


def test_mosquitto_is_found_where_only_roots_path_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    assert find_mosquitto() is not None


def test_each_broker_is_started_so_that_it_ends_with_its_parent(tmp_path: Path) -> None:
    assert start_command(BrokerKind.MOSQUITTO, tmp_path)[1:3] == ["-m", "broker_config.tether"]
    assert start_command(BrokerKind.EMBEDDED, tmp_path)[1:] == ["-m", "broker_config.embedded", str(tmp_path)]
