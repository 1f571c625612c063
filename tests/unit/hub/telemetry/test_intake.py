"""Whatever comes on the topics of telemetry becomes samples or counts, and never an exception."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from hub.domain.telemetry import DAY_MS, Counts, Sample
from hub.telemetry.fleet import Fleet
from hub.telemetry.intake import MOST_PENDING, Intake
from hub.telemetry.tags import Tags

T = 1_790_000_000_000
TELEMETRY, STATUS = "v1/d/b-1/telemetry", "v1/d/b-1/status"
VILLAGE = Tags("990421101201", "button")


def intake() -> Intake:
    return Intake(Fleet(), {"b-1": VILLAGE}.get, lambda: T)  # type: ignore[arg-type]  # no other device here


def told(*payloads: bytes | dict[str, object], topic: str = TELEMETRY, retained: bool = False) -> Intake:
    taken = intake()
    for payload in payloads:
        data = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
        taken.arrived(topic, data, retained=retained)
    return taken


def test_a_message_is_one_sample_with_its_tags() -> None:
    taken = told({"at": T, "battery": 80, "signal": -70.5})
    assert taken.take() == [Sample("b-1", *VILLAGE, T, {"battery": 80.0, "signal": -70.5})]
    assert taken.take() == []
    assert taken.counts == Counts(messages=1)


def test_bad_values_are_counted_and_the_good_ones_beside_them_kept() -> None:
    taken = told(b'{"at":null,"battery":NaN,"signal":-70,"note":"fine","up":true,"a b":1}')
    assert [sample.metrics for sample in taken.take()] == [{"signal": -70.0}]
    assert taken.counts == Counts(messages=1, values_rejected=4)


def test_a_thousand_metrics_are_too_long_a_message() -> None:
    taken = told({f"m{n}": n for n in range(1_000)})
    assert (taken.take(), taken.counts) == ([], Counts(undecodable=1))


def test_a_clock_a_year_off_is_counted_and_kept_out() -> None:
    taken = told({"at": T - 365 * DAY_MS, "battery": 1}, {"at": T + 365 * DAY_MS, "battery": 1})
    assert (taken.take(), taken.counts) == ([], Counts(messages=2, clock_off=2))


def test_a_message_without_a_value_is_no_sample() -> None:
    taken = told({"at": T}, {"at": T, "battery": "full"})
    assert (taken.take(), taken.counts) == ([], Counts(messages=2, values_rejected=1))


def test_retained_telemetry_is_nobodys_word() -> None:
    taken = told({"at": T, "battery": 1}, retained=True)
    assert (taken.take(), taken.counts) == ([], Counts(retained=1))


def test_topics_that_nobody_can_have_sent_are_counted() -> None:
    taken = intake()
    for topic in ("v1/d//telemetry", "v1/z/990421101201/command", "telemetry", "v1/d/b 1/status"):
        taken.arrived(topic, b"{}", retained=False)
    assert taken.counts == Counts(undecodable=4)


def test_a_disk_that_hangs_costs_the_oldest_samples_and_no_memory_without_end() -> None:
    taken = told(*[b'{"at":null,"battery":1}'] * (MOST_PENDING + 10))
    assert (len(taken.take()), taken.counts.dropped) == (10, MOST_PENDING)


@given(payload=st.binary(max_size=1_100), topic=st.sampled_from([TELEMETRY, STATUS]), retained=st.booleans())
def test_no_bytes_disturb_it(payload: bytes, topic: str, retained: bool) -> None:
    taken = told(payload, topic=topic, retained=retained)
    taken.arrived(TELEMETRY, b'{"at":null,"battery":80}', retained=False)
    assert taken.take()[-1] == Sample("b-1", *VILLAGE, T, {"battery": 80.0})
