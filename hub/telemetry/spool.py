"""A bounded queue of samples on disk, in front of whichever store: what the store cannot take now, waits here.

A folder of segments, each a run of records `magic, length, CRC-32, samples | msgpack`. Written to the page cache,
not fsynced: a killed process loses nothing of it, a power cut the last seconds. What a process had read before it
ended is read again by the next, so a store may be given a sample twice. Past the bound the oldest segment goes.
"""

import contextlib
import os
import struct
import threading
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

import msgspec

from hub.domain.telemetry import Sample

SEGMENTS: Final = 16  # of which the bound is made: at most so large a part of it is dropped at once
LARGEST_SEGMENT: Final = 4_194_304
_HEADER = struct.Struct(">4sIII")
_MAGIC = b"XYT1"
_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(list[Sample])


@dataclass(slots=True)
class _Segment:
    """One file: its size, the samples in it, and how far they are taken."""

    number: int
    path: Path
    size: int = 0
    samples: int = 0
    taken_bytes: int = 0
    taken_samples: int = 0


@dataclass(frozen=True, slots=True)
class Batch:
    """The oldest samples; `advance` takes them out. `end` is where they end in the segment."""

    samples: Sequence[Sample]
    segment: int
    end: int


class SampleSpool:
    """The queue in `folder`, at most `limit_bytes` of waiting samples. Any thread may use it."""

    def __init__(self, folder: Path, limit_bytes: int) -> None:
        """Find what an earlier process left. OSError when the folder cannot be used."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._folder = folder
        self._limit = limit_bytes
        self._segment_bytes = min(LARGEST_SEGMENT, max(1, limit_bytes // SEGMENTS))
        self._lock = threading.Lock()
        found = [
            path for path in sorted(folder.glob("*.segment")) if path.stem.isdecimal() and path.is_file()
        ]
        self._segments = [_scan(path) for path in found]
        self._next = self._segments[-1].number + 1 if self._segments else 1
        self._file: int | None = None  # the newest segment, once this process has begun one
        self.dropped = 0

    @property
    def waiting(self) -> int:
        """Samples that are not taken yet."""
        with self._lock:
            return sum(segment.samples - segment.taken_samples for segment in self._segments)

    @property
    def waiting_bytes(self) -> int:
        """Their size on disk."""
        with self._lock:
            return self._bytes()

    def append(self, samples: Sequence[Sample]) -> None:
        """Keep `samples` behind all others; OSError when the disk takes them not (none of them is kept then).

        Past the bound the oldest are dropped, and counted in `dropped`.
        """
        body = _encoder.encode(samples)
        record = _HEADER.pack(_MAGIC, len(body), zlib.crc32(body), len(samples)) + body
        with self._lock:
            file, segment = self._open_segment()
            _write_whole(file, record, segment.size)
            segment.size += len(record)
            segment.samples += len(samples)
            while self._bytes() > self._limit and len(self._segments) > 1:
                self._drop_oldest()

    def oldest(self, limit: int) -> Batch | None:
        """Records from the front until there are `limit` samples, all of one segment; None when all is taken."""
        with self._lock:
            while self._segments:
                segment = self._segments[0]
                samples, end = _read(segment, limit)
                if samples:
                    return Batch(samples, segment.number, end)
                if not self._finish(segment):
                    return None
            return None

    def advance(self, batch: Batch) -> None:
        """The batch is kept elsewhere; a segment that is wholly taken is removed."""
        with self._lock:
            segment = self._segments[0] if self._segments else None
            if segment is None or segment.number != batch.segment:
                self.dropped -= len(batch.samples)  # dropped while it was on its way, and yet not lost
                return
            segment.taken_bytes = batch.end
            segment.taken_samples += len(batch.samples)
            if segment.taken_bytes >= segment.size and segment.size >= self._segment_bytes:
                self._remove(segment)

    def close(self) -> None:
        """Let go of the files; what is wholly taken is removed, so that nothing is given twice."""
        with self._lock:
            self._close_file()
            for segment in list(self._segments):
                if segment.taken_bytes >= segment.size:
                    self._remove(segment)

    def _bytes(self) -> int:
        return sum(segment.size - segment.taken_bytes for segment in self._segments)

    def _open_segment(self) -> tuple[int, _Segment]:
        """The newest segment, ours and not full."""
        if self._file is not None and self._segments and self._segments[-1].size < self._segment_bytes:
            return self._file, self._segments[-1]
        self._close_file()
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        number, self._next = self._next, self._next + 1  # one that cannot be made is passed over
        path = self._folder / f"{number:012}.segment"
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        segment = _Segment(number, path)
        self._file = file
        self._segments.append(segment)
        return file, segment

    def _finish(self, segment: _Segment) -> bool:
        """Nothing (more) can be read of the oldest segment: remove it, unless we still write to it."""
        if segment is self._segments[-1] and self._file is not None and segment.taken_bytes >= segment.size:
            return False
        self.dropped += segment.samples - segment.taken_samples
        self._remove(segment)
        return True

    def _drop_oldest(self) -> None:
        segment = self._segments[0]
        self.dropped += segment.samples - segment.taken_samples
        self._remove(segment)

    def _remove(self, segment: _Segment) -> None:
        if segment is self._segments[-1]:
            self._close_file()
        self._segments.remove(segment)
        segment.path.unlink(missing_ok=True)

    def _close_file(self) -> None:
        if self._file is not None:
            os.close(self._file)
            self._file = None


def _scan(path: Path) -> _Segment:
    """A segment that another process wrote; a torn end is left out."""
    segment = _Segment(int(path.stem), path)
    size = path.stat().st_size
    with path.open("rb") as file:
        for end, count in _records(file.fileno(), size):
            segment.size, segment.samples = end, segment.samples + count
    return segment


def _records(file: int, size: int) -> Iterator[tuple[int, int]]:
    """(where it ends, its samples) of each whole record."""
    at = 0
    while len(header := os.pread(file, _HEADER.size, at)) == _HEADER.size:
        magic, length, _, count = _HEADER.unpack(header)
        at += _HEADER.size + length
        if magic != _MAGIC or at > size:
            return
        yield at, count


def _read(segment: _Segment, limit: int) -> tuple[list[Sample], int]:
    """Samples from where `segment` is taken, and where they end; none when the rest cannot be read."""
    samples: list[Sample] = []
    at = segment.taken_bytes
    with contextlib.suppress(FileNotFoundError), segment.path.open("rb") as file:
        file.seek(at)
        while at < segment.size and len(samples) < limit:
            record = _record(file)
            if record is None:
                break
            body, more = record
            samples += more
            at += _HEADER.size + len(body)
    return samples, at


def _record(file: BinaryIO) -> tuple[bytes, list[Sample]] | None:
    """The next record and what is in it; None when it is not whole."""
    header = file.read(_HEADER.size)
    if len(header) < _HEADER.size:
        return None
    magic, length, checksum, _ = _HEADER.unpack(header)
    body = file.read(length)
    if magic != _MAGIC or zlib.crc32(body) != checksum:
        return None
    try:
        return body, _decoder.decode(body)
    except msgspec.MsgspecError:
        return None


def _write_whole(file: int, record: bytes, at: int) -> None:
    """All of it at `at`, or OSError; what a full disk took of it is written over by the next."""
    written = 0
    while written < len(record):
        written += os.pwrite(file, record[written:], at + written)
