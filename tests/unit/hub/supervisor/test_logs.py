"""Logs stay within their size, and a disk that refuses them stops nobody."""

from pathlib import Path

from hub.supervisor.logs import RotatingLog


def test_a_full_file_is_put_aside_and_the_oldest_is_lost(tmp_path: Path) -> None:
    log = RotatingLog(tmp_path / "hub.log", limit_bytes=10, files=3)

    for line in (b"first....\n", b"second...\n", b"third....\n", b"fourth...\n"):
        log.write(line)

    assert (tmp_path / "hub.log").read_bytes() == b"fourth...\n"
    assert (tmp_path / "hub.log.1").read_bytes() == b"third....\n"
    assert (tmp_path / "hub.log.2").read_bytes() == b"second...\n"
    assert len(list(tmp_path.iterdir())) == 3


def test_a_single_file_begins_anew(tmp_path: Path) -> None:
    log = RotatingLog(tmp_path / "hub.log", limit_bytes=10, files=1)

    log.write(b"first....\n")
    log.write(b"second...\n")

    assert [file.read_bytes() for file in tmp_path.iterdir()] == [b"second...\n"]


def test_a_log_that_cannot_be_written_is_lost_without_a_word(tmp_path: Path) -> None:
    (tmp_path / "log").write_text("a file where the folder should be")

    RotatingLog(tmp_path / "log" / "hub.log", limit_bytes=10, files=3).write(b"lost\n")

    assert [file.name for file in tmp_path.iterdir()] == ["log"]
