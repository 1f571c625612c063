"""Reads the embedded store, from any process of this machine."""

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Final

from hub.domain.telemetry import HOUR_MS, Bucket, Span
from hub.telemetry.database import named_errors, open_for_reading

# A value that waits in `recent` may have come twice, or be in `fine` already.
_NOT_MERGED: Final = """SELECT at, max(value) AS value FROM recent
  WHERE series = :series AND at >= :start AND at < :end
    AND NOT EXISTS (SELECT 1 FROM fine WHERE fine.series = recent.series AND fine.at = recent.at)
  GROUP BY at"""
_SINGLE: Final = "at, 1 AS n, value AS sum, value AS min, value AS max"
_FINE: Final = f"""SELECT {_SINGLE} FROM fine WHERE series = :series AND at >= :start AND at < :end
  UNION ALL SELECT {_SINGLE} FROM ({_NOT_MERGED})"""  # noqa: S608 -- constants of ours
_HOURLY: Final = f"""SELECT hour AS at, n, sum, min, max FROM hourly
  WHERE series = :series AND hour >= :start AND hour < :end
  UNION ALL SELECT {_SINGLE} FROM ({_NOT_MERGED})"""  # noqa: S608
_BUCKETS: Final = """SELECT at - at % :step, sum(sum) / sum(n), min(min), max(max), sum(n) FROM ({})
  GROUP BY 1 ORDER BY 1"""


class EmbeddedReader:
    """Implements hub.telemetry.port.SeriesReader on the file at `path`; a thread reads, the loop goes on."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="telemetry-read")

    async def read(self, device: str, metric: str, span: Span) -> Sequence[Bucket]:
        """As the port has it. Unavailable while there is no file."""
        return await asyncio.get_running_loop().run_in_executor(
            self._thread, read_buckets, self._path, device, metric, span
        )

    async def close(self) -> None:
        """End the thread."""
        self._thread.shutdown()


def read_buckets(path: Path, device: str, metric: str, span: Span) -> Sequence[Bucket]:
    """As `EmbeddedReader.read`, in this thread."""
    with closing(open_for_reading(path)) as db, named_errors():
        found = db.execute(
            "SELECT id FROM series WHERE device = ? AND metric = ?", (device, metric)
        ).fetchone()
        if found is None:
            return ()
        rows = _HOURLY if span.step_ms >= HOUR_MS else _FINE
        named = {"series": found[0], "start": span.start, "end": span.end, "step": span.step_ms}
        return tuple(Bucket(*row) for row in db.execute(_BUCKETS.format(rows), named))
