"""The import contracts of pyproject.toml really break when somebody reaches up, across or outside.

That the tree keeps them is `make check`; here a wrong import is planted in a copy of it.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.tree import PACKAGES, ROOT, sources

PLANTED = [
    ("devices/ids.py", "import hub.ports"),
    ("broadcast/ports.py", "import hub.ports"),
    ("firmware_sim/__init__.py", "import broker_config"),
    ("hub/wiring.py", "import firmware_sim"),
    ("hub/domain/calls.py", "import time"),
    ("hub/domain/calls.py", "import hub.ports"),
    ("hub/services/ingest.py", "import hub.db"),
    ("hub/db/__init__.py", "import hub.settings"),
    ("hub/a_room_without_a_floor.py", ""),
]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for file in sources(*PACKAGES):
        target = tmp_path / file.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(file, target)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


@pytest.mark.parametrize(("file", "line"), PLANTED)
def test_a_wrong_import_breaks_a_contract(copy: Path, file: str, line: str) -> None:
    with (copy / file).open("a", encoding="utf-8") as source:
        source.write(f"\n{line}\n")

    checked = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c(['--no-cache'])"],
        cwd=copy,
        capture_output=True,
        text=True,
        check=False,
    )

    assert checked.returncode == 1, checked.stdout + checked.stderr
    assert "BROKEN" in checked.stdout
