"""What the table says of proofs that could not be made: they count as not passed."""

from __future__ import annotations

import os

import pytest

from tests.proving import __main__ as program
from tests.proving.fault import Fault
from tests.proving.oracle import Verdict
from tests.proving.proof import Load

GOOD = Verdict(sent=9, stored=9, doubled=0, shown=9, heard=9, silence_ms=1500, recover_ms=0)
BAD = Verdict(sent=9, stored=8, doubled=0, shown=8, heard=8, silence_ms=1500, recover_ms=0)


def answering(monkeypatch: pytest.MonkeyPatch, verdict: Verdict | RuntimeError) -> None:
    def prove(_fault: Fault, _load: Load, _folder: object) -> Verdict:
        if isinstance(verdict, RuntimeError):
            raise verdict
        return verdict

    monkeypatch.setattr(program, "prove", prove)


def test_what_needs_root_says_so_and_has_not_passed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    answering(monkeypatch, GOOD)
    monkeypatch.setattr(os, "geteuid", lambda: 1000)

    assert program.main(["--only", "disk-full", "--load", "idle"]) == 1

    (row,) = [row for row in capsys.readouterr().out.splitlines() if row.startswith("disk-full")]
    assert row.endswith("not run: mounts a tmpfs, which needs root")


def test_without_root_the_others_can_pass(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    answering(monkeypatch, GOOD)
    monkeypatch.setattr(os, "geteuid", lambda: 1000)

    assert program.main(["--only", "kill-calls"]) == 0

    assert [row.split() for row in capsys.readouterr().out.splitlines() if row.startswith("kill-calls")] == [
        ["kill-calls", load, "QoS", "1", "9", "9", "0", "9", "9", "1.5", "0.0"] for load in ("idle", "200/s")
    ]


@pytest.mark.parametrize("verdict", [BAD, RuntimeError("nothing was hurt")], ids=["lost", "not inflicted"])
def test_a_loss_and_a_fault_that_did_not_happen_fail(
    monkeypatch: pytest.MonkeyPatch, verdict: Verdict | RuntimeError
) -> None:
    answering(monkeypatch, verdict)

    assert program.main(["--only", "kill-calls", "--load", "idle"]) == 1
