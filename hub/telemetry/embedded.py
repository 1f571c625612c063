"""The embedded store: samples in `telemetry.db`, every value for two days, by the hour for thirty.

Values are appended to `recent` as they come, a few pages a second however many devices there are. Once a minute
they are merged into `fine`, which lies on the disk as charts read it (by series, then time), and into `hourly`;
written straight there, each value would cost a page of its own.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import msgspec

from hub.domain.telemetry import FINE_MS, HOUR_MS, KEPT_MS, Sample
from hub.telemetry.database import TelemetryFile
from hub.telemetry.port import Written

SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS series (id INTEGER PRIMARY KEY, device TEXT NOT NULL, metric TEXT NOT NULL,
  UNIQUE (device, metric));
CREATE TABLE IF NOT EXISTS recent (series INTEGER NOT NULL, at INTEGER NOT NULL, value REAL NOT NULL);
CREATE TABLE IF NOT EXISTS fine (series INTEGER NOT NULL, at INTEGER NOT NULL, value REAL NOT NULL,
  PRIMARY KEY (series, at)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS hourly (series INTEGER NOT NULL, hour INTEGER NOT NULL, n INTEGER NOT NULL,
  sum REAL NOT NULL, min REAL NOT NULL, max REAL NOT NULL, PRIMARY KEY (series, hour)) WITHOUT ROWID;
"""
# What `fine` has already came twice, and must not count twice in `hourly`.
_MERGE: Final = (
    """CREATE TEMP TABLE fresh AS SELECT series, at, max(value) AS value FROM recent
       WHERE NOT EXISTS (SELECT 1 FROM fine WHERE fine.series = recent.series AND fine.at = recent.at)
       GROUP BY series, at""",
    "INSERT INTO fine SELECT series, at, value FROM fresh",
    """INSERT INTO hourly
       SELECT series, at - at % :hour, count(*), sum(value), min(value), max(value) FROM fresh
       WHERE true GROUP BY 1, 2
       ON CONFLICT (series, hour) DO UPDATE SET n = n + excluded.n, sum = sum + excluded.sum,
         min = min(min, excluded.min), max = max(max, excluded.max)""",
    "DROP TABLE fresh",
    "DELETE FROM recent",
)
# `recent` is empty whenever this runs.
_FORGET_SERIES: Final = """DELETE FROM series WHERE NOT EXISTS (SELECT 1 FROM fine WHERE series = id)
  AND NOT EXISTS (SELECT 1 FROM hourly WHERE series = id)"""
# The batch is handed over as one JSON text: SQLite takes it apart without Python's lock, row by row it would ask
# for the lock each time and the thread that hears the broker would wait (measured: a third fewer stored).
_LEARN: Final = """INSERT OR IGNORE INTO series (device, metric)
  SELECT DISTINCT json_extract(sample.value, '$[0]'), metric.key
  FROM json_each(?) AS sample, json_each(sample.value, '$[4]') AS metric"""
_APPEND: Final = """INSERT INTO recent
  SELECT series.id, json_extract(sample.value, '$[3]'), metric.value
  FROM json_each(?) AS sample, json_each(sample.value, '$[4]') AS metric
  JOIN series ON series.device = json_extract(sample.value, '$[0]') AND series.metric = metric.key"""
MERGE_MS: Final = 60_000
MERGE_ROWS: Final = 200_000
_encoder = msgspec.json.Encoder()


class EmbeddedStore:
    """Implements hub.telemetry.port.SampleStore on the file at `path`. Unavailable when it cannot be opened."""

    name = "telemetry.db"

    def __init__(self, path: Path) -> None:
        self._file = TelemetryFile(path, SCHEMA)
        with self._file.transaction() as db:
            self._unmerged = db.execute("SELECT count(*) FROM recent").fetchone()[0]
        self._merge_at = 0
        self._forget_at = 0

    def write(self, samples: Sequence[Sample]) -> Written:
        """One commit for the whole batch."""
        batch = (_encoder.encode(samples).decode(),)
        values = sum(len(sample.metrics) for sample in samples)
        with self._file.transaction() as db:
            if db.execute(_APPEND, batch).rowcount < values:  # some of them have no series yet
                db.execute("ROLLBACK")
                db.execute("BEGIN IMMEDIATE")
                db.execute(_LEARN, batch)
                db.execute(_APPEND, batch)
        self._unmerged += values
        return Written(len(samples))

    def tend(self, now: int) -> None:
        """Merge once a minute, or when much has come; forget what is too old once an hour."""
        forgets = now >= self._forget_at
        if self._unmerged and (forgets or now >= self._merge_at or self._unmerged >= MERGE_ROWS):
            self._merge()
            self._merge_at = now + MERGE_MS
        if forgets:
            self._forget(now)
            self._forget_at = now + HOUR_MS

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _merge(self) -> None:
        with self._file.transaction() as db:
            for statement in _MERGE:
                db.execute(statement, {"hour": HOUR_MS} if ":hour" in statement else {})
        self._unmerged = 0

    def _forget(self, now: int) -> None:
        """Series by series: what a series has too much of lies together, and no commit becomes long."""
        with self._file.transaction() as db:
            known = [series for (series,) in db.execute("SELECT id FROM series")]
        for series in known:
            with self._file.transaction() as db:
                db.execute("DELETE FROM fine WHERE series = ? AND at < ?", (series, now - FINE_MS))
                db.execute("DELETE FROM hourly WHERE series = ? AND hour < ?", (series, now - KEPT_MS))
        with self._file.transaction() as db:
            db.execute(_FORGET_SERIES)
