"""A test that skips itself fails the run, wherever it does so; sockets are closed to unit tests."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

SKIPS = {
    "by mark": "@pytest.mark.skip(reason='no broker')\ndef test_it() -> None: ...",
    "by condition": "@pytest.mark.skipif(True, reason='no broker')\ndef test_it() -> None: ...",
    "by call": "def test_it() -> None:\n    pytest.skip('no broker')",
    "in a fixture": "@pytest.fixture\ndef f() -> None:\n    pytest.skip('no broker')\ndef test_it(f) -> None: ...",
    "for a whole file": "pytest.skip('no broker', allow_module_level=True)",
    "by a missing module": "pytest.importorskip('no_such_broker', reason='no broker')",
}

Run = Callable[[str], str]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Runs one file of unit tests under the conftest of this repository; pytest's output."""

    def _run(text: str) -> str:
        room = tmp_path / "tests" / "unit"
        room.mkdir(parents=True)
        (tmp_path / "tests" / "conftest.py").write_text((ROOT / "tests/conftest.py").read_text())
        (tmp_path / "pyproject.toml").write_text((ROOT / "pyproject.toml").read_text())
        (room / "test_it.py").write_text(f"import socket\nimport pytest\n{text}\n")
        command = [sys.executable, "-m", "pytest", "tests"]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False).stdout

    return _run


@pytest.mark.parametrize("text", SKIPS.values(), ids=SKIPS.keys())
def test_a_skip_is_a_failure_that_says_why(run: Run, text: str) -> None:
    said = run(text)

    assert "No test may be skipped here" in said
    assert "no broker" in said
    assert "1 failed" in said or "1 error" in said
    assert "skipped in" not in said


def test_a_unit_test_gets_no_socket(run: Run) -> None:
    said = run("def test_it() -> None:\n    socket.create_connection(('127.0.0.1', 9))")
    assert "SocketBlockedError" in said


def test_a_unit_test_may_have_an_event_loop(run: Run) -> None:
    said = run("async def test_it() -> None:\n    assert True")
    assert "1 passed" in said
