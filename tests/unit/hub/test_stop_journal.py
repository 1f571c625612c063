"""Stops that the database did not take: kept through a restart, read again, gone once they are written."""

from __future__ import annotations

from pathlib import Path

import pytest

from broadcast.domain.people import By
from broadcast.rows import Address
from broadcast.service.stopping import Stop, orders
from hub.stop_journal import StopJournal

BY = By("u-1", "周平")
STOP = Stop(id="st1", at=5, by=BY, area="990421101201", areas=("990421101201",))
FULL = Stop(
    id="st2",
    at=6,
    by=BY,
    area="990421101201",
    broadcast="bc1",
    orders=orders("st2", [("rn1", Address("990421101201", "990421101201"))], BY),
    unsent=("st2-1",),
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "spool" / "stops.jsonl"


def test_what_was_kept_is_there_after_a_restart_and_once(path: Path) -> None:
    journal = StopJournal(path)
    for stop in (STOP, FULL, STOP):
        journal.add(stop)
    assert len(path.read_bytes().split()) == 2
    assert StopJournal(path).waiting == (STOP, FULL)


def test_what_is_written_is_forgotten_and_an_empty_journal_is_no_file(path: Path) -> None:
    journal = StopJournal(path)
    journal.add(STOP)
    journal.add(FULL)
    journal.done(STOP)
    assert journal.waiting == (FULL,)
    journal.done(FULL)
    assert not path.exists()


def test_a_line_torn_by_a_power_cut_costs_only_itself(path: Path) -> None:
    journal = StopJournal(path)
    journal.add(STOP)
    with path.open("ab") as file:
        file.write(b'{"id":"st3","at":7')
    after = StopJournal(path)
    assert after.waiting == (STOP,)
    after.add(FULL)
    assert StopJournal(path).waiting == (STOP, FULL)


def test_a_disk_that_takes_nothing_keeps_the_stop_in_memory(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    journal = StopJournal(tmp_path / "file" / "stops.jsonl")
    journal.add(STOP)
    assert journal.waiting == (STOP,)
