"""`xiangyin press` says at once when neither way to the hub is open, and goes on trying all the same."""

import json
import subprocess
from pathlib import Path

import pytest

from hub import cli
from hub.commands import press
from hub.demo.files import spare_file


@pytest.fixture
def demo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A demo county whose hub is down: nobody listens where its button calls."""
    monkeypatch.setenv("XIANGYIN_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("XIANGYIN_LANG", "en")
    file = spare_file(tmp_path)
    file.parent.mkdir(parents=True, exist_ok=True)
    fleet = {
        "mqtt": {"host": "127.0.0.1", "port": 1883},
        "http": "http://hub.example:8000",
        "devices": [{"id": "b-1"}],
    }
    file.write_text(json.dumps(fleet))
    return file


def test_a_hub_that_cannot_be_reached_is_said_before_the_waiting_begins(
    demo: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    del demo
    said_before: list[str] = []

    def run(_words: list[str], **_: object) -> subprocess.CompletedProcess[bytes]:
        said_before.append(capsys.readouterr().out)
        return subprocess.CompletedProcess([], 1, b'{"outcome":"unheard"}', b"")

    monkeypatch.setattr(press, "_is_open", lambda _host, _port: False)
    monkeypatch.setattr(subprocess, "run", run)

    assert cli.run(["press", "b-1"]) != 0

    (before,) = said_before
    assert "neither 127.0.0.1:1883 nor hub.example:8000 answers" in before
    assert "had no answer for 60 s" in capsys.readouterr().err


def test_while_one_way_is_open_nothing_is_said(
    demo: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    del demo
    answer = b'{"outcome":"received","after_ms":12,"reply":{"call":"c-1","say":"well"}}'
    monkeypatch.setattr(press, "_is_open", lambda _host, port: port == 8000)
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: subprocess.CompletedProcess([], 0, answer, b""))

    assert cli.run(["press", "b-1"]) == 0

    assert "cannot be reached" not in capsys.readouterr().out
