"""The queue on disk: in order, across restarts, bounded; what is lost is counted."""

from __future__ import annotations

import os
import shutil
import zlib
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import pytest

from hub.domain.telemetry import Sample
from hub.telemetry.spool import _HEADER, _MAGIC, SampleSpool
from tests.disks import SmallDisk

PLENTY = 1_000_000


def samples(numbers: Iterable[int]) -> list[Sample]:
    return [Sample("b-1", "990421101201", "button", number, {"battery": 80.5}) for number in numbers]


def numbers(found: Sequence[Sample]) -> list[int]:
    return [sample.at for sample in found]


def fill(spool: SampleSpool) -> None:
    for _ in range(1_000):
        spool.append(samples(range(1_000)))


def take_all(spool: SampleSpool) -> list[int]:
    taken: list[int] = []
    while (batch := spool.oldest(100)) is not None:
        taken += numbers(batch.samples)
        spool.advance(batch)
    return taken


def test_what_went_in_comes_out_in_its_order_whole(tmp_path: Path) -> None:
    spool = SampleSpool(tmp_path, PLENTY)
    for first in (0, 10, 20):
        spool.append(samples(range(first, first + 10)))

    batch = spool.oldest(15)

    assert batch is not None
    assert list(batch.samples) == samples(range(20))
    assert spool.waiting == 30
    spool.advance(batch)
    assert spool.waiting == 10
    assert take_all(spool) == list(range(20, 30))
    assert (spool.waiting, spool.waiting_bytes, spool.oldest(1)) == (0, 0, None)


def test_what_is_not_advanced_is_given_again(tmp_path: Path) -> None:
    spool = SampleSpool(tmp_path, PLENTY)
    spool.append(samples([1, 2]))

    assert spool.oldest(10) == spool.oldest(10)


def test_a_killed_process_leaves_everything_to_the_next(tmp_path: Path) -> None:
    killed = SampleSpool(tmp_path, PLENTY)
    killed.append(samples(range(5)))
    batch = killed.oldest(1)
    assert batch is not None

    after = SampleSpool(tmp_path, PLENTY)
    assert after.waiting == 5
    after.append(samples([5]))

    assert take_all(after) == list(range(6))


def test_a_process_that_ends_in_order_leaves_only_what_waits(tmp_path: Path) -> None:
    spool = SampleSpool(tmp_path, PLENTY)
    spool.append(samples([1, 2]))
    take_all(spool)
    spool.close()

    assert list(tmp_path.iterdir()) == []


def test_nothing_is_dropped_up_to_the_bound_and_the_oldest_beyond_it(tmp_path: Path) -> None:
    probe = SampleSpool(tmp_path / "probe", PLENTY)
    probe.append(samples([1_000]))
    record = probe.waiting_bytes
    spool = SampleSpool(tmp_path / "spool", 100 * record)
    for number in range(1_000, 1_100):
        spool.append(samples([number]))
    assert (spool.waiting, spool.dropped) == (100, 0)

    for number in range(1_100, 1_300):
        spool.append(samples([number]))

    left = take_all(spool)
    assert left == list(range(1_300 - len(left), 1_300))
    assert spool.dropped == 300 - len(left)
    assert len(left) >= 90  # it gives up a sixteenth at a time, no more


def test_what_was_on_its_way_when_it_was_dropped_is_not_counted_as_lost(tmp_path: Path) -> None:
    spool = SampleSpool(tmp_path, 16 * 60)
    spool.append(samples([0]))
    on_its_way = spool.oldest(1)
    assert on_its_way is not None
    for number in range(1, 30):
        spool.append(samples([number]))

    before = spool.dropped
    spool.advance(on_its_way)

    assert spool.dropped == before - 1
    assert spool.dropped + spool.waiting == 29


def test_segments_that_are_taken_go_from_the_disk(tmp_path: Path) -> None:
    spool = SampleSpool(tmp_path, 16 * 1_000)
    for number in range(100):
        spool.append(samples([number]))
        assert take_all(spool) == [number]

    assert sum(file.stat().st_size for file in tmp_path.iterdir()) < 2_000


def test_a_torn_end_is_left_out_and_writing_goes_on(tmp_path: Path) -> None:
    SampleSpool(tmp_path, PLENTY).append(samples([1, 2]))
    (file,) = tmp_path.iterdir()
    whole = file.read_bytes()
    file.write_bytes(whole + whole[: len(whole) // 2])

    spool = SampleSpool(tmp_path, PLENTY)
    spool.append(samples([3]))

    assert take_all(spool) == [1, 2, 3]
    assert spool.dropped == 0


def test_what_the_disk_has_spoilt_is_counted_as_lost_and_blocks_nothing(tmp_path: Path) -> None:
    before = SampleSpool(tmp_path, PLENTY)
    before.append(samples([1, 2]))
    sound = before.waiting_bytes
    before.append(samples([3, 4, 5]))
    (file,) = tmp_path.iterdir()
    content = bytearray(file.read_bytes())
    content[sound + 20] ^= 1
    file.write_bytes(content)

    spool = SampleSpool(tmp_path, PLENTY)
    spool.append(samples([6]))

    assert take_all(spool) == [1, 2, 6]
    assert spool.dropped == 3


def test_a_full_disk_refuses_and_what_was_there_stays(small_disk: SmallDisk) -> None:
    spool = SampleSpool(small_disk.folder / "spool", 64 * PLENTY)
    spool.append(samples(range(10)))
    small_disk.fill()
    with pytest.raises(OSError, match="No space left"):
        fill(spool)
    waiting = spool.waiting

    small_disk.make_room()
    spool.append(samples([77]))

    taken = take_all(spool)
    assert len(taken) == waiting + 1
    assert (taken[:10], taken[-1]) == (list(range(10)), 77)


def cut(path: Path) -> None:
    """Only the head of a record is left."""
    os.truncate(path, 10)


@pytest.mark.parametrize("harm", [cut, Path.unlink])
def test_a_segment_that_is_harmed_while_we_run_is_counted_and_blocks_nothing(
    tmp_path: Path, harm: Callable[[Path], None]
) -> None:
    spool = SampleSpool(tmp_path, 1_000_000)
    spool.append(samples(range(3)))
    (segment,) = tmp_path.glob("*.segment")
    harm(segment)
    assert spool.oldest(10) is None
    assert spool.dropped == 3
    spool.append(samples([3]))
    assert take_all(spool) == [3]


def test_a_folder_that_is_taken_away_is_made_again(tmp_path: Path) -> None:
    spool = SampleSpool(tmp_path / "spool", 1_000_000)
    shutil.rmtree(tmp_path / "spool")
    spool.append(samples([1]))
    assert take_all(spool) == [1]


def test_files_that_are_not_ours_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "notes.segment").write_text("by hand")
    (tmp_path / "000000000001.segment").mkdir()
    spool = SampleSpool(tmp_path, 1_000_000)
    with pytest.raises(OSError, match="exists"):
        spool.append(samples([1]))
    spool.append(samples([2]))
    assert take_all(spool) == [2]
    assert (tmp_path / "notes.segment").exists()


def test_a_record_of_another_version_is_counted_as_lost(tmp_path: Path) -> None:
    body = b"\x81\xa1x\x01"
    (tmp_path / "000000000007.segment").write_bytes(
        _HEADER.pack(_MAGIC, len(body), zlib.crc32(body), 5) + body
    )
    spool = SampleSpool(tmp_path, 1_000_000)
    assert spool.oldest(10) is None
    assert spool.dropped == 5
