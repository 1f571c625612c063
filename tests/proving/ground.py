"""The program that a proof hurts: `xiangyin up` on a folder of its own, with a county of buttons in it."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from broker_config.passwords import new_password
from hub.clock import Clock
from hub.console.auth import new_token
from hub.db.looking import Onlooker
from hub.db.store import open_store
from hub.supervisor.probes import calls_work
from tests.benchmarks.plant import settle_buttons
from tests.proving.oracle import Kept, read_kept
from tests.ups import PATIENCE_S, RunningUp, alive

POLL_S = 0.05


class Ground:
    """A running `up`. Buttons sign in with `passwords`; `token` is a session of the county's operator.

    Buttons reach it at `host`, `port` and `http`, which a fault may have put something in front of.
    """

    def __init__(self, up: RunningUp, database: str, passwords: Mapping[str, str], token: str) -> None:
        self.up = up
        self.database = database
        self.passwords = passwords
        self.token = token
        self.host = "127.0.0.1"
        self.port = up.mqtt_port
        self.http = f"http://127.0.0.1:{up.http_port}"
        self.ca: str | None = None
        self.before: tuple[str, ...] = ()  # words before the command of the buttons' process

    @property
    def folder(self) -> Path:
        """Its data folder."""
        return self.up.folder

    def pid(self, program: str) -> int:
        """The process of a program of `up`, as soon as it runs."""
        return self.until_some(lambda: self.up.children().get(program, 0), f"{program} to run")

    def kill(self, program: str) -> int:
        """kill -9, in the middle of whatever it does; the moment (CLOCK_MONOTONIC, ns)."""
        pid = self.pid(program)
        os.kill(pid, signal.SIGKILL)
        killed_ns = time.monotonic_ns()
        while alive(pid):
            time.sleep(0.001)
        return killed_ns

    def kill_up(self) -> None:
        """kill -9 of the supervisor; returns when all that it ran has ended too."""
        assert self.up.process is not None
        pids = [self.up.process.pid, *self.up.children().values()]
        self.up.process.kill()
        self.up.process.wait()
        self.until_some(lambda: not any(alive(pid) for pid in pids), "everything to end with its supervisor")

    def until_works(self, program: str) -> None:
        """Wait until a program that was killed runs again; of the calls role, until presses can be stored."""
        self.pid(program)
        if program in ("calls", "broker"):
            works = partial(calls_work, self.up.http_port)
            self.until_some(lambda: asyncio.run(works()), "the hub to work again")

    def until_some(self, ask: Callable[[], int], what: str) -> int:
        """What `ask` answers once it is not 0."""
        deadline = time.monotonic() + PATIENCE_S
        while not (found := ask()):
            if time.monotonic() > deadline:
                raise RuntimeError(f"waited in vain for {what}\n{self.up.screen}\n{self.up.logs[-4000:]}")
            time.sleep(POLL_S)
        return found

    def kept(self) -> Kept:
        """What its database holds now; looked at without taking any lock. Unavailable: it is away."""
        onlooker = Onlooker(self.database)
        try:
            return onlooker.read_sync(read_kept)
        finally:
            onlooker.close()


def draw_passwords(buttons: int) -> dict[str, str]:
    """Device → password, drawn anew for each proof."""
    return {f"proof-{n:05}": new_password() for n in range(buttons)}


@contextmanager
def running_program(
    folder: Path, passwords: Mapping[str, str], *, database: str | None = None, **settings: str
) -> Iterator[Ground]:
    """`up` on `folder`/data (made unless it is there), ready; gone after the block.

    `database`: the URL of an empty one; SQLite in the data folder otherwise.
    """
    data, token = folder / "data", new_token()
    data.mkdir(parents=True, exist_ok=True)
    url = database or f"sqlite:///{data / 'xiangyin.db'}"
    store = open_store(url, owner="proof", now=Clock().now)
    try:
        settle_buttons(store, passwords, token)
    finally:
        store.close()
    wanted = {"XIANGYIN_DATABASE_URL": url, "XIANGYIN_LOG_LEVEL": "WARNING", **settings}
    up = RunningUp(data, folder / "screen", **wanted)
    try:
        up.start("--no-demo")
        yield Ground(up, url, passwords, token)
    finally:
        up.close()
