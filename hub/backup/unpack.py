"""A data folder from a backup: all of it, or the folder stays as empty as it was."""

import gzip
import os
import shutil
import tarfile
import zlib
from pathlib import Path, PurePosixPath
from typing import Final

import msgspec

from hub.backup.manifest import DATABASE, FORMAT, MANIFEST, Manifest
from hub.db.copying import sqlite_file
from hub.db.migrate import NewerSchema, is_known
from hub.domain.errors import Conflict, Invalid
from hub.settings import Settings

_CHUNK: Final = 1 << 20
ASIDE: Final = ".restoring"
_BROKEN: Final = (
    gzip.BadGzipFile,
    tarfile.TarError,
    EOFError,
    zlib.error,
    msgspec.MsgspecError,
    UnicodeDecodeError,
    ValueError,
)


def restore(settings: Settings, source: Path) -> Manifest:
    """Fill the data folder, which must be empty or absent.

    Conflict: restore-not-empty, restore-database-there, restore-other-database, backup-newer; NewerSchema.
    Invalid: backup-broken. OSError.
    """
    folder, database = settings.data_dir, sqlite_file(settings.database)
    if folder.exists() and any(folder.iterdir()):
        raise Conflict("restore-not-empty", folder=str(folder))
    if database is not None and database.exists():
        raise Conflict("restore-database-there", file=str(database))
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    aside = folder / ASIDE
    try:
        manifest = _unpack(source, aside, has_database=database is not None)
        if database is not None and database != folder.absolute() / DATABASE:
            shutil.move(aside / DATABASE, database)
        for path in aside.iterdir():
            path.rename(folder / path.name)
    except _BROKEN as error:
        raise Invalid("backup-broken", file=str(source), reason=str(error)) from error
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return manifest


def _unpack(source: Path, aside: Path, *, has_database: bool) -> Manifest:
    aside.mkdir(mode=0o700)
    with gzip.open(source) as stream, tarfile.open(fileobj=stream, mode="r|") as tar:
        manifest = _manifest(tar)
        if (manifest.schema is not None) is not has_database:
            raise Conflict("restore-other-database")
        while (entry := tar.next()) is not None:  # a loop over `tar` would go back to the first
            _put(tar, entry, aside)
        while stream.read(_CHUNK):  # to its end, where the sum of all bytes stands
            pass
    return manifest


def _manifest(tar: tarfile.TarFile) -> Manifest:
    first = tar.next()
    file = None if first is None or first.name != MANIFEST else tar.extractfile(first)
    if file is None:
        raise tarfile.ReadError("no backup of this program")
    manifest = msgspec.json.decode(file.read(), type=Manifest)
    if manifest.format > FORMAT:
        raise Conflict("backup-newer")
    if manifest.schema is not None and not is_known(manifest.schema):
        raise NewerSchema("data-newer", revision=manifest.schema)
    return manifest


def _put(tar: tarfile.TarFile, entry: tarfile.TarInfo, aside: Path) -> None:
    """Write one file; nothing leaves `aside`, whatever the archive says."""
    name = PurePosixPath(entry.name)
    file = tar.extractfile(entry) if entry.isreg() else None
    if name.is_absolute() or ".." in name.parts or file is None:
        raise tarfile.ReadError(f"{entry.name!r} is no file of a data folder")
    path = aside / name
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as kept:
        shutil.copyfileobj(file, kept)
        kept.flush()
        os.fsync(kept.fileno())
