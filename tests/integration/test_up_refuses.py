"""What keeps `up` from starting is one clear line with what to do, and an exit status."""

from __future__ import annotations

import os
import socket
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hub.i18n.program import program
from tests.ups import RunningUp


def refused(up: RunningUp, *options: str) -> str:
    """The only line that a start leaves; nothing runs after it."""
    up.start(*options, until_ready=False)
    assert up.ended() != 0, up.screen
    lines = up.screen.strip().splitlines()
    assert len(lines) == 1, up.screen
    return lines[0]


def test_a_port_that_is_taken(make_up: Callable[..., RunningUp]) -> None:
    up = make_up()
    with socket.socket() as other:
        other.bind(("127.0.0.1", up.mqtt_port))
        other.listen()

        line = refused(up)

    assert f"Port {up.mqtt_port} of 127.0.0.1 is taken" in line
    assert "XIANGYIN_MQTT_PORT" in line


def test_an_address_that_this_machine_does_not_have(make_up: Callable[..., RunningUp]) -> None:
    line = refused(make_up(XIANGYIN_BIND="192.0.2.1"))

    assert "Cannot listen at port 8443 of 192.0.2.1" in line
    assert "XIANGYIN_BIND" in line


def test_a_folder_that_cannot_be_made(make_up: Callable[..., RunningUp], tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")

    line = refused(make_up("file/data"))

    assert f"{tmp_path}/file/data cannot be written (Not a directory)" in line
    assert "XIANGYIN_DATA_DIR" in line


def test_a_disk_that_is_full(make_up: Callable[..., RunningUp], tiny_disk: Path) -> None:
    line = refused(make_up(f"{tiny_disk.name}/data"))

    assert "The disk is full" in line
    assert "Free some space" in line


def test_data_of_a_newer_version(make_up: Callable[..., RunningUp]) -> None:
    up = make_up()
    up.start("--quiet")
    up.close()
    with sqlite3.connect(up.folder / "xiangyin.db") as database:
        database.execute("UPDATE alembic_version SET version_num = 'from-the-future'")
    database.close()

    line = refused(up)

    assert "written by a newer version (from-the-future)" in line
    assert "Install the newer version" in line


def test_a_folder_whose_database_is_gone(make_up: Callable[..., RunningUp]) -> None:
    up = make_up()
    up.start("--quiet")
    up.close()
    (up.folder / "xiangyin.db").unlink()
    before = {path: path.stat().st_mtime_ns for path in up.folder.rglob("*")}

    line = refused(up)

    assert up.ended() == os.EX_TEMPFAIL
    assert f"{up.folder}/xiangyin.db is missing or empty" in line
    assert f"{program()} restore" in line
    assert {path: path.stat().st_mtime_ns for path in up.folder.rglob("*")} == before
    assert up.command("area", "add", "990121000000", "清溪县").returncode == os.EX_TEMPFAIL
    assert up.command("serve", "--role", "calls").returncode == os.EX_TEMPFAIL
    assert not (up.folder / "xiangyin.db").exists()


def test_a_second_start_on_the_same_folder(make_up: Callable[..., RunningUp]) -> None:
    first, second = make_up(), make_up()
    first.start("--quiet", "--no-demo")
    assert first.process is not None

    line = refused(second)

    assert f"runs on this data folder already (process {first.process.pid})" in line


def test_a_setting_that_is_wrong(make_up: Callable[..., RunningUp]) -> None:
    line = refused(make_up(XIANGYIN_HTTP_PORT="eighty"))

    assert "XIANGYIN_HTTP_PORT" in line
    assert "must be a whole number" in line
    assert f"{program()} settings" in line


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of half a megabyte. Needs root, as make test has it."""
    disk = tmp_path / "disk"
    disk.mkdir()
    assert os.geteuid() == 0, "mounting needs root"
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=512k", "tmpfs", str(disk)], check=True)
    yield disk
    subprocess.run(["umount", str(disk)], check=True)
