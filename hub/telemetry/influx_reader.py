"""Reads InfluxDB by InfluxQL over `/query`, which versions 1.8, 2 and 3 all answer."""

from collections.abc import Iterator, Sequence
from typing import Final

import httpx
import msgspec

from hub.domain.errors import Unavailable
from hub.domain.telemetry import Bucket, Span
from hub.telemetry.influx_access import InfluxAccess
from hub.telemetry.lines import MEASUREMENT

TIMEOUT_S: Final = 5.0
_LONGEST_REASON: Final = 160


class _Series(msgspec.Struct):
    """Rows of time, mean, least, greatest and count. A row whose samples arrive in the instant of the question may lack
    some: the engine asks each function by itself."""

    values: list[tuple[int, float | None, float | None, float | None, int | None]] = []

    def whole(self) -> Iterator[Bucket]:
        """Without those rows; the next reading has them."""
        for at, mean, least, greatest, count in self.values:
            if mean is not None and least is not None and greatest is not None and count:
                yield Bucket(at, mean, least, greatest, count)


class _Result(msgspec.Struct):
    series: list[_Series] = []
    error: str = ""


class _Answer(msgspec.Struct):
    results: list[_Result] = []
    error: str = ""
    message: str = ""


_answer = msgspec.json.Decoder(_Answer)


def question(device: str, metric: str, span: Span) -> str:
    """The InfluxQL for one chart."""
    field = _name(metric)
    return (
        f"SELECT mean({field}), min({field}), max({field}), count({field}) FROM {_name(MEASUREMENT)}"  # noqa: S608
        f" WHERE {_name('device')} = {_text(device)} AND time >= {span.start}ms AND time < {span.end}ms"
        f" GROUP BY time({span.step_ms}ms) fill(none)"
    )


class InfluxReader:
    """Implements hub.telemetry.port.SeriesReader."""

    def __init__(self, access: InfluxAccess) -> None:
        self._name = access.name
        database, _, policy = access.bucket.partition("/")
        self._where = {"db": database, "epoch": "ms"} | ({"rp": policy} if policy else {})
        headers = {"Authorization": f"Token {access.token}"} if access.token else {}
        self._http = httpx.AsyncClient(base_url=access.url, headers=headers, timeout=TIMEOUT_S)

    async def read(self, device: str, metric: str, span: Span) -> Sequence[Bucket]:
        """As the port has it. Unavailable: telemetry-unreachable, telemetry-refused."""
        try:
            response = await self._http.get(
                "/query", params={**self._where, "q": question(device, metric, span)}
            )
        except httpx.HTTPError as error:
            raise Unavailable(
                "telemetry-unreachable", store=self._name, reason=str(error) or type(error).__name__
            ) from error
        return self._buckets(response)

    def _buckets(self, response: httpx.Response) -> Sequence[Bucket]:
        try:
            answer = _answer.decode(response.content)
        except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
            raise self._refuses(f"{response.status_code}: this is not how InfluxDB answers") from error
        said = [answer.error, answer.message, *(result.error for result in answer.results)]
        wrong = next(filter(None, said), "")
        if wrong or not response.is_success:
            raise self._refuses(f"{response.status_code}: {wrong}")
        return tuple(row for result in answer.results for series in result.series for row in series.whole())

    def _refuses(self, reason: str) -> Unavailable:
        return Unavailable("telemetry-refused", store=self._name, reason=reason[:_LONGEST_REASON])

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()


def _name(name: str) -> str:
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _text(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"
