"""Orders, a signer's desk on a clock that is moved by hand, and the signer as a process of its own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec
import pytest

from hub.domain.orders import Order
from hub.signer.client import SignerClient
from hub.signer.desk import SigningDesk
from hub.signer.keyring import Keyring
from hub.signer.ledger import Ledger
from hub.signer.wire import Answer, Question
from tests.stores import START_MS, VILLAGE, Moved

AUDIO = {"url": "a/" + "0" * 64, "sha256": "0" * 64, "bytes": 1000, "ms": 5_000}
PATIENCE_S = 30.0


def order(
    order_id: str,
    command: dict[str, object],
    address: str = VILLAGE,
    *,
    device: bool = False,
    life_s: int = 300,
    not_before: int | None = None,
    by: str = "u-1",
    approved: str | None = None,
    until: int | None = None,
) -> Order:
    """An order of one person, for the village."""
    return Order(
        id=order_id,
        address=address,
        device=device,
        command=msgspec.json.encode(command),
        life_s=life_s,
        not_before=not_before,
        created_by=by,
        approved_by=approved,
        until=until,
    )


def play(
    run: str = "r-1", *, start_at: int = START_MS, priority: int = 100, **more: object
) -> dict[str, object]:
    """A `play` as the hub words it."""
    return {
        "type": "play", "broadcast": "b-1", "run": run, "priority": priority, "volume": 50, "repeat": 1,
        "audio": [AUDIO], "start_at": start_at, "text": "", "drill": False, **more,
    }  # fmt: skip


def stop(run: str | None = None) -> dict[str, object]:
    """A `stop` of one run, or of all."""
    return {"type": "stop", "run": run}


class Bench:
    """A desk over a ledger file; `reopen` is what a restart leaves of it."""

    def __init__(self, folder: Path, clock: Moved) -> None:
        self.clock = clock
        self.path = folder / "ledger.db"
        self.ring = Keyring.new(clock.now() // 1000)
        self.saved: list[Keyring] = []
        self.plausible = True
        self.reopen()

    def reopen(self) -> None:
        """Begin anew with what lies on the disk."""
        self.ledger = Ledger(self.path)
        self.desk = SigningDesk(
            self.ring,
            self.ledger,
            save=lambda ring, _now_s: self.saved.append(ring),
            now=self.clock.now,
            plausible=lambda: self.plausible,
        )

    def ask(self, question: Question) -> Answer:
        """One question by itself."""
        (answer,) = self.desk.answer_all([question])
        return answer

    def ask_all(self, questions: Sequence[Question]) -> list[Answer]:
        """Questions that share a commit."""
        return self.desk.answer_all(questions)


@pytest.fixture
def bench(tmp_path: Path, clock: Moved) -> Iterator[Bench]:
    """A desk with fresh keys."""
    made = Bench(tmp_path, clock)
    yield made
    made.ledger.close()


class RunningSigner:
    """`xiangyin serve --role signer` on a data folder; it can be killed and started again."""

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir
        self.client = SignerClient(data_dir / "run")
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def log(self) -> str:
        """What it wrote."""
        return (self.data_dir / "signer.log").read_text(errors="replace")

    def launch(self, *before: str) -> subprocess.Popen[bytes]:
        """The process, behind the words of another program if any."""
        self.data_dir.mkdir(exist_ok=True)
        with (self.data_dir / "signer.log").open("ab") as log:
            return subprocess.Popen(
                [*before, sys.executable, "-P", "-m", "hub", "serve", "--role", "signer"],
                env={
                    **{name: value for name, value in os.environ.items() if not name.startswith("XIANGYIN_")},
                    "XIANGYIN_DATA_DIR": str(self.data_dir),
                },
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def start(self, *before: str) -> None:
        """Start it and wait until it listens."""
        self.process = self.launch(*before)
        deadline = time.monotonic() + PATIENCE_S
        while not self._listens():
            assert self.process.poll() is None, self.log
            assert time.monotonic() < deadline, self.log
            time.sleep(0.01)

    def kill(self) -> None:
        """End it, and whoever traces it, as a power cut does."""
        if self.process is not None and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(PATIENCE_S)

    def _listens(self) -> bool:
        with socket.socket(socket.AF_UNIX) as mouth:
            return mouth.connect_ex(str(self.data_dir / "run" / "signer.sock")) == 0


@pytest.fixture
def signer(tmp_path: Path) -> Iterator[RunningSigner]:
    """A signer with new keys, running."""
    running = RunningSigner(tmp_path / "d")
    running.start()
    try:
        yield running
    finally:
        running.kill()
