"""`xiangyin keys …` beside a signer that runs, and without one."""

from __future__ import annotations

import os

import pytest

from hub.cli import run
from tests.with_signer import RunningSigner


@pytest.fixture(autouse=True)
def here(signer: RunningSigner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XIANGYIN_DATA_DIR", str(signer.data_dir))
    monkeypatch.setenv("XIANGYIN_LANG", "en")


def listed(capsys: pytest.CaptureFixture[str]) -> list[list[str]]:
    capsys.readouterr()
    assert run(["keys", "list"]) == 0
    return [line.split("\t") for line in capsys.readouterr().out.splitlines()]


def test_keys_are_listed_rotated_and_revoked(capsys: pytest.CaptureFixture[str]) -> None:
    before = listed(capsys)
    assert [use for _, use, _ in before] == ["root", "routine", "emergency", "stop", "set"]
    assert run(["keys", "rotate"]) == 0
    rotated = listed(capsys)
    assert len(rotated) == 9
    assert {kid for kid, *_ in before} < {kid for kid, *_ in rotated}
    leaked = before[1][0]
    assert run(["keys", "revoke", leaked]) == 0
    assert [line for line in rotated if line[0] != leaked] == listed(capsys)


def test_a_key_that_is_none_is_refused_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["keys", "revoke", "-no-such-key"]) == os.EX_CONFIG
    assert "-no-such-key" in capsys.readouterr().err


def test_without_a_signer_keys_are_listed_and_not_changed(
    signer: RunningSigner, capsys: pytest.CaptureFixture[str]
) -> None:
    before = listed(capsys)
    signer.kill()
    assert listed(capsys) == before
    assert run(["keys", "rotate"]) == os.EX_TEMPFAIL
    assert "signer does not answer" in capsys.readouterr().err
