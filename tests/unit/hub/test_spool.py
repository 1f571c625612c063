"""The spool keeps what the database would not take, through crashes, torn writes and full disks."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.spool import SLOT_BYTES, Spool, SpoolFull


def test_what_was_written_is_there_after_a_restart(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "s", slots=8)
    kept, done = spool.write(b"first"), spool.write(b"second")
    spool.clear(done)
    spool.close()

    assert list(Spool(tmp_path / "s", slots=8).read()) == [(kept, b"first")]


def test_the_room_is_taken_before_it_is_needed(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "s", slots=64)
    before = (tmp_path / "s").stat()
    for n in range(64):
        spool.write(b"%d" % n)
    after = (tmp_path / "s").stat()

    assert before.st_blocks * 512 >= 64 * SLOT_BYTES
    assert (after.st_blocks, after.st_size) == (before.st_blocks, before.st_size)


def test_a_full_spool_says_so_and_a_cleared_slot_is_used_again(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "s", slots=2)
    spool.write(b"a")
    slot = spool.write(b"b")
    with pytest.raises(SpoolFull):
        spool.write(b"c")
    spool.clear(slot)

    assert spool.write(b"c") == slot


def test_many_entries_share_one_flush(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spool, flushed = Spool(tmp_path / "s", slots=8), list[int]()
    monkeypatch.setattr(os, "fdatasync", flushed.append)
    for n in range(8):
        spool.write(b"%d" % n)
    spool.sync()
    spool.sync()
    spool.close()

    assert len(flushed) == 1


def test_an_entry_too_long_for_a_slot_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SpoolFull):
        Spool(tmp_path / "s", slots=2).write(b"x" * SLOT_BYTES)


@given(where=st.integers(0, 200), junk=st.binary(min_size=1, max_size=40))
def test_torn_bytes_never_come_back_as_an_entry(
    tmp_path_factory: pytest.TempPathFactory, where: int, junk: bytes
) -> None:
    path = tmp_path_factory.mktemp("torn") / "s"
    spool = Spool(path, slots=1)
    data = b"a press that was being written when the power went" * 3
    spool.write(data)
    spool.close()
    with path.open("r+b") as file:
        file.seek(where)
        file.write(junk)

    assert [kept for _, kept in Spool(path, slots=1).read()] in ([], [data])
