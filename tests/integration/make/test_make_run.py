"""`make run` on a fresh clone: one environment from the lock, then the program in make's own place."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.make.checkout import ROOT, Checkout, new_checkout, press_ctrl_c, wait_for


def installs(said: list[str]) -> int:
    return sum(line.startswith("Installing") for line in said)


def test_the_first_start_installs_from_the_lock_and_hands_on_the_arguments(checkout: Checkout) -> None:
    said = checkout.run_to_ready('ARGS=--quiet --county "清溪县"')

    assert (installs(said), said[-1]) == (2, "ready 1.0 up --quiet --county 清溪县")


def test_the_next_start_only_starts(installed: Checkout) -> None:
    assert installed.run_to_ready() == ["ready 1.0 up"]


def test_a_changed_lock_is_followed(checkout: Checkout) -> None:
    checkout.run_to_ready()
    checkout.lock("2.0")

    assert checkout.run_to_ready()[-1] == "ready 2.0 up"


def test_a_package_that_is_not_the_locked_one_is_refused(checkout: Checkout) -> None:
    checkout.lock("1.0", sha256="0" * 64)

    process = checkout.make("run")
    said, _ = process.communicate()

    assert process.returncode != 0
    assert "DO NOT MATCH THE HASHES" in said
    assert "ready" not in said


def test_ctrl_c_while_installing_is_quiet_and_the_next_start_begins_anew(checkout: Checkout) -> None:
    gate = checkout.close_gate()
    process = checkout.make("run")
    assert gate.read_text() == "begun"
    press_ctrl_c(process)
    cut_off, _ = process.communicate()
    gate.unlink()

    said = checkout.run_to_ready()

    assert process.returncode == -signal.SIGINT
    assert "Traceback" not in cut_off
    assert said[0].endswith("anew: an installation in it was cut off.")
    assert (installs(said), said[-1]) == (2, "ready 1.0 up")


def test_a_copied_checkout_is_installed_where_it_stands_now(installed: Checkout, tmp_path: Path) -> None:
    shutil.copytree(installed.folder, tmp_path / "copy", symlinks=True)

    said = Checkout(tmp_path / "copy", installed.packages).run_to_ready()

    assert said[0].endswith("anew: it was made for another folder.")
    assert said[-1] == "ready 1.0 up"


def test_a_folder_with_a_chinese_name_works_in_a_locale_that_knows_only_ascii(tmp_path: Path) -> None:
    folder = tmp_path / "乡音"
    folder.mkdir()
    checkout = new_checkout(folder)
    try:
        said = checkout.run_to_ready("LC_ALL=C")
    finally:
        checkout.end_all()

    assert said[-1] == "ready 1.0 up", said


def test_a_second_make_waits_for_the_first(checkout: Checkout) -> None:
    gate = checkout.close_gate()
    first = checkout.make("run")
    assert gate.read_text() == "begun"
    second = checkout.make("run")
    assert wait_for(second, "Another make")[-1] == "Another make is preparing .venv; waiting for it."

    gate.write_text("go on")
    wait_for(first, "ready")
    assert installs(wait_for(second, "ready")) == 0

    for process in (first, second):
        press_ctrl_c(process)
        process.communicate()


def test_ctrl_c_lets_the_program_end_in_good_order_and_make_says_nothing(installed: Checkout) -> None:
    process = installed.make("run")
    wait_for(process, "ready")
    press_ctrl_c(process)

    assert process.communicate()[0] == "ended in good order\n"
    assert process.returncode == -signal.SIGINT


def test_a_sigterm_to_make_alone_reaches_the_program(installed: Checkout) -> None:
    process = installed.make("run")
    wait_for(process, "ready")
    process.terminate()

    assert process.communicate()[0] == "ended in good order\n"


@pytest.fixture
def foreign_folder() -> Iterator[Path]:
    """A folder that its user may read and not write, also when the tests run as root."""
    folder = Path(tempfile.mkdtemp(dir="/tmp"))
    shutil.copytree(ROOT / "scripts", folder / "scripts")
    folder.chmod(0o555)
    yield folder
    folder.chmod(0o755)
    shutil.rmtree(folder)


def test_a_folder_that_cannot_be_written_is_one_clear_line(foreign_folder: Path) -> None:
    as_nobody = ["runuser", "-u", "nobody", "--"] if os.geteuid() == 0 else []
    python = "/usr/bin/python3" if as_nobody else sys.executable

    ended = subprocess.run(
        [*as_nobody, python, "scripts/environment.py", "requirements.txt"],
        cwd=foreign_folder,
        capture_output=True,
        text=True,
        check=False,
    )

    assert ended.returncode == 1
    assert ended.stderr == (
        f"Cannot prepare {foreign_folder}/.venv: Permission denied. "
        "Give yourself the right to write there, or clone into a folder of your own.\n"
    )
