"""The thread between spool and store: patient, in order, and clear about what is wrong."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from hub.domain.errors import Unavailable
from hub.domain.telemetry import Sample
from hub.telemetry import feeder as module
from hub.telemetry.feeder import Feeder
from hub.telemetry.port import Written
from hub.telemetry.spool import SampleSpool

PATIENCE_S = 20.0
AWAY = Unavailable("telemetry-unreachable", store="a store", reason="gone fishing")


class Store:
    """Keeps samples in memory; `away` while it is not there."""

    name = "a store"

    def __init__(self) -> None:
        self.away: Exception | None = None
        self.kept: list[int] = []
        self.tended: list[int] = []
        self.changed = threading.Condition()
        self.closed = False

    def write(self, samples: Sequence[Sample]) -> Written:
        with self.changed:
            self.changed.notify_all()
            if self.away is not None:
                raise self.away
            self.kept += [sample.at for sample in samples]
        return Written(len(samples))

    def tend(self, now: int) -> None:
        self.tended.append(now)

    def close(self) -> None:
        self.closed = True

    def until(self, count: int) -> list[int]:
        """What is kept, once it is so many."""
        with self.changed:
            assert self.changed.wait_for(lambda: len(self.kept) >= count, PATIENCE_S)
            return self.kept


def trouble(feeder: Feeder) -> Unavailable | None:
    """Why nothing goes in."""
    return feeder.trouble


def samples(*numbers: int) -> list[Sample]:
    return [Sample("b-1", "", "", number, {"battery": 1.0}) for number in numbers]


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setattr(module, "FIRST_PAUSE_S", 0.001)
    monkeypatch.setattr(module, "LONGEST_PAUSE_S", 0.01)
    return Store()


@contextmanager
def feeding(spool: SampleSpool, store: Store) -> Iterator[Feeder]:
    feeder = Feeder(spool, lambda: store, store.name, lambda: 42)
    thread = threading.Thread(target=feeder.run)
    thread.start()
    try:
        yield feeder
    finally:
        feeder.end()
        thread.join(PATIENCE_S)
        assert not thread.is_alive()


def test_what_an_earlier_process_left_goes_first(store: Store, tmp_path: Path) -> None:
    SampleSpool(tmp_path, 1_000_000).append(samples(1, 2))
    spool = SampleSpool(tmp_path, 1_000_000)
    with feeding(spool, store) as feeder:
        store.until(2)
        spool.append(samples(3))
        feeder.nudge()
        assert store.until(3) == [1, 2, 3]
    assert (feeder.stored, spool.waiting, store.closed) == (3, 0, True)
    assert set(store.tended) == {42}


def test_a_store_that_is_away_is_asked_again_until_it_is_back(store: Store, tmp_path: Path) -> None:
    spool = SampleSpool(tmp_path, 1_000_000)
    store.away = AWAY
    with feeding(spool, store) as feeder:
        spool.append(samples(1))
        feeder.nudge()
        for _ in range(3):
            with store.changed:
                assert store.changed.wait(PATIENCE_S)
        assert trouble(feeder) is AWAY
        with store.changed:
            store.away = None
        assert store.until(1) == [1]
    assert feeder.stored == 1
    assert trouble(feeder) is None


def test_what_waits_at_the_end_is_offered_once_more(store: Store, tmp_path: Path) -> None:
    spool = SampleSpool(tmp_path, 1_000_000)
    with feeding(spool, store):
        spool.append(samples(1, 2, 3))
    assert store.kept == [1, 2, 3]


def test_whatever_goes_wrong_the_thread_goes_on_and_says_so(store: Store, tmp_path: Path) -> None:
    spool = SampleSpool(tmp_path, 1_000_000)
    store.away = RuntimeError("nobody thought of this")
    with feeding(spool, store) as feeder:
        spool.append(samples(1))
        feeder.nudge()
        for _ in range(3):
            with store.changed:
                assert store.changed.wait(PATIENCE_S)
        said = trouble(feeder)
        assert said is not None
        assert said.params["reason"] == "nobody thought of this"
        with store.changed:
            store.away = None
        assert store.until(1) == [1]
