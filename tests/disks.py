"""A disk that can be full: a small tmpfs of the test's own. Mounting needs root, as the whole of `make test` may."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


class SmallDisk:
    """A mounted tmpfs."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def fill(self) -> None:
        """Take every byte that is left; as often as wanted."""
        with (self.folder / "ballast").open("ab", buffering=0) as ballast:
            try:
                while True:
                    ballast.write(bytes(4096))
            except OSError:
                return

    def make_room(self) -> None:
        """Give it back."""
        (self.folder / "ballast").unlink()

    def set_read_only(self, *, is_so: bool) -> None:
        """As a disk does that the kernel has lost faith in; files that are open for writing are closed first."""
        how = "remount,ro" if is_so else "remount,rw"
        subprocess.run(["mount", "-o", how, str(self.folder)], check=True)


@contextmanager
def mounted(folder: Path, megabytes: int) -> Iterator[SmallDisk]:
    """A small disk at `folder`, gone after the block, whoever still uses it."""
    assert os.geteuid() == 0, "a disk that is really full is a tmpfs of the test's own: run the tests as root"
    size = f"size={megabytes}m,mode=0700"
    subprocess.run(["mount", "-t", "tmpfs", "-o", size, "tmpfs", str(folder)], check=True)
    try:
        yield SmallDisk(folder)
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[SmallDisk]:
    """An empty small disk."""
    folder = tmp_path / "small"
    folder.mkdir()
    with mounted(folder, 4) as disk:
        yield disk
