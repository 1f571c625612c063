"""Finished audio, kept by the SHA-256 of its bytes: doing it twice is harmless, and nothing is ever changed.

ab/cdef…       the audio whose hash is abcdef…
memo/ab/cdef…  what was made of which words by which voice: key → hash and measures
tmp/           files being written
"""

import errno
import hashlib
import json
import os
import re
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Final

from broadcast.errors import Problem, StoreError
from broadcast.ports import Mastered, StoredAudio

_SHA256: Final = re.compile(r"[0-9a-f]{64}")
_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT})


class FileStore:
    """A folder of audio; any number of processes may share it."""

    def __init__(self, folder: Path) -> None:
        """Make the folder if need be; StoreError when that cannot be."""
        self._folder = folder
        self._memos = folder / "memo"
        self._unfinished = folder / "tmp"
        try:
            self._unfinished.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise _failure(error) from error

    def put(self, audio: Mastered) -> StoredAudio:
        """Keep it; StoreError when the disk is full or refuses."""
        sha256 = hashlib.sha256(audio.mp3).hexdigest()
        path = self._place(sha256)
        try:
            # A file that is there already may be about to be collected, or be damaged: renew it either way.
            if path.is_file() and path.read_bytes() == audio.mp3:
                os.utime(path)
            else:
                self._write(path, audio.mp3)
        except OSError as error:
            raise _failure(error) from error
        return StoredAudio(
            sha256, len(audio.mp3), audio.duration_ms, audio.loudness_lufs, audio.true_peak_dbtp
        )

    def path(self, sha256: str) -> Path:
        """Where that audio stands; StoreError when there is none of that hash."""
        path = self._place(sha256)
        if not path.is_file():
            raise StoreError(Problem.AUDIO_MISSING, sha256=sha256)
        return path

    def read(self, sha256: str) -> bytes:
        """Its bytes, verified; StoreError when missing or no longer what they were."""
        try:
            data = self.path(sha256).read_bytes()
        except OSError as error:
            raise _failure(error) from error
        if hashlib.sha256(data).hexdigest() != sha256:
            raise StoreError(Problem.AUDIO_DAMAGED, sha256=sha256)
        return data

    def recall(self, key: str) -> StoredAudio | None:
        """What `remember` was told under this key; None when unknown, or when its file is gone or damaged."""
        try:
            stored = StoredAudio(**json.loads(self._memo(key).read_bytes()))
            self.read(stored.sha256)
            os.utime(self._place(stored.sha256))
        except (OSError, ValueError, TypeError, StoreError):
            return None
        return stored

    def remember(self, key: str, audio: StoredAudio) -> None:
        """Next time `recall` of this key gives this audio; StoreError when the disk is full or refuses."""
        try:
            self._write(self._memo(key), json.dumps(asdict(audio)).encode())
        except OSError as error:
            raise _failure(error) from error

    def collect(self, referenced: Iterable[str], *, older_than_s: float, now_s: float) -> int:
        """Delete audio that nobody refers to and that was neither made nor recalled for `older_than_s` seconds.

        The grace covers what is prepared but not yet referred to. Returns the bytes freed; memos of deleted
        audio and unfinished files of that age go as well.
        """
        kept = frozenset(referenced)
        freed = 0
        for path in self._audio_files():
            if path.parent.name + path.name not in kept:
                freed += _delete_if_old(path, now_s - older_than_s)
        for memo in _files(self._memos):
            if not self._leads_somewhere(memo):
                memo.unlink(missing_ok=True)
        for unfinished in _files(self._unfinished):
            freed += _delete_if_old(unfinished, now_s - older_than_s)
        return freed

    def _leads_somewhere(self, memo: Path) -> bool:
        try:
            return self._place(str(json.loads(memo.read_bytes())["sha256"])).is_file()
        except (OSError, ValueError, TypeError, KeyError, StoreError):
            return False

    def _audio_files(self) -> Iterator[Path]:
        for shelf in self._folder.iterdir():
            if re.fullmatch(r"[0-9a-f]{2}", shelf.name):
                yield from _files(shelf)

    def _place(self, sha256: str) -> Path:
        if not _SHA256.fullmatch(sha256):
            raise StoreError(Problem.AUDIO_MISSING, sha256=sha256[:80])
        return self._folder / sha256[:2] / sha256[2:]

    def _memo(self, key: str) -> Path:
        name = hashlib.sha256(key.encode()).hexdigest()
        return self._memos / name[:2] / name[2:]

    def _write(self, path: Path, data: bytes) -> None:
        """Whole or not at all, also when the power goes: written aside, flushed to disk, renamed."""
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=self._unfinished)
        unfinished = Path(name)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fchmod(file.fileno(), 0o644)
                os.fsync(file.fileno())
            unfinished.replace(path)
        except OSError:
            unfinished.unlink(missing_ok=True)
            raise
        _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    """Until then the new name itself may be lost."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_file())


def _delete_if_old(path: Path, before_s: float) -> int:
    status = path.stat()
    if status.st_mtime > before_s:
        return 0
    path.unlink(missing_ok=True)
    return status.st_size


def _failure(error: OSError) -> StoreError:
    problem = Problem.STORE_FULL if error.errno in _FULL else Problem.STORE_UNUSABLE
    return StoreError(problem, detail=str(error))
