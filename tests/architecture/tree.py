"""What these tests look at: the files git would put into a clone."""

from __future__ import annotations

import ast
import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("broker_config", "devices", "hub", "broadcast", "firmware_sim")


@cache
def tracked() -> tuple[Path, ...]:
    """Every file of the repository that exists in the checkout, as absolute paths."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    files = (ROOT / name.decode() for name in listed.split(b"\0") if name)
    return tuple(file for file in files if file.is_file())


def sources(*rooms: str) -> list[Path]:
    """The tracked Python files of these folders, without the database's migrations, which are never edited."""
    places = [ROOT / room for room in rooms]
    return [
        file
        for file in tracked()
        if file.suffix == ".py"
        and "migrations" not in file.parts
        and any(file.is_relative_to(p) for p in places)
    ]


def name(file: Path) -> str:
    return str(file.relative_to(ROOT))


def parse(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"), str(file))
