"""The InfluxDB store, written by influxdb-client: versions 1.8, 2 and 3 take what it sends.

One request is one batch, and we learn of it what became of it: `write_api` in its batching mode gives a batch up
after five tries, and our spool never does. What the server says of itself (no such bucket, no rights, busy) makes
the batch wait; what it says of single lines (a field of another type, older than it keeps) refuses those alone.
"""

import re
from collections.abc import Sequence
from typing import Final, Self, cast

import msgspec
from influxdb_client.client.influxdb_client import InfluxDBClient
from influxdb_client.client.write_api import SYNCHRONOUS
from influxdb_client.domain.write_precision import WritePrecision
from influxdb_client.rest import ApiException
from urllib3.exceptions import HTTPError

from hub.domain.errors import Unavailable
from hub.domain.telemetry import Sample
from hub.telemetry.influx_access import InfluxAccess
from hub.telemetry.lines import line
from hub.telemetry.port import Written

TIMEOUT_MS: Final = (3_000, 10_000)  # to connect, to be answered
_PRECISION: Final = cast("WritePrecision", WritePrecision.MS)  # a constant, which is how the library means it
_OF_LINES: Final = (400, 413, 422)
_TAKEN: Final = (
    204  # of every version; a page that something in between answers with says 200 and keeps nothing
)
_PARTIAL = re.compile(r"partial write: .*dropped=(\d+)", re.DOTALL)
_LONGEST_REASON: Final = 160


class _LinesRefused(Exception):
    """The server answered about lines of the batch; `dropped` of them, when it said how many."""

    def __init__(self, reason: str, dropped: int | None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.dropped = dropped


class InfluxStore:
    """Implements hub.telemetry.port.SampleStore."""

    def __init__(self, access: InfluxAccess) -> None:
        self.name = access.name
        self._access = access
        # a server without organisations does not look at this parameter, but the client wants it to be there
        self._client = InfluxDBClient(
            url=access.url, token=access.token, org=access.org or "-", timeout=TIMEOUT_MS, retries=False
        )
        self._api = self._client.write_api(write_options=SYNCHRONOUS)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def write(self, samples: Sequence[Sample]) -> Written:
        """One request; more only when the server refused lines of it without saying how many."""
        lines = [line(sample) for sample in samples]
        try:
            self._post(lines)
        except _LinesRefused as why:
            refused = why.dropped if why.dropped is not None else self._salvage(lines)
            if refused >= len(lines):  # every single one: something is wrong with the server, not with them
                raise self._refuses(why.reason) from why
            return Written(len(lines) - refused, refused)
        return Written(len(lines))

    def tend(self, now: int) -> None:
        """InfluxDB keeps house by its own retention policy."""

    def close(self) -> None:
        """Close the connections."""
        self._client.close()  # type: ignore[no-untyped-call]  # the library has no types here

    def _salvage(self, lines: Sequence[str]) -> int:
        """Write all that the server takes, half by half; how many it does not take."""
        if len(lines) == 1 or not (self._takes(lines[:1]) or self._takes(lines[-1:])):
            return len(lines)
        half = len(lines) // 2
        return sum(0 if self._takes(part) else self._salvage(part) for part in (lines[:half], lines[half:]))

    def _takes(self, lines: Sequence[str]) -> bool:
        try:
            self._post(lines)
        except _LinesRefused:
            return False
        return True

    def _post(self, lines: Sequence[str]) -> None:
        access = self._access
        try:
            self._api.write(access.bucket, access.org or "-", "\n".join(lines).encode(), _PRECISION)
        except ApiException as error:
            reason = f"{error.status}: {_said(error)}"
            if error.status in _OF_LINES:
                partial = _PARTIAL.search(reason)
                raise _LinesRefused(reason, int(partial[1]) if partial else None) from error
            raise self._refuses(reason) from error
        except (HTTPError, OSError, ValueError) as error:
            raise Unavailable("telemetry-unreachable", store=self.name, reason=_plain(error)) from error
        status = self._client.api_client.last_response.status
        if status != _TAKEN:
            raise self._refuses(f"{status}: this is not how InfluxDB answers")

    def _refuses(self, reason: str) -> Unavailable:
        return Unavailable("telemetry-refused", store=self.name, reason=reason[:_LONGEST_REASON])


def _said(error: ApiException) -> str:
    """The sentence in the answer: `error` (version 1) or `message` (later); of a proxy's page its status alone."""
    try:
        told = msgspec.json.decode(error.body or b"", type=dict[str, object])
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        told = {}
    found = told.get("error") or told.get("message") or error.reason or ""
    return " ".join(str(found).split())


def _plain(error: Exception) -> str:
    """urllib3 writes the connection's address in memory before the words."""
    words = " ".join(str(error).split()).rpartition(": ")[2] or type(error).__name__
    return words[:_LONGEST_REASON]
