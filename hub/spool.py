"""A file of reserved size for presses that the database would not take: a full disk cannot refuse it.

Slots of 2 KiB, each `magic, length, CRC-32, bytes`, written in place: what is written outlives the process, what is
synced outlives the power. A torn one fails its checksum and counts as empty (its press was never acknowledged,
so its device sends it again).
"""

import os
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path

SLOT_BYTES = 2048
SLOTS = 4096
_HEADER = struct.Struct(">4sHI")
_MAGIC = b"XYP1"
_EMPTY = bytes(_HEADER.size)


class SpoolFull(Exception):
    """Every slot is taken, or the entry is too long for one."""


class Spool:
    """The spool at `path`, made and filled with zeros once (8 MiB), before the disk is full."""

    def __init__(self, path: Path, *, slots: int = SLOTS) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        self._slots = slots
        self._is_synced = True
        self._reserve()
        self._free = {slot for slot in range(slots) if self._entry(slot) is None}

    def write(self, data: bytes) -> int:
        """Keep `data`, through a power cut once it is synced; its slot. SpoolFull, OSError (the disk is dead)."""
        if len(data) > SLOT_BYTES - _HEADER.size or not self._free:
            raise SpoolFull("the spool for unrecorded presses is full")
        slot = min(self._free)
        os.pwrite(self._file, _HEADER.pack(_MAGIC, len(data), zlib.crc32(data)) + data, slot * SLOT_BYTES)
        self._is_synced = False
        self._free.discard(slot)
        return slot

    def sync(self) -> None:
        """All that was written is on the disk; nothing to do when it is already. OSError: it may not be."""
        if not self._is_synced:
            self._is_synced = (
                True  # a kernel reports a failed flush once, and the next would be told that all is well
            )
            os.fdatasync(self._file)

    def clear(self, slot: int) -> None:
        """The entry is stored elsewhere by now. Not synced: doing it twice is harmless."""
        os.pwrite(self._file, _EMPTY, slot * SLOT_BYTES)
        self._free.add(slot)

    def read(self) -> Iterator[tuple[int, bytes]]:
        """What is kept, by slot."""
        for slot in sorted(set(range(self._slots)) - self._free):
            data = self._entry(slot)
            if data is not None:
                yield slot, data

    def close(self) -> None:
        """Let go of the file. OSError as `sync`."""
        try:
            self.sync()
        finally:
            os.close(self._file)

    def _reserve(self) -> None:
        missing = self._slots * SLOT_BYTES - os.fstat(self._file).st_size
        if missing > 0:
            # zeros, not a hole: blocks that are written already cannot be refused later
            os.pwrite(self._file, bytes(missing), os.fstat(self._file).st_size)
            os.fsync(self._file)

    def _entry(self, slot: int) -> bytes | None:
        block = os.pread(self._file, SLOT_BYTES, slot * SLOT_BYTES)
        if len(block) < _HEADER.size:
            return None
        magic, length, checksum = _HEADER.unpack_from(block)
        data = block[_HEADER.size : _HEADER.size + length]
        return data if magic == _MAGIC and len(data) == length and zlib.crc32(data) == checksum else None
