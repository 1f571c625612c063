"""Stops that could not be written into the database: a file of lines, read again until they are.

One JSON object a line, appended and fsynced; a torn last line (power cut) is passed over. A disk that takes
nothing keeps no stop from sounding silence: it is in memory then, and said in the log.
"""

import contextlib
import logging
import os
from pathlib import Path

import msgspec

from broadcast.service.stopping import Stop

log = logging.getLogger(__name__)
_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(Stop)


class StopJournal:
    """The journal at `path`; what stands in it is waiting from the start."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._waiting: dict[str, Stop] = {stop.id: stop for stop in _read(path)}

    @property
    def waiting(self) -> tuple[Stop, ...]:
        """What is still to be written, the oldest first."""
        return tuple(self._waiting.values())

    def add(self, stop: Stop) -> None:
        """Keep `stop` until `done`; twice is once."""
        known = self._waiting.get(stop.id)
        self._waiting[stop.id] = stop
        if known == stop:
            return
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            handle = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
            try:
                os.write(handle, b"\n" + _encoder.encode(stop) + b"\n")  # a torn line before it stays alone
                os.fsync(handle)
            finally:
                os.close(handle)
        except OSError as error:
            log.error("stop %s is in memory only: %s", stop.id, error)  # noqa: TRY400

    def done(self, stop: Stop) -> None:
        """It is in the database now."""
        self._waiting.pop(stop.id, None)
        if not self._waiting:
            with contextlib.suppress(OSError):  # read again at the next start: writing twice is harmless
                self._path.unlink(missing_ok=True)


def _read(path: Path) -> list[Stop]:
    try:
        lines = path.read_bytes().splitlines()
    except FileNotFoundError:
        return []
    except OSError as error:
        log.error("the journal of stops cannot be read: %s", error)  # noqa: TRY400
        return []
    found = []
    for line in filter(None, lines):
        try:
            found.append(_decoder.decode(line))
        except msgspec.MsgspecError as error:
            log.warning("a line of %s is no stop: %s", path.name, error)
    return found
