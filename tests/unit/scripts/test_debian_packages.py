"""Installing Debian packages for the tests leaves no service running and no policy behind."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from scripts import debian_packages


@pytest.fixture
def policy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(debian_packages, "POLICY", tmp_path / "policy-rc.d")
    return tmp_path / "policy-rc.d"


def answer(policy: Path) -> int:
    """What Debian's invoke-rc.d is told when a package wants to start its service: 101 forbids, 0 allows."""
    return subprocess.run([policy, "mosquitto", "start"], check=False).returncode


def test_services_may_not_start_inside_the_block_and_nothing_is_left_after_it(policy: Path) -> None:
    with debian_packages.services_kept_quiet():
        assert answer(policy) == 101
    assert not policy.exists()


def test_a_failed_installation_leaves_nothing_either(policy: Path) -> None:
    with pytest.raises(OSError, match="disk full"), debian_packages.services_kept_quiet():
        raise OSError("disk full")
    assert not policy.exists()


def test_a_policy_left_by_a_killed_process_forbids_nothing_and_goes_with_the_next(policy: Path) -> None:
    with subprocess.Popen(["true"]) as ended:
        pass
    text = debian_packages.POLICY_TEXT
    policy.write_text(
        text.format(mark=debian_packages.POLICY_MARK, pid=ended.pid, program="/usr/bin/python3")
    )
    policy.chmod(0o755)
    assert answer(policy) == 0

    with debian_packages.services_kept_quiet():
        assert answer(policy) == 101
    assert not policy.exists()


def test_the_policy_of_the_machines_owner_is_left_alone(policy: Path) -> None:
    policy.write_text("#!/bin/sh\nexit 0\n")
    with debian_packages.services_kept_quiet():
        assert policy.read_text() == "#!/bin/sh\nexit 0\n"
    assert policy.exists()


def test_without_root_and_sudo_the_missing_packages_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(debian_packages, "PACKAGES", ("a-package-nobody-made", "dpkg"))
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(debian_packages, "_through_sudo", lambda: False)

    with pytest.raises(SystemExit, match=r"sudo apt-get install a-package-nobody-made$"):
        debian_packages.main()
