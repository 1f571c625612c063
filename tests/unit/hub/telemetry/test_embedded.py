"""The file telemetry.db: what is kept how long, what is put aside, what is never doubled."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

import pytest

from hub.domain.errors import Unavailable
from hub.domain.presence import Heard, Presence
from hub.domain.telemetry import DAY_MS, FINE_MS, HOUR_MS, KEPT_MS, DeviceState, Report, Sample
from hub.telemetry import database
from hub.telemetry.board import Board, read_changes, read_entries, read_report, read_states
from hub.telemetry.embedded import MERGE_MS, EmbeddedStore
from hub.telemetry.fleet import Entry

NOW = 1_790_000_000_000 - 1_790_000_000_000 % DAY_MS
STATE = DeviceState(presence=Presence.ONLINE, since=1, heard=Heard(2))
REPORT = Report(at=1, store="telemetry.db")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "telemetry.db"


def sample(at: int, device: str = "b-1") -> Sample:
    return Sample(device, "", "", at, {"battery": 80.0})


def rows(path: Path, table: str) -> int:
    with closing(sqlite3.connect(path)) as db:
        count: int = db.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608
        return count


def kept(path: Path) -> tuple[int, int, int, int]:
    return rows(path, "series"), rows(path, "recent"), rows(path, "fine"), rows(path, "hourly")


def test_values_wait_a_minute_and_are_then_put_in_order(path: Path) -> None:
    store = EmbeddedStore(path)
    store.tend(NOW)
    store.write([sample(NOW), sample(NOW + 1)])
    store.tend(NOW)
    assert kept(path) == (1, 0, 2, 1)  # the first of a while at once
    store.write([sample(NOW + 2)])
    store.tend(NOW + MERGE_MS - 1)
    assert kept(path) == (1, 1, 2, 1)
    store.tend(NOW + MERGE_MS)
    assert kept(path) == (1, 0, 3, 1)


def test_each_value_for_two_days_by_the_hour_for_thirty(path: Path) -> None:
    store = EmbeddedStore(path)
    for age in (0, FINE_MS, FINE_MS + 1, KEPT_MS, KEPT_MS + HOUR_MS):
        store.write([sample(NOW - age)])
    store.tend(NOW)
    assert kept(path) == (1, 0, 2, 4)

    store.tend(NOW + KEPT_MS - DAY_MS)
    assert kept(path) == (1, 0, 0, 1)
    store.tend(NOW + KEPT_MS + DAY_MS)
    assert kept(path) == (0, 0, 0, 0)
    store.write([sample(NOW + KEPT_MS + DAY_MS)])
    assert kept(path) == (1, 1, 0, 0)


def test_nothing_of_a_batch_is_kept_when_its_commit_fails(path: Path) -> None:
    store = EmbeddedStore(path)
    with closing(sqlite3.connect(path)) as other:
        other.execute(
            "CREATE TRIGGER full BEFORE INSERT ON recent WHEN NEW.at = 7 BEGIN SELECT RAISE(ABORT, 'full'); END"
        )
    with pytest.raises(Unavailable, match="full"):
        store.write([sample(1), sample(7)])
    assert kept(path) == (0, 0, 0, 0)
    store.write([sample(1)])
    assert kept(path) == (1, 1, 0, 0)


def test_a_file_that_cannot_be_read_is_put_aside(path: Path) -> None:
    path.write_bytes(b"this was a database once" * 100)
    EmbeddedStore(path).write([sample(NOW)])
    assert rows(path, "recent") == 1
    assert path.with_name("telemetry.db.unreadable").exists()


def test_a_file_that_is_not_there_yet_is_unavailable(path: Path) -> None:
    for read in (read_entries, read_report):
        with pytest.raises(Unavailable):
            read(path)
    assert not path.exists()


def test_the_board_keeps_the_newest_of_each_device(path: Path) -> None:
    board = Board(path)
    lost = DeviceState(presence=Presence.LOST, since=3, heard=Heard(2, 60, "s1", 3))
    board.put([Entry("b-1", 10, STATE), Entry("b-2", 11, STATE)], REPORT)
    board.put([Entry("b-1", 12, lost)], REPORT)

    assert read_states(path, ["b-1", "b-2", "b-3"]) == {"b-1": lost, "b-2": STATE}
    assert read_states(path, ["b' OR 1", 'x"']) == {}
    assert [(c.number, c.device, c.presence, c.seen_at) for c in read_changes(path, 10, 10)] == [
        (11, "b-2", Presence.ONLINE, 2),
        (12, "b-1", Presence.LOST, 2),
    ]
    assert [c.device for c in read_changes(path, 0, 1)] == ["b-2"]
    assert sorted(read_entries(path)) == [Entry("b-1", 12, lost), Entry("b-2", 11, STATE)]
    assert read_report(path) == REPORT


def test_the_store_and_the_board_share_the_file(path: Path) -> None:
    board, store = Board(path), EmbeddedStore(path)
    store.write([sample(NOW)])
    board.put([Entry("b-1", 1, STATE)], REPORT)
    store.write([sample(NOW + 1)])
    assert rows(path, "recent") == 2


def spoil(path: Path) -> None:
    """The disk breaks under the open file: its first pages are noise."""
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with path.open("r+b") as file:
        file.write(b"\xa5" * path.stat().st_size)


def remove(path: Path) -> None:
    """Somebody tidies up while we write."""
    path.unlink()


def empty(path: Path) -> None:
    """Somebody wants its room back."""
    os.truncate(path, 0)


@pytest.mark.parametrize("harm", [remove, spoil, empty])
def test_a_file_that_is_lost_while_it_is_written_is_begun_anew_by_both(
    path: Path, harm: Callable[[Path], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "_BUSY_S", 0.5)  # the other would let go in its own thread meanwhile
    board, store = Board(path), EmbeddedStore(path)
    entry = Entry("b-1", 1, STATE)
    assert board.put([entry], REPORT)
    store.write([sample(NOW)])
    harm(path)
    whole = []
    for _ in range(4):  # it may have to be tried again: what waits, waits in the spool
        with suppress(Unavailable):
            store.write([sample(NOW + 1)])
        with suppress(Unavailable):
            whole.append(board.put([entry], REPORT))
    assert whole[0] is False  # so that everybody is put there again
    assert whole[-1] is True
    assert rows(path, "recent") > 0
    assert read_entries(path) == [entry]


def test_what_cannot_be_decoded_on_the_board_is_passed_over(path: Path) -> None:
    board = Board(path)
    board.put([Entry("b-1", 1, STATE), Entry("b-2", 2, STATE)], REPORT)
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("UPDATE board SET state = ? WHERE device = 'b-1'", (b"\xc1 noise",))
        db.execute("UPDATE report SET report = ?", (b"\x93",))
    assert [entry.device for entry in read_entries(path)] == ["b-2"]
    assert [change.device for change in read_changes(path, 0, 10)] == ["b-2"]
    assert set(read_states(path, ["b-1", "b-2"])) == {"b-2"}
    assert read_report(path) is None
