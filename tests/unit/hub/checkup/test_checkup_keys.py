"""The doctor looks at the signing keys: there, for one user alone, not about to end."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from hub.checkup.finding import State
from hub.checkup.keys import examine_keys
from hub.settings import Settings
from hub.signer.keyring import DAY_S, LIFE_S
from hub.signer.safe import Safe


def found(folder: Path) -> list[tuple[State, str]]:
    return [(one.state, one.message) for one in examine_keys(Settings(data_dir=folder))]


def test_before_the_first_start_there_are_none(tmp_path: Path) -> None:
    assert found(tmp_path) == [(State.WARN, "doctor-keys-none")]


def test_keys_of_today_are_well(tmp_path: Path) -> None:
    Safe(tmp_path).open(int(time.time()))
    assert found(tmp_path) == [(State.OK, "doctor-keys")]


@pytest.mark.parametrize("loosened", ["secrets", "secrets/keys.json"])
def test_who_else_may_read_them_is_told(tmp_path: Path, loosened: str) -> None:
    Safe(tmp_path).open(int(time.time()))
    (tmp_path / loosened).chmod(0o750)
    assert found(tmp_path) == [(State.BAD, "doctor-keys-loose"), (State.OK, "doctor-keys")]


def test_keys_that_end_soon_are_told(tmp_path: Path) -> None:
    Safe(tmp_path).open(int(time.time()) - LIFE_S + 20 * DAY_S)
    assert found(tmp_path) == [(State.WARN, "doctor-keys-end")]


def test_lost_keys_are_told(tmp_path: Path) -> None:
    Safe(tmp_path).open(int(time.time()))
    (tmp_path / "secrets" / "keys.json").unlink()
    assert found(tmp_path) == [(State.BAD, "signer-keys-lost")]
