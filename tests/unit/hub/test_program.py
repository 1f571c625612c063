"""A sentence names this program as the reader can call it."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from hub.i18n import Phrases
from hub.i18n.program import program


@pytest.fixture(autouse=True)
def asked_anew() -> Iterator[None]:
    program.cache_clear()
    yield
    program.cache_clear()


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installation in tmp_path/.venv/bin, which is on no PATH."""
    folder = tmp_path / ".venv" / "bin"
    folder.mkdir(parents=True)
    (folder / "xiangyin").touch(mode=0o755)
    monkeypatch.setattr(sys, "executable", str(folder / "python"))
    monkeypatch.setenv("PATH", str(tmp_path))
    return folder


def test_after_make_run_it_is_called_by_its_path(installed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(installed.parent.parent)
    assert Phrases().say("zh", "county-missing").endswith("：.venv/bin/xiangyin area add 县代码 县名")


def test_from_elsewhere_by_its_whole_path(installed: Path) -> None:
    assert program() == str(installed / "xiangyin")


def test_where_the_shell_finds_it_by_its_name(installed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(installed))
    assert program() == "xiangyin"


def test_where_it_is_not_installed_by_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    assert program() == "xiangyin"
