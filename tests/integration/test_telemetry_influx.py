"""Telemetry into a real InfluxDB that refuses, goes away and comes back: what waits, waits on disk."""

from __future__ import annotations

import re
import socketserver
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest

from hub.domain.errors import Unavailable
from hub.domain.telemetry import DAY_MS, Bucket, Sample, span
from hub.telemetry.feeder import Feeder
from hub.telemetry.influx import InfluxStore
from hub.telemetry.influx_access import InfluxAccess
from hub.telemetry.influx_reader import InfluxReader
from hub.telemetry.spool import SampleSpool
from tests.influx import RunningInflux

NOW = 1_790_000_000_000
PATIENCE_S = 30.0


def samples(first: int, count: int, **metrics: float) -> list[Sample]:
    values = metrics or {"battery": 80.0}
    return [Sample("b-1", "990421101201", "button", NOW + n, values) for n in range(first, first + count)]


def count(influx: RunningInflux) -> int:
    """How many values the engine itself says it has."""
    found = re.search(r'"values":\[\[0,(\d+)', influx.ask("SELECT count(battery) FROM telemetry"))
    return 0 if found is None else int(found[1])


def until(reached: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not reached():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)


@contextmanager
def feeding(spool: SampleSpool, influx: RunningInflux) -> Iterator[Feeder]:
    """A feeder at work until the block ends."""
    feeder = Feeder(spool, partial(InfluxStore, influx.access), influx.access.name, lambda: NOW)
    thread = threading.Thread(target=feeder.run)
    thread.start()
    try:
        yield feeder
    finally:
        feeder.end()
        thread.join(PATIENCE_S)
        assert not thread.is_alive()


def trouble(feeder: Feeder) -> Unavailable:
    """Why nothing goes in, once nothing does."""
    until(lambda: feeder.trouble is not None)
    assert feeder.trouble is not None
    return feeder.trouble


def test_cut_off_and_brought_back_nothing_is_lost(influx: RunningInflux, tmp_path: Path) -> None:
    spool = SampleSpool(tmp_path, 10_000_000)
    with feeding(spool, influx) as feeder:
        spool.append(samples(0, 1_000))
        feeder.nudge()
        until(lambda: spool.waiting == 0)

        influx.cut_off()
        for first in range(1_000, 6_000, 500):
            spool.append(samples(first, 500))
            feeder.nudge()
        away = trouble(feeder)
        assert (away.code, away.params["reason"]) == (
            "telemetry-unreachable",
            "[Errno 111] Connection refused",
        )

        influx.bring_back()
        until(lambda: spool.waiting == 0)

    assert count(influx) == 6_000
    assert (feeder.stored, feeder.refused, spool.dropped, feeder.trouble) == (6_000, 0, 0, None)


def test_beyond_the_bound_the_oldest_goes_and_every_one_is_counted(
    influx: RunningInflux, tmp_path: Path
) -> None:
    influx.cut_off()
    spool = SampleSpool(tmp_path, 100_000)
    for first in range(0, 20_000, 100):
        spool.append(samples(first, 100))
    dropped = spool.dropped
    assert 0 < dropped < 20_000

    influx.bring_back()
    with feeding(spool, influx):
        until(lambda: spool.waiting == 0)

    assert count(influx) == 20_000 - dropped
    oldest = influx.ask("SELECT first(battery) FROM telemetry")
    assert str(NOW + dropped) in oldest


@pytest.mark.parametrize(
    ("status", "said"),
    [
        ("401", "401: Unauthorized"),
        ("429", "429: Too Many Requests"),
        ("500", "500: Internal Server Error"),
        ("400", "400: Bad Request"),
    ],
)
def test_a_refusal_is_named_and_costs_nothing(
    influx: RunningInflux, tmp_path: Path, status: str, said: str
) -> None:
    influx.bring_back(refusing=status)
    spool = SampleSpool(tmp_path, 10_000_000)
    spool.append(samples(0, 300))
    with feeding(spool, influx) as feeder:
        refused = trouble(feeder)
        assert (refused.code, refused.params["reason"]) == ("telemetry-refused", said)
        assert spool.waiting == 300

        influx.bring_back()
        until(lambda: spool.waiting == 0)

    assert (count(influx), feeder.refused) == (300, 0)


def test_a_database_that_is_not_there_is_waited_for(influx: RunningInflux, tmp_path: Path) -> None:
    influx.ask("DROP DATABASE county", post=True)
    spool = SampleSpool(tmp_path, 10_000_000)
    spool.append(samples(0, 10))
    with feeding(spool, influx) as feeder:
        assert trouble(feeder).params["reason"] == '404: database not found: "county"'
        influx.ask("CREATE DATABASE county", post=True)
        until(lambda: spool.waiting == 0)

    assert count(influx) == 10


def test_a_field_of_another_type_costs_its_own_lines_alone(influx: RunningInflux, tmp_path: Path) -> None:
    influx.put(f'telemetry,device=x temperature="hot" {NOW}000000')
    spool = SampleSpool(tmp_path, 10_000_000)
    spool.append([*samples(0, 5), *samples(5, 3, temperature=20.0), *samples(8, 5)])
    with feeding(spool, influx) as feeder:
        until(lambda: spool.waiting == 0)

    assert (feeder.stored, feeder.refused) == (10, 3)
    assert count(influx) == 10


def test_the_engine_killed_in_the_middle_of_it_has_everything_in_the_end(
    influx: RunningInflux, tmp_path: Path
) -> None:
    spool = SampleSpool(tmp_path, 10_000_000)
    with feeding(spool, influx) as feeder:
        for first in range(0, 20_000, 1_000):
            spool.append(samples(first, 1_000))
            feeder.nudge()
            if first == 8_000:
                influx.kill_engine()
        influx.start_engine()
        until(lambda: spool.waiting == 0)

    assert count(influx) == 20_000


class Answers(socketserver.BaseRequestHandler):
    """Answers every request with the same bytes, whatever was asked."""

    def handle(self) -> None:
        heard = b""
        while b"\r\n\r\n" not in heard:
            heard += self.request.recv(65536)
        assert isinstance(self.server, Stranger)
        self.request.sendall(self.server.answer)


class Stranger(socketserver.ThreadingTCPServer):
    """Something that is no InfluxDB, where InfluxDB should be."""

    daemon_threads = True

    def __init__(self, answer: bytes) -> None:
        super().__init__(("127.0.0.1", 0), Answers)
        self.answer = answer


@contextmanager
def stranger(answer: bytes) -> Iterator[InfluxAccess]:
    """Where it is, while it is there."""
    with Stranger(answer) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield InfluxAccess(
                url=f"http://127.0.0.1:{server.server_address[1]}", token="t", org="o", bucket="b"
            )
        finally:
            server.shutdown()
            thread.join(PATIENCE_S)


def http(status: str, body: bytes) -> bytes:
    return b"HTTP/1.1 %b\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%b" % (
        status.encode(), len(body), body,
    )  # fmt: skip


STRANGE = {
    "a page that says all is well": http("200 OK", b"<html>please sign in</html>"),
    "somewhere else": b"HTTP/1.1 302 Found\r\nLocation: /login\r\nContent-Length: 0\r\n\r\n",
    "no HTTP": b"SSH-2.0-OpenSSH_9.2\r\n",
    "nothing": b"",
    "half an answer": b"HTTP/1.1 500 Oops\r\nContent-Length: 500\r\n\r\nxx",
    "no words": http("500 Oops", b'{"error":"\xff\xfe"}'),
    "too deep": http("500 Oops", b'{"error":' + b"[" * 100_000 + b"]" * 100_000 + b"}"),
    "no object": http("503 Busy", b"[1, 2, 3]"),
    "no rights": http("401 Unauthorized", b'{"code":"unauthorized","message":"unauthorized access"}'),
    "no bucket": http("404 Not Found", b'{"code":"not found","message":"bucket \\"b\\" not found"}'),
}


@pytest.mark.parametrize("answer", STRANGE.values(), ids=STRANGE)
async def test_whatever_stands_there_instead_nothing_counts_as_kept(answer: bytes) -> None:
    with stranger(answer) as access:
        with InfluxStore(access) as store, pytest.raises(Unavailable) as refused:
            store.write(samples(0, 3))
        assert refused.value.params["reason"]
        reader = InfluxReader(access)
        with pytest.raises(Unavailable):
            await reader.read("b-1", "battery", span(NOW - DAY_MS, NOW, NOW))
        await reader.close()


async def test_a_row_that_is_being_written_while_it_is_read_comes_with_the_next_reading() -> None:
    rows = b"[[60000,88,null,88,0],[120000,null,null,null,null],[180000,87.5,87,88,2]]"
    with stranger(http("200 OK", b'{"results":[{"series":[{"values":%b}]}]}' % rows)) as access:
        reader = InfluxReader(access)
        assert list(await reader.read("b-1", "battery", span(NOW - DAY_MS, NOW, NOW))) == [
            Bucket(180_000, 87.5, 87.0, 88.0, 2)
        ]
        await reader.close()
