"""One proof: press, hurt, wait until all is well again, and ask the oracle."""

from __future__ import annotations

import subprocess
import sys
import time
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType

import msgspec

from hub.domain.errors import Unavailable
from tests.proving.fault import Fault, Scene
from tests.proving.ground import Ground
from tests.proving.oracle import NOTHING, Verdict, judge
from tests.proving.pressing import Job
from tests.proving.records import read_heard, read_ledger
from tests.proving.screen import Screen

CONNECT_S = 180.0
POLL_S = 0.25


class Load(msgspec.Struct, frozen=True, kw_only=True):
    """How much is pressed while it hurts. `before_s`, `after_s`: pressing around the fault; `settle_s`: how
    long the hub has to bring everything in order afterwards."""

    name: str
    rate: float
    buttons: int = 300
    before_s: float = 2.0
    hold_s: float = 15.0
    after_s: float = 5.0
    settle_s: float = 180.0


IDLE = Load(name="idle", rate=2)
BUSY = Load(name="200/s", rate=200)
QUICK = Load(name="40/s", rate=40, buttons=40, before_s=0.5, hold_s=2, after_s=0.5, settle_s=60)


class Buttons(AbstractContextManager["Buttons"]):
    """The process of `tests.proving.pressing`, connected."""

    def __init__(self, job: Job, before: tuple[str, ...] = ()) -> None:
        self.job = job
        self._before = before

    def __enter__(self) -> Buttons:
        path = Path(self.job.ledger).with_suffix(".job.json")
        path.write_bytes(msgspec.json.encode(self.job))
        with path.with_suffix(".log").open("ab") as log:
            self._process = subprocess.Popen(
                [*self._before, sys.executable, "-m", "tests.proving.pressing", str(path)],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True,
            )  # fmt: skip
        assert self._process.stdout is not None
        if (said := self._process.stdout.readline().strip()) != "ready":
            raise RuntimeError(f"the buttons did not connect: {said!r}")
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        if self._process.poll() is None:
            self._process.kill()
        self._process.communicate()

    def tell(self, order: str) -> None:
        """`rate N`, `cut`."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{order}\n")
        self._process.stdin.flush()


def prove(fault: Fault, load: Load, folder: Path) -> Verdict:
    """The verdict of one fault under one load, in an empty folder."""
    with fault.ground(folder, fault.buttons or load.buttons) as ground:
        job = Job(
            host=ground.host,
            port=ground.port,
            ca=ground.ca,
            http=ground.http,
            devices=ground.passwords,
            contract=fault.contract,
            double=fault.double,
            ledger=str(folder / "ledger"),
            heard=str(folder / "heard"),
        )
        with (
            Screen(ground.up.http_port, ground.token) as screen,
            Buttons(job, ground.before) as buttons,
        ):
            buttons.tell(f"rate {load.rate}")
            time.sleep(load.before_s)
            ended_ns = fault.inflict(Scene(ground, load.hold_s, buttons.tell))
            time.sleep(load.after_s)
            buttons.tell("rate 0")
            return _await_order(ground, screen, job, ended_ns, load.settle_s)


def _await_order(ground: Ground, screen: Screen, job: Job, ended_ns: int, settle_s: float) -> Verdict:
    """Ask the oracle again and again until it has nothing to say against us, or our time is over."""
    time.sleep(2 * POLL_S)  # the order to stop pressing is on its way
    deadline = time.monotonic() + settle_s
    while True:
        try:
            kept = ground.kept()
        except Unavailable:
            kept = NOTHING
        verdict = judge(
            pressed=read_ledger(Path(job.ledger)),
            kept=kept,
            told=list(screen.told),
            heard=read_heard(Path(job.heard)),
            ended_ns=ended_ns,
        )
        if verdict.is_good or time.monotonic() > deadline:
            return verdict
        time.sleep(POLL_S)
