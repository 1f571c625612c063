"""The board: how every device is and how the telemetry role is, in `telemetry.db`, whichever store keeps the samples.

The telemetry role writes it each second; the calls role, on the same machine, reads it.
"""

from collections.abc import Collection, Sequence
from contextlib import closing
from pathlib import Path
from typing import Final, TypeVar

import msgspec

from hub.domain.telemetry import Change, DeviceState, Report
from hub.telemetry.database import TelemetryFile, named_errors, open_for_reading
from hub.telemetry.fleet import Entry

SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS board (device TEXT PRIMARY KEY, number INTEGER NOT NULL, state BLOB NOT NULL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS board_number ON board (number);
CREATE TABLE IF NOT EXISTS report (id INTEGER PRIMARY KEY CHECK (id = 1), report BLOB NOT NULL);
"""
_PUT = """INSERT INTO board VALUES (?, ?, ?)
  ON CONFLICT (device) DO UPDATE SET number = excluded.number, state = excluded.state"""
_REPORT = "INSERT INTO report VALUES (1, ?) ON CONFLICT (id) DO UPDATE SET report = excluded.report"
S = TypeVar("S", DeviceState, Report)
_encoder = msgspec.msgpack.Encoder()
_state = msgspec.msgpack.Decoder(DeviceState)
_report = msgspec.msgpack.Decoder(Report)


class Board:
    """The writing side, on the file at `path`. Used by one thread at a time. Unavailable when it cannot be used."""

    def __init__(self, path: Path) -> None:
        self._file = TelemetryFile(path, SCHEMA)

    def put(self, entries: Sequence[Entry], report: Report) -> bool:
        """Devices that have something new, and how we are, in one commit. False: the file was begun anew, and
        has nobody else."""
        rows = [(entry.device, entry.number, _encoder.encode(entry.state)) for entry in entries]
        with self._file.transaction() as db:
            db.executemany(_PUT, rows)
            db.execute(_REPORT, (_encoder.encode(report),))
        return not self._file.take_news()

    def close(self) -> None:
        """Close the file."""
        self._file.close()


def read_entries(path: Path) -> Sequence[Entry]:
    """Every device on the board. Unavailable while there is no file."""
    with closing(open_for_reading(path)) as db, named_errors():
        rows = db.execute("SELECT device, number, state FROM board")
        return [
            Entry(device, number, state) for device, number, raw in rows if (state := _decoded(_state, raw))
        ]


def read_states(path: Path, devices: Collection[str]) -> dict[str, DeviceState]:
    """How these devices are; one that never spoke is not among them. Unavailable."""
    with closing(open_for_reading(path)) as db, named_errors():
        wanted = msgspec.json.encode(list(devices)).decode()
        rows = db.execute(
            "SELECT device, state FROM board WHERE device IN (SELECT value FROM json_each(?))", (wanted,)
        )
        return {device: state for device, raw in rows if (state := _decoded(_state, raw))}


def read_changes(path: Path, after: int, limit: int) -> Sequence[Change]:
    """Whose presence changed behind the change `after`, in order, each device with its newest. Unavailable."""
    with closing(open_for_reading(path)) as db, named_errors():
        rows = db.execute(
            "SELECT number, device, state FROM board WHERE number > ? ORDER BY number LIMIT ?", (after, limit)
        )
        return [
            _change(number, device, state) for number, device, raw in rows if (state := _decoded(_state, raw))
        ]


def read_report(path: Path) -> Report | None:
    """How the telemetry role was when it last said so; None when it never did. Unavailable."""
    with closing(open_for_reading(path)) as db, named_errors():
        row = db.execute("SELECT report FROM report").fetchone()
        return None if row is None else _decoded(_report, row[0])


def _decoded(decoder: msgspec.msgpack.Decoder[S], raw: bytes) -> S | None:
    """None when a broken disk, or another version, has left something else there: it is written again."""
    try:
        return decoder.decode(raw)
    except (msgspec.MsgspecError, UnicodeError, TypeError):
        return None


def _change(number: int, device: str, state: DeviceState) -> Change:
    return Change(number, device, state.presence, state.since, state.heard.seen_at)
