"""A PostgreSQL that dies and comes back, and one that does not answer."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.postgres import PostgresCluster, running_cluster
from tests.proving.fault import Fault, Scene
from tests.proving.ground import Ground, draw_passwords, running_program


class PostgresKill(Fault):
    """Away, with its own settings for durability."""

    name = "postgres-kill"
    says = "PostgreSQL ends at once, without a farewell, and is started again"
    cluster: PostgresCluster

    @contextmanager
    def ground(self, folder: Path, buttons: int) -> Iterator[Ground]:
        """`up` on a PostgreSQL of its own."""
        with running_cluster({}) as self.cluster:
            url = self.cluster.url(self.cluster.create())
            with running_program(folder, draw_passwords(buttons), database=url) as ground:
                yield ground

    def inflict(self, scene: Scene) -> int:
        """Away for the whole time."""
        self.cluster.kill()
        time.sleep(scene.hold_s)
        self.cluster.start()
        return time.monotonic_ns()


class PostgresStop(PostgresKill):
    """Neither there nor gone: a hung disk under it, or a machine without memory."""

    name = "postgres-stop"
    says = "SIGSTOP of every process of PostgreSQL for twice as long"

    def inflict(self, scene: Scene) -> int:
        """Longer than the hub waits for one statement."""
        server = int((self.cluster.folder / "data" / "postmaster.pid").read_text().split()[0])
        children = Path(f"/proc/{server}/task/{server}/children").read_text().split()
        processes = (server, *map(int, children))
        _signal(processes, signal.SIGSTOP)
        time.sleep(scene.hold_s * 2)
        _signal(processes, signal.SIGCONT)
        return time.monotonic_ns()


def _signal(processes: tuple[int, ...], number: signal.Signals) -> None:
    for pid in processes:
        with suppress(ProcessLookupError):
            os.kill(pid, number)


DATABASE = (PostgresKill, PostgresStop)
