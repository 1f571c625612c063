"""Which Python carries Xiangyin, and the one line that says why none does."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.integration.make.checkout import ROOT

OLD = "sys.version_info = (3, 9, 2)"
WITHOUT_VENV = "sys.modules['ensurepip'] = None"
WHOLE = ""

Install = Callable[[str, str], None]


@pytest.fixture
def install(tmp_path: Path) -> Install:
    """Puts a Python of this name on the PATH: the real one, changed before the probe looks at it."""

    def _install(name: str, change: str) -> None:
        python = tmp_path / name
        python.write_text(
            "#!/bin/sh\n"
            f'[ "$1" = -c ] && exec {sys.executable} -c "import sys; {change}\n$2"\n'
            f'echo {name} runs "$@"\n'
        )
        python.chmod(0o755)

    return _install


def with_python(tmp_path: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["/bin/sh", str(ROOT / "scripts/with-python"), "script.py", "run"],
        env={"PATH": str(tmp_path)} | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_first_that_is_new_and_whole_is_taken(install: Install, tmp_path: Path) -> None:
    install("python3", OLD)
    install("python3.13", WITHOUT_VENV)
    install("python3.12", WHOLE)

    assert with_python(tmp_path).stdout == "python3.12 runs script.py run\n"


def test_a_named_python_is_the_only_candidate(install: Install, tmp_path: Path) -> None:
    install("python3", WHOLE)
    install("python-of-ours", WHOLE)

    chosen = with_python(tmp_path, PYTHON=str(tmp_path / "python-of-ours"))
    missing = with_python(tmp_path, PYTHON=str(tmp_path / "python-of-nobody"))

    assert chosen.stdout == "python-of-ours runs script.py run\n"
    assert missing.returncode == 1
    assert "python-of-nobody is no Python that runs here" in missing.stderr


@pytest.mark.parametrize(
    ("change", "reason", "remedy"),
    [
        (OLD, "python3 is Python 3.9; ", "apt-get install python3 python3-venv"),
        (WITHOUT_VENV, "python3 has no ensurepip module; ", "apt-get install python3-venv"),
        (None, "none found; ", "apt-get install python3 python3-venv"),
    ],
)
def test_what_is_missing_is_one_line_with_a_remedy(
    install: Install, tmp_path: Path, change: str | None, reason: str, remedy: str
) -> None:
    if change is not None:
        install("python3", change)

    ended = with_python(tmp_path)

    assert ended.returncode == 1
    assert ended.stderr.count("\n") == 1
    assert reason in ended.stderr
    assert remedy in ended.stderr
