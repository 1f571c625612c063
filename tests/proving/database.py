"""A PostgreSQL that dies and comes back, and one that does not answer."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.postgres import PostgresCluster, running_cluster
from tests.proving.fault import Fault, Scene
from tests.proving.ground import Ground, draw_passwords, running_program
from tests.proving.network import SILENT
from tests.proving.proxy import FINE, Proxy, running_proxy


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


class PostgresSilence(Fault):
    """A partition between hub and database: no end, no error, nothing."""

    name = "postgres-partition"
    says = "nothing passes between hub and PostgreSQL, and no connection breaks"
    proxy: Proxy

    @contextmanager
    def ground(self, folder: Path, buttons: int) -> Iterator[Ground]:
        """The hub reaches PostgreSQL by way of a proxy; the oracle does not."""
        with running_cluster({}) as cluster, running_proxy(cluster.port) as self.proxy:
            url = cluster.url(cluster.create())
            through = url.replace(f":{cluster.port}/", f":{self.proxy.port}/")
            with running_program(folder, draw_passwords(buttons), database=through) as ground:
                ground.database = url
                yield ground

    def inflict(self, scene: Scene) -> int:
        """Longer than the hub waits for one statement."""
        self.proxy.mood = SILENT
        time.sleep(scene.hold_s * 2)
        self.proxy.mood = FINE
        return time.monotonic_ns()


DATABASE = (PostgresKill, PostgresSilence)
