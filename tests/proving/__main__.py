"""`python -m tests.proving`: see `xiangyin prove --help`."""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.proving.catalogue import FAULTS
from tests.proving.fault import Fault
from tests.proving.oracle import Verdict
from tests.proving.proof import BUSY, IDLE, QUICK, Load, prove

COLUMNS = (
    ("fault", -18), ("load", -5), ("buttons", -8), ("sent", 6), ("stored", 6), ("doubled", 7), ("shown", 6),
    ("heard", 6), ("silence s", 9), ("recover s", 9),
)  # fmt: skip
LOADS = {"idle": IDLE, "busy": BUSY}


def main(arguments: Sequence[str]) -> int:
    """Print the table; 0 when every fault that was wanted was proven and nothing was lost or doubled."""
    parser = argparse.ArgumentParser("xiangyin prove", epilog="--list says what each fault is.")
    names = [fault.name for fault in FAULTS]
    parser.add_argument(
        "--only", nargs="+", metavar="NAME", choices=names, help="these faults alone (see --list)"
    )
    load = parser.add_mutually_exclusive_group()
    load.add_argument("--load", choices=list(LOADS), help="one of the two; both otherwise")
    load.add_argument(
        "--quick", action="store_true", help="40 presses a second for a few seconds, each fault once"
    )
    parser.add_argument("--list", action="store_true", help="name the faults and end")
    given = parser.parse_args(arguments)
    chosen = [fault() for fault in FAULTS if given.only is None or fault.name in given.only]
    if given.list:
        for fault in chosen:
            print(f"{fault.name:18} {fault.says}{' (needs root)' if fault.needs_root else ''}")
        return 0
    loads = (
        (QUICK,) if given.quick else tuple(load for name, load in LOADS.items() if given.load in (None, name))
    )
    print(line([name for name, _ in COLUMNS]), flush=True)
    good = [_row(fault, load) for fault in chosen for load in loads]
    bad = good.count(False)
    print(
        f"proofs: {len(good)}, failed or not run: {bad}" + ("" if bad else "; nothing lost, nothing doubled")
    )
    return 1 if bad else 0


def _row(fault: Fault, load: Load) -> bool:
    """Prove and print one line; whether it is good."""
    head = [fault.name, load.name, "contract" if fault.contract else "QoS 1"]
    if fault.needs_root and os.geteuid() != 0:
        print(f"{line(head)} not run: {fault.needs_root}, which needs root", flush=True)
        return False
    try:
        with tempfile.TemporaryDirectory(prefix="xiangyin-proof-") as folder:
            verdict = prove(fault, load, Path(folder).resolve())
    except (RuntimeError, OSError, subprocess.SubprocessError, AssertionError) as error:
        print(f"{line(head)} not proven: {str(error).strip() or type(error).__name__}", flush=True)
        return False
    print(line([*head, *figures(verdict)]) + ("" if verdict.is_good else "  NOT GOOD"), flush=True)
    return verdict.is_good


def figures(verdict: Verdict) -> list[str]:
    """The cells of a verdict, in the order of the columns."""
    counts = (verdict.sent, verdict.stored, verdict.doubled, verdict.shown, verdict.heard)
    times = (verdict.silence_ms, verdict.recover_ms)
    return [*map(str, counts), *(f"{ms / 1000:.1f}" for ms in times)]


def line(cells: Sequence[str]) -> str:
    """Cells under their column's name; words to the left, figures to the right."""
    widths = [width for _, width in COLUMNS]
    return " ".join(
        cell.ljust(-width) if width < 0 else cell.rjust(width)
        for cell, width in zip(cells, widths, strict=False)
    )


def _stopped(number: int, _frame: object) -> None:
    """However we are told to end: what the proof has begun (a hub, a disk, a network) is taken down on the way out."""
    for again in (signal.SIGINT, signal.SIGTERM):
        signal.signal(again, signal.SIG_IGN)  # it takes a few seconds
    print("stopped; what was started is taken down", flush=True)
    sys.exit(128 + number)


if __name__ == "__main__":
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _stopped)
    sys.exit(main(sys.argv[1:]))
