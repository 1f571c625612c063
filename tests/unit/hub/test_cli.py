"""`xiangyin` finds its commands, stays light until it needs more, and ends every error in one line."""

import importlib
import os
import subprocess
import sys
from pathlib import Path

import click
import pytest

from hub import cli
from hub.domain.errors import Conflict, HubError, Unavailable

HEAVY = ("sqlalchemy", "fastapi", "aiomqtt", "uvicorn", "alembic", "numpy", "cryptography")


@pytest.mark.parametrize("name", cli.COMMANDS)
def test_every_command_that_is_listed_is_there(name: str) -> None:
    found = importlib.import_module(f"hub.commands.{cli.COMMANDS[name][0]}").command

    assert isinstance(found, click.Command)
    assert found.name == name
    assert found.help


@pytest.mark.parametrize("words", [["--help"], ["settings"], ["up", "--help"], ["device", "--help"]])
def test_help_and_settings_load_nothing_heavy(words: list[str]) -> None:
    script = "import sys\nfrom hub.cli import run\nrun(sys.argv[1:])\nprint(*sys.modules, file=sys.stderr)"

    ran = subprocess.run([sys.executable, "-c", script, *words], capture_output=True, text=True, check=True)

    assert ran.stdout
    assert [module for module in HEAVY if module in ran.stderr.split()] == []


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (Conflict("up-twice", folder="/data", pid="7"), os.EX_CONFIG),
        (Unavailable("store-away"), os.EX_TEMPFAIL),
    ],
)
def test_an_error_is_one_line_and_a_status(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], error: HubError, status: int
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(cli.xiangyin, "main", fail)

    assert cli.run([]) == status

    printed = capsys.readouterr()
    assert printed.out == ""
    assert len(printed.err.splitlines()) == 1
    assert "{" not in printed.err


def test_what_up_refuses_is_said_in_both_languages_once_each(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("XIANGYIN_LANG", raising=False)
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    monkeypatch.setenv("XIANGYIN_HTTP_PORT", "eighty")

    assert cli.run(["up"]) == os.EX_CONFIG

    first, second = capsys.readouterr().err.split(" / ")
    assert "must be a whole number" in first
    assert "要写整数" in second


def test_a_file_that_cannot_be_opened_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object, **__: object) -> None:
        Path("/nowhere/at/all").read_text()

    monkeypatch.setattr(cli.xiangyin, "main", fail)

    assert cli.run([]) == os.EX_TEMPFAIL
    assert capsys.readouterr().err == "/nowhere/at/all: No such file or directory\n"


def test_a_command_that_does_not_exist_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["presss"]) == 2
    assert "No such command" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("environment", "says"),
    [
        ({"XIANGYIN_LANG": "zh", "LANG": "en_US.UTF-8"}, "没有县"),
        ({"LANG": "zh_CN.UTF-8"}, "没有县"),
        ({"LC_ALL": "en_GB.UTF-8", "LANG": "zh_CN.UTF-8"}, "no county"),
        ({"LANG": "C.UTF-8"}, "no county"),
    ],
)
def test_it_speaks_the_terminals_language(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], says: str
) -> None:
    from hub.commands.terminal import say

    for name in ("XIANGYIN_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)

    assert says in say("county-missing").replace("还没有县", "没有县")
