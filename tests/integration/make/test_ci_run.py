"""`.ci/run` shows what make shows, closes with pytest's summary, and fails when make fails."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.integration.make.checkout import ROOT

PASSED = "3 passed in 0.10s"
FAILED = "1 failed, 2 passed, 1 warning in 61.20s (0:01:01)"
BROKEN = "1 error in 0.30s"


def ci_run(folder: Path, *said: str, status: int) -> subprocess.CompletedProcess[str]:
    """Runs it over a `make test` that says these lines and ends so."""
    (folder / ".ci").mkdir()
    shutil.copy(ROOT / ".ci/run", folder / ".ci/run")
    lines = "".join(f"\t@echo '{line}'\n" for line in said)
    (folder / "Makefile").write_text(f"test:\n{lines}\t@exit {status}\n")
    return subprocess.run([folder / ".ci/run"], capture_output=True, text=True, check=False, cwd="/")


@pytest.mark.parametrize("summary", [PASSED, FAILED, BROKEN, f"===== {PASSED} ====="])
@pytest.mark.parametrize("status", [0, 1])
def test_the_summary_of_pytest_is_the_last_line(tmp_path: Path, summary: str, status: int) -> None:
    ended = ci_run(tmp_path, "All checks passed!", "....", summary, status=status)

    assert ended.stdout.splitlines()[-1] == summary
    assert (ended.returncode == 0) == (status == 0)


def test_a_failure_before_the_tests_is_said(tmp_path: Path) -> None:
    ended = ci_run(tmp_path, "Found 2 errors.", status=1)

    assert ended.stdout.splitlines()[-1].startswith("make test ended with exit 2 before the tests ran")
    assert ended.returncode == 2
