"""What is looked at before the start: the folder, the disk, the clock, and who else is here."""

import errno
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NoReturn

import pytest

from hub.domain.errors import Conflict, Unavailable
from hub.settings import Settings
from hub.supervisor.lock import only_one
from hub.supervisor.preflight import check_folder, clock_is_wrong, ports


def test_a_folder_is_made_for_its_owner_alone(tmp_path: Path) -> None:
    check_folder(tmp_path / "deep" / "data")

    assert (tmp_path / "deep" / "data").stat().st_mode & 0o077 == 0
    assert list((tmp_path / "deep" / "data").iterdir()) == []


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (errno.ENOSPC, "disk-full"),
        (errno.EDQUOT, "disk-full"),
        (errno.EROFS, "folder-unwritable"),
        (errno.EACCES, "folder-unwritable"),
    ],
)
def test_why_a_folder_cannot_be_written_is_told_apart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, code: str
) -> None:
    def refuse(**_: object) -> NoReturn:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(tempfile, "TemporaryFile", refuse)

    with pytest.raises(Unavailable) as refused:
        check_folder(tmp_path)

    assert refused.value.code == code
    assert refused.value.params == {"folder": str(tmp_path), "reason": os.strerror(number)}


@pytest.mark.parametrize(("seconds", "wrong"), [(0, True), (1_704_067_199, True), (1_704_067_200, False)])
def test_a_clock_before_2024_is_wrong(monkeypatch: pytest.MonkeyPatch, seconds: int, *, wrong: bool) -> None:
    monkeypatch.setattr(time, "time", lambda: float(seconds))

    assert clock_is_wrong() is wrong


def test_on_loopback_there_are_two_listeners_and_beyond_it_two_more() -> None:
    here = [port.variable for port in ports(Settings(data_dir=Path("var")))]
    beyond = [(port.host, port.variable) for port in ports(Settings(data_dir=Path("var"), bind="10.0.0.5"))]

    assert here == ["XIANGYIN_HTTP_PORT", "XIANGYIN_MQTT_PORT"]
    assert beyond == [
        ("127.0.0.1", "XIANGYIN_HTTP_PORT"),
        ("127.0.0.1", "XIANGYIN_MQTT_PORT"),
        ("10.0.0.5", "XIANGYIN_HTTPS_PORT"),
        ("10.0.0.5", "XIANGYIN_MQTTS_PORT"),
    ]


def test_a_broker_elsewhere_needs_no_port_here() -> None:
    settings = Settings(data_dir=Path("var"), broker="mqtts://broker.example.org:8883")

    assert [port.variable for port in ports(settings)] == ["XIANGYIN_HTTP_PORT"]


def test_a_folder_has_one_supervisor_and_the_second_learns_which(tmp_path: Path) -> None:
    holder = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys\nfrom pathlib import Path\nfrom hub.domain.errors import Conflict\n"
            "from hub.supervisor.lock import only_one\n"
            "try:\n  with only_one(Path(sys.argv[1])): print('mine')\n"
            "except Conflict as error: print(error.code, error.params['pid'])",
            str(tmp_path),
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    assert holder.stdout == "mine\n"

    with only_one(tmp_path):
        second = subprocess.run(holder.args, capture_output=True, text=True, check=True)

    assert second.stdout == f"up-twice {os.getpid()}\n"


def test_the_lock_is_let_go_with_its_holder(tmp_path: Path) -> None:
    with only_one(tmp_path), pytest.raises(Conflict), only_one(tmp_path):
        pass

    with only_one(tmp_path):
        pass
