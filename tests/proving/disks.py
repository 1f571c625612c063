"""Disks that are full, read-only, or fail to sync."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar

from tests.disks import SmallDisk, mounted
from tests.proving.fault import Fault, Scene
from tests.proving.ground import Ground, draw_passwords, running_program

DATA_MB = 64
STORE_MB = 2
CAUGHT_S = 20.0


class DiskFull(Fault):
    """The data folder's disk: database, spool, the broker's snapshots and the logs."""

    name = "disk-full"
    says = f"the data folder's disk ({DATA_MB} MB) has no byte left"
    needs_root = "mounts a tmpfs"
    disk: SmallDisk

    @contextmanager
    def ground(self, folder: Path, buttons: int) -> Iterator[Ground]:
        """`up` on a small disk."""
        data = folder / "data"
        data.mkdir()
        with mounted(data, DATA_MB) as self.disk, running_program(folder, draw_passwords(buttons)) as ground:
            yield ground

    def inflict(self, scene: Scene) -> int:
        """Every byte is taken, also those that are given back meanwhile."""
        until_s = time.monotonic() + scene.hold_s
        while time.monotonic() < until_s:
            self.disk.fill()
            time.sleep(0.1)
        self.disk.make_room()
        return time.monotonic_ns()


class DiskFullKill(DiskFull):
    """What waits in the spool is all that is left."""

    name, contract = "disk-full-kill", True
    says = "as disk-full, and kill -9 of the calls role meanwhile"

    def inflict(self, scene: Scene) -> int:
        """Dies in the middle, and starts on the full disk as often as the supervisor likes."""
        self.disk.fill()
        time.sleep(scene.hold_s / 2)
        self.disk.fill()
        scene.ground.kill("calls")
        time.sleep(scene.hold_s / 2)
        self.disk.make_room()
        return time.monotonic_ns()


class BrokerDisk(Fault):
    """The broker keeps its queues in memory and writes them down now and then: here it cannot."""

    name, contract = "broker-disk", True
    says = "the broker's disk full, then read-only; kill -9 of mosquitto in each"
    needs_root = "mounts a tmpfs"
    disk: SmallDisk

    @contextmanager
    def ground(self, folder: Path, buttons: int) -> Iterator[Ground]:
        """The folder in which the broker persists, on a small disk."""
        store = folder / "data" / "broker" / "store"
        store.mkdir(parents=True)
        for part in (folder / "data", folder / "data" / "broker", store):
            part.chmod(0o700)
        with (
            mounted(store, STORE_MB) as self.disk,
            running_program(folder, draw_passwords(buttons)) as ground,
        ):
            yield ground

    def inflict(self, scene: Scene) -> int:
        """SIGUSR1 has mosquitto write its snapshot now, which fails; then it dies with all it had confirmed."""
        self.disk.fill()
        self._die(scene.ground, scene.hold_s / 2)
        self.disk.make_room()
        self.disk.set_read_only(is_so=True)
        self._die(scene.ground, scene.hold_s / 2)
        self.disk.set_read_only(is_so=False)
        return time.monotonic_ns()

    def _die(self, ground: Ground, hold_s: float) -> None:
        os.kill(ground.pid("broker"), signal.SIGUSR1)
        time.sleep(hold_s / 2)
        ground.kill("broker")
        ground.until_works("broker")
        time.sleep(hold_s / 2)


class FsyncFails(Fault):
    """What was written may not be on the disk, and the kernel says so."""

    name = "fsync-fails"
    says = "each fsync and fdatasync of the calls role fails with EIO (strace)"
    needs_root = "traces a process"
    calls: ClassVar[str] = "fsync,fdatasync"

    def inflict(self, scene: Scene) -> int:
        """strace holds on to every thread of the role and lets it go again."""
        log = scene.ground.folder.parent / "strace"
        command = ["strace", "-f", "-q", "-o", str(log), "-e", f"trace={self.calls}"]
        command += ["-e", f"inject={self.calls}:error=EIO", "-p", str(scene.ground.pid("calls"))]
        with subprocess.Popen(command) as tracing:
            time.sleep(scene.hold_s)
            tracing.send_signal(signal.SIGINT)
        if "EIO" not in log.read_text(errors="replace"):
            raise RuntimeError(f"no sync failed: {log.read_text(errors='replace')[-500:]}")
        return time.monotonic_ns()


DISKS = (DiskFull, DiskFullKill, BrokerDisk, FsyncFails)
