"""A backup made under presses, restored elsewhere: the calls are there, and the same button calls again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.ups import RunningUp


def call_of(up: RunningUp, device: str) -> str:
    pressed = up.command("press", device)
    assert pressed.returncode == 0, pressed.stderr
    return pressed.stdout.split("call ")[1].split(".")[0]


def test_a_backup_under_presses_starts_elsewhere(make_up: Callable[..., RunningUp], tmp_path: Path) -> None:
    up = make_up()
    up.start("--press-every", "0.1")
    device = up.logins()["device"]["id"]
    call = call_of(up, device)
    file = tmp_path / "nightly.tar.gz"

    made = up.command("backup", str(file))

    assert made.returncode == 0, made.stderr
    assert str(file) in made.stdout
    up.close()
    other = make_up("restored")
    restored = other.command("restore", str(file))
    assert restored.returncode == 0, restored.stderr
    other.start("--quiet")
    assert other.logins() == up.logins()
    assert call_of(other, device) == call, "the press joins the call of before"
    again = other.command("restore", str(file))
    assert again.returncode != 0
    assert "is not empty" in again.stderr
