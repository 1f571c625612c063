"""Keys on the disk: for their owner alone, never silently replaced."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from devices.keys import Use
from hub.domain.errors import Unavailable
from hub.signer.ledger import Ledger
from hub.signer.safe import Safe, loose
from hub.signer.trust import read_trust

NOW_S = 1_790_000_000


def test_keys_are_made_once_and_only_their_public_half_leaves_the_safe(tmp_path: Path) -> None:
    made = Safe(tmp_path).open(NOW_S)
    again = Safe(tmp_path).open(NOW_S)
    assert again.root.kid == made.root.kid
    assert again.signing(Use.STOP, NOW_S).kid == made.signing(Use.STOP, NOW_S).kid
    assert read_trust(tmp_path) == made.public(NOW_S)
    assert '"d"' not in (tmp_path / "trust.json").read_text()


def test_nobody_else_reads_them(tmp_path: Path) -> None:
    safe = Safe(tmp_path)
    safe.open(NOW_S)
    assert stat.S_IMODE(safe.folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((safe.folder / "keys.json").stat().st_mode) == 0o600
    assert list(loose(safe.folder)) == []


def test_rights_that_were_loosened_are_said_and_taken_back(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    safe = Safe(tmp_path)
    safe.open(NOW_S)
    (safe.folder / "keys.json").chmod(0o644)
    assert [path.name for path in loose(safe.folder)] == ["keys.json"]
    safe.open(NOW_S)
    assert list(loose(safe.folder)) == []
    assert "rotate" in caplog.text


@pytest.mark.parametrize("lost", ["missing", "damaged"])
def test_lost_keys_are_said_and_never_made_anew(tmp_path: Path, lost: str) -> None:
    """New ones would make every loudspeaker of the county deaf."""
    safe = Safe(tmp_path)
    safe.open(NOW_S)
    Ledger(safe.ledger).close()
    keys = safe.folder / "keys.json"
    if lost == "missing":
        keys.unlink()
    else:
        keys.write_text(keys.read_text()[:200])
    with pytest.raises(Unavailable, match="signer-keys-lost"):
        safe.open(NOW_S)
    assert not keys.exists() or len(keys.read_text()) == 200


def test_the_public_half_is_not_there_before_the_signer_was(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="signer-never-ran"):
        read_trust(tmp_path)
