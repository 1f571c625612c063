"""The data folder into one file, while the hub runs.

1. Databases are copied as they are at one instant, the main one first. 2. Everything else follows: what the copied
rows speak of was on the disk before them. 3. The file gets its name when it is whole and on the disk.
"""

import io
import os
import stat
import tarfile
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path, PurePosixPath
from typing import Final

import msgspec

from hub.backup.manifest import DATABASE, FORMAT, LAST, MANIFEST, LastBackup, Manifest
from hub.db.copying import copy_database, sqlite_file
from hub.domain.errors import Conflict, NotFound
from hub.settings import Settings

LEFT_OUT: Final = frozenset(
    {
        "run",  # sockets
        "log",
        "spool",  # presses on their way: devices repeat what was not acknowledged
        "broker/store",
        "broker/broker.pid",
        "broker/listeners.json",  # written at each start, for that start
        "broker/mosquitto.conf",
        "demo/sim",  # the memory of simulated devices
        "audio/tmp",
        "telemetry.db.unreadable",
        "up.lock",
        "prepared",
        LAST,
    }
)
_SQLITE: Final = b"SQLite format 3\0"
_BESIDE_SQLITE: Final = ("-wal", "-shm", "-journal")


def back_up(settings: Settings, target: Path) -> Manifest:
    """Write `target`, readable by its owner alone.

    NotFound: data-missing. Conflict: backup-there, backup-inside. Unavailable: backup-database. OSError.
    """
    folder = settings.data_dir
    database = sqlite_file(settings.database)
    if not (folder / "broker").exists() or (database is not None and not database.exists()):
        raise NotFound("data-missing", folder=str(folder))
    if target.exists():
        raise Conflict("backup-there", file=str(target))
    if target.absolute().is_relative_to(folder.absolute()):
        raise Conflict("backup-inside", folder=str(folder))
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".backup-") as aside:
        whole = Path(aside) / "whole"
        manifest = _write(whole, folder, database, Path(aside))
        _sync(whole)
        os.link(whole, target)  # unlike a rename it never replaces a file
    _sync(target.parent)
    _remember(folder, target, manifest.made_at)
    return manifest


def _write(whole: Path, folder: Path, database: Path | None, aside: Path) -> Manifest:
    copy, made_at = aside / "copy.db", int(time.time() * 1000)
    schema = None if database is None else copy_database(database, copy)
    manifest = Manifest(format=FORMAT, made_at=made_at, schema=schema)
    descriptor = os.open(whole, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file, tarfile.open(fileobj=file, mode="w:gz", compresslevel=1) as tar:
        _add_bytes(tar, MANIFEST, msgspec.json.encode(manifest), made_at)
        if database is not None:
            tar.add(copy, DATABASE)
            copy.unlink()
        for name, path in _kept(folder, PurePosixPath()):
            if database is not None and path == database:
                continue
            _add(tar, name, path, copy)
    return manifest


def _kept(folder: Path, within: PurePosixPath) -> Iterator[tuple[str, Path]]:
    """Name and path of each file to keep, folders in order."""
    for path in sorted(folder.iterdir()):
        name = within / path.name
        if str(name) in LEFT_OUT or path.name.startswith(".") or path.name.endswith(_BESIDE_SQLITE):
            continue
        with suppress(FileNotFoundError):  # sound that was swept away this moment
            mode = path.lstat().st_mode
            if stat.S_ISDIR(mode):
                yield from _kept(path, name)
            elif stat.S_ISREG(mode):
                yield str(name), path


def _add(tar: tarfile.TarFile, name: str, path: Path, copy: Path) -> None:
    with suppress(FileNotFoundError):
        if _is_database(path):
            copy_database(path, copy)
            tar.add(copy, name)
            copy.unlink()
        else:
            _add_bytes(tar, name, path.read_bytes(), int(path.stat().st_mtime * 1000))


def _add_bytes(tar: tarfile.TarFile, name: str, data: bytes, at: int) -> None:
    """Read first, then written: a file that grows meanwhile cannot spoil the archive."""
    entry = tarfile.TarInfo(name)
    entry.size, entry.mtime, entry.mode = len(data), at // 1000, 0o600
    tar.addfile(entry, io.BytesIO(data))


def _is_database(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(_SQLITE)) == _SQLITE


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _remember(folder: Path, target: Path, at: int) -> None:
    with suppress(OSError):  # the backup is there all the same
        (folder / LAST).write_bytes(msgspec.json.encode(LastBackup(at=at, file=str(target.absolute()))))
